import { Parser } from 'htmlparser2'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { wordsOf } from './html.ts'

/** What a renderer of GitHub's flavour makes of Markdown. */
export function renderMarkdown(markdown: string): string {
  return micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  })
}

/** Elements that stand in a line. Images are read as nothing: where there is no address, Markdown has none. */
const INLINE = new Set('a code del em img input mark s small span strong sub sup time u'.split(' '))
/** Where blocks stand on one line in Markdown, and so the markers of lists and the separators of tables are text. */
const FLAT = new Set('td th h1 h2 h3 h4 h5 h6'.split(' '))
const MARKER = /^(?:-|\||\d+[.)]|\[|\[?x?\])$/
/** What panels are, said by an attribute in HTML. */
export const LABELS: ReadonlySet<string> = new Set(
  ['Info', 'Note', 'Tip', 'Warning'].flatMap((kind) => [kind, `${kind}:`]),
)

/** The words that a browser shows of our HTML or of rendered Markdown, in order, without what only one of them shows. */
export function comparableWords(html: string): string[] {
  const words: string[] = []
  let text = ''
  let flat = 0
  let contents = 0
  const flush = () => {
    for (const word of wordsOf(text)) {
      if (!LABELS.has(word) && !(flat > 0 && MARKER.test(word))) words.push(word)
    }
    text = ''
  }
  const parser = new Parser({
    onopentag(name) {
      if (!INLINE.has(name)) flush()
      if (FLAT.has(name)) flat++
      if (name === 'nav') contents++
    },
    onclosetag(name) {
      if (!INLINE.has(name)) flush()
      if (FLAT.has(name)) flat--
      if (name === 'nav') contents--
    },
    ontext(data) {
      if (contents === 0) text += data
    },
  })
  parser.end(html)
  flush()
  return words
}

/** What a page is made of, apart from its words. */
export interface Outline {
  headings: string[]
  /** Each list item with its depth and its kind of list. */
  items: string[]
  /** The cells of each row, but for empty ones. */
  rows: string[][]
  code: string[]
  links: string[]
  images: string[]
  /** The words in bold, in italics and struck. */
  strong: string[]
  em: string[]
  s: string[]
}

interface Collector {
  text: string
  done(text: string): void
}

/** What Markdown marks, by the element that it is in; captions are told apart from titles of code below. */
const MARKS: Record<string, 'strong' | 'em' | 's'> = {
  strong: 'strong',
  em: 'em',
  s: 's',
  del: 's',
  summary: 'strong',
  figcaption: 'em',
}

/** Lists what an HTML fragment consists of, ours or that of rendered Markdown. */
export function outlineOf(html: string): Outline {
  const outline: Outline = {
    headings: [],
    items: [],
    rows: [],
    code: [],
    links: [],
    images: [],
    strong: [],
    em: [],
    s: [],
  }
  const collectors: (Collector | undefined)[] = []
  const lists: string[] = []
  let flat = 0
  let previous = ''
  const collect = (name: string, { href = '' }: Record<string, string>): Collector['done'] | undefined => {
    const mark = previous === 'figure' ? 'strong' : Object.hasOwn(MARKS, name) ? MARKS[name] : undefined
    if (mark && name !== 'img')
      return (text) => outline[mark].push(...wordsOf(text).filter((word) => !LABELS.has(word)))
    if (name === 'a') return (text) => says(text, href) || outline.links.push(`${normal(text)} ${decodeURI(href)}`)
    if (name === 'pre')
      return flat === 0 ? (text) => outline.code.push(text.replace(/^(?:\s*\n)+|\s+$|\r/g, '')) : undefined
    if (/^h\d$/.test(name)) return (text) => outline.headings.push(`${name} ${normal(text)}`)
    if (name === 'td' || name === 'th') {
      return flat === 1 ? (text) => outline.rows.at(-1)?.push(normal(text, MARKER)) : undefined
    }
    return undefined
  }
  const parser = new Parser({
    onopentag(name, attributes) {
      if (!INLINE.has(name)) for (const collector of collectors) if (collector) collector.text += ' '
      if (FLAT.has(name)) flat++
      if (name === 'ul' || name === 'ol') lists.push(name)
      if (name === 'li' && flat === 0) outline.items.push(`${lists.length} ${lists.at(-1)}`)
      if (name === 'tr' && flat === 0) outline.rows.push([])
      if (name === 'img') outline.images.push(imageOf(attributes))
      const done = collect(name, attributes)
      previous = name
      collectors.push(done && { text: '', done })
    },
    onclosetag(name) {
      if (FLAT.has(name)) flat--
      if (name === 'ul' || name === 'ol') lists.pop()
      const collector = collectors.pop()
      collector?.done(collector.text)
      if (!INLINE.has(name)) for (const outer of collectors) if (outer) outer.text += ' '
    },
    ontext(data) {
      for (const collector of collectors) if (collector) collector.text += data
    },
  })
  parser.end(html.replace(/<nav .*?<\/nav>/g, ''))
  outline.rows = outline.rows.map((row) => row.filter((cell) => cell !== '')).filter((row) => row.length > 0)
  return outline
}

function imageOf({ alt = '', src = '' }: Record<string, string>): string {
  return `${normal(alt)} ${src}`
}

function normal(text: string, without?: RegExp): string {
  return wordsOf(text)
    .filter((word) => !without?.test(word))
    .join(' ')
}

/** Renderers make links of bare addresses; ours to places within the page are none in Markdown. */
function says(text: string, href: string): boolean {
  return (
    href.startsWith('#') || [text, `${text}/`].some((said) => [said, `mailto:${said}`, `http://${said}`].includes(href))
  )
}

const OWN: Record<string, readonly string[]> = {
  a: ['href'],
  code: ['class'],
  img: ['src', 'alt'],
  input: ['type', 'disabled', 'checked'],
  ol: ['start'],
}
const PLAIN = new Set(
  'blockquote br del em h1 h2 h3 h4 h5 h6 hr li p pre strong sub sup table tbody td th thead tr ul'.split(' '),
)

/** The elements and attributes in rendered Markdown that we never write, so that they came through from the source. */
export function foreignMarkup(rendered: string): string[] {
  const foreign: string[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined
      if (!own && !PLAIN.has(name)) foreign.push(name)
      for (const key of Object.keys(attributes)) if (!own?.includes(key)) foreign.push(`${name} ${key}`)
    },
    oncomment: () => foreign.push('comment'),
    onprocessinginstruction: () => foreign.push('declaration'),
  })
  parser.end(rendered)
  return foreign
}
