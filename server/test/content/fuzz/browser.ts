import { type DefaultTreeAdapterTypes, parseFragment, serialize } from 'parse5'
import sanitizeHtml from 'sanitize-html'
import { ALLOWED } from '../html.ts'

/** A fragment as a browser understands it, written out again. */
export const reparsed = (html: string): string => serialize(parseFragment(html))

/** A fragment of ours in the way that parse5 writes: attributes without a value, no-break spaces and line ends are the only differences. */
export const asWritten = (html: string): string =>
  html
    .replace(/\r\n?/g, '\n')
    .replaceAll('\u00a0', '&nbsp;')
    .replace(/<\w[^>]*>/g, (tag) => tag.replace(/ (data-tasks|data-column|disabled|checked)(?=[ >])/g, ' $1=""'))

/** What a sanitizer with our policy leaves of a fragment, as a browser understands it, styles without spaces. */
export const sanitized = (html: string): string =>
  reparsed(
    sanitizeHtml(html, {
      allowedTags: Object.keys(ALLOWED),
      allowedAttributes: Object.fromEntries(
        Object.entries(ALLOWED).map(([name, attributes]) => [name, [...attributes]]),
      ),
      allowedSchemes: ['http', 'https', 'mailto', 'tel'],
      allowedSchemesByTag: { img: ['http', 'https'] },
      allowProtocolRelative: false,
      allowedStyles: { p: { 'text-align': [/^(?:center|right|justify)$/] } },
    }),
  )

type Node = DefaultTreeAdapterTypes.ChildNode

const children = (node: Node): Node[] => ('childNodes' in node ? node.childNodes : [])

/** The text of a fragment that stands in text as well: without tables of contents and the summaries that we make up. */
export function readableText(html: string): string {
  const read = (node: Node): string => {
    if (node.nodeName === '#text' && 'value' in node) return node.value
    const isContents = node.nodeName === 'nav'
    return isContents ? '' : children(node).map(read).join('')
  }
  return parseFragment(html.replaceAll('<summary>Details</summary>', '')).childNodes.map(read).join('')
}
