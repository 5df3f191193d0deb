import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { wordsOf } from './html.ts'

type ParsedNode = DefaultTreeAdapterTypes.ChildNode

/** What a reader finds in an HTML fragment, in order, however it is marked up. */
export interface Contents {
  words: string[]
  /** `h2 text` */
  headings: string[]
  /** Each list item, by the lists that it stands in: `ol ul`. */
  items: string[]
  /** Each row of a table, with its cells and what they span: `th td*2`. */
  rows: string[]
  /** The text of each link and, where it leaves the site, its address. */
  links: string[]
  /** The file of each picture. */
  images: string[]
  /** Preformatted text, as it is. */
  code: string[]
}

/** Elements that stand in a line: around them, words go on. */
const INLINE = new Set('a b code del em i img input mark s small span strong sub sup time u'.split(' '))
/** Not for readers; and tables of contents, which Confluence’s view leaves to scripts. */
const UNREAD = new Set(['script', 'style', 'nav'])

/**
 * @param drop elements to leave out, with what is in them
 */
export function contentsOf(html: string, drop: readonly string[] = []): Contents {
  const contents: Contents = { words: [], headings: [], items: [], rows: [], links: [], images: [], code: [] }
  const visit = (node: ParsedNode, lists: string): string => {
    if (node.nodeName === '#text') return 'value' in node ? node.value : ''
    if (!('tagName' in node)) return ''
    const name = node.tagName
    if (UNREAD.has(name) || drop.includes(name)) return ''
    if (name === 'img') return image(node)
    if (name === 'li') contents.items.push(lists)
    if (name === 'tr')
      contents.rows.push(
        node.childNodes
          .map(cell)
          .filter((shape) => shape !== '')
          .join(' '),
      )
    const within = name === 'ul' || name === 'ol' ? `${lists} ${name}`.trim() : lists
    const text = node.childNodes.map((child) => visit(child, within)).join('')
    if (/^h[1-6]$/.test(name)) contents.headings.push(`${name} ${wordsOf(text).join(' ')}`)
    if (name === 'a') contents.links.push(wordsOf(`${text} ${outside(attribute(node, 'href') ?? '')}`).join(' '))
    if (name === 'pre') contents.code.push(text.trim())
    return INLINE.has(name) ? text : ` ${text} `
  }
  const image = (node: DefaultTreeAdapterTypes.Element): string => {
    const emoji = attribute(node, 'data-emoji-fallback')
    if (emoji === undefined) contents.images.push(fileOf(attribute(node, 'src') ?? ''))
    return emoji ?? ''
  }
  contents.words = wordsOf(
    parseFragment(html)
      .childNodes.map((node) => visit(node, ''))
      .join(''),
  )
  return contents
}

const SITE = /^(?:[/#]|https:\/\/querypie\.atlassian\.net\/)/

function outside(address: string): string {
  return SITE.test(address) ? '' : address
}

/** The file that an address ends with. */
function fileOf(address: string): string {
  return decodeURIComponent(/[^/?]*(?=\?|$)/.exec(address)?.[0] ?? '')
}

function cell(node: ParsedNode): string {
  if (!('tagName' in node) || !/^t[dh]$/.test(node.tagName)) return ''
  const span = (name: string) => attribute(node, name) ?? '1'
  return `${node.tagName} ${span('colspan')}×${span('rowspan')}`
}

function attribute(node: DefaultTreeAdapterTypes.Element, name: string): string | undefined {
  return node.attrs.find((each) => each.name === name)?.value
}
