import { attribute, escapeText } from '../markup.ts'
import { cdata, element } from './elements.ts'
import { decorate } from './marks.ts'
import { type DocumentNode, fields, nodeOf, number, plainText, string } from './nodes.ts'

/**
 * Writes a page in storage format that is given in Atlassian's document format, which the new editor works in: the second form in which
 * Confluence hands out a page, where it fails to make the first. Takes any value; what is not known is unwrapped.
 *
 * @see https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export function documentToStorage(document: unknown): string {
  const root = nodeOf(document)
  return root ? write(root, 0) : ''
}

/** Deeper, only the words of nodes are kept. */
const DEPTH_LIMIT = 200

function write(node: DocumentNode, depth: number): string {
  if (depth === DEPTH_LIMIT) return escapeText(plainText(node))
  const inner = (nodes = node.content) => nodes.map((child) => write(child, depth + 1)).join('')
  const written = NODES.get(node.type)?.(node, inner) ?? inner()
  return decorate(written, node.marks)
}

/** @param inner writes what is in the node, or some nodes of that */
type Rule = (node: DocumentNode, inner: (nodes?: readonly DocumentNode[]) => string) => string

const wrap =
  (name: string, attributes: (node: DocumentNode) => string = () => ''): Rule =>
  (node, inner) =>
    element(name, attributes(node), inner())

/** A macro of Confluence's own or of an app that speaks as those do. */
function macro(name: string, parameters: Record<string, string | undefined>, body = ''): string {
  const given = Object.entries(parameters).map(([key, value]) =>
    value === undefined ? '' : element('ac:parameter', attribute('ac:name', key), escapeText(value)),
  )
  return element('ac:structured-macro', attribute('ac:name', name), given.join('') + body)
}

const rich = (content: string) => element('ac:rich-text-body', '', content)
const plain = (text: string) => element('ac:plain-text-body', '', cdata(text))

/** What storage format itself takes from the document format. */
function extension(type: string, attributes: Record<string, string>, content?: string): string {
  const given = Object.entries(attributes).map(([key, value]) =>
    element('ac:adf-attribute', attribute('key', key), escapeText(value)),
  )
  const body = content === undefined ? '' : element('ac:adf-content', '', content)
  return element('ac:adf-extension', '', element('ac:adf-node', attribute('type', type), given.join('') + body))
}

const cellSpans = ({ attrs }: DocumentNode) =>
  ['colspan', 'rowspan'].map((name) => attribute(name, number(attrs[name]))).join('')

const expand: Rule = ({ attrs }, inner) => macro('expand', { title: string(attrs.title) }, rich(inner()))

const task: Rule = ({ attrs }, inner) =>
  element(
    'ac:task',
    '',
    element('ac:task-status', '', attrs.state === 'DONE' ? 'complete' : 'incomplete') +
      element('ac:task-body', '', inner()),
  )

/** A file has an id of the editor's store here, and the name under which it is attached only as its description. */
function image({ attrs }: DocumentNode, caption = ''): string {
  const url = attrs.type === 'external' ? string(attrs.url) : undefined
  const alt = string(attrs.alt) ?? ''
  const filename = string(attrs.__fileName) ?? (/^[^/\\]+\.\w{2,5}$/.test(alt) ? alt : undefined)
  if (url === undefined && filename === undefined) return alt && element('p', '', escapeText(alt)) + caption
  const source =
    url === undefined
      ? element('ri:attachment', attribute('ri:filename', filename ?? ''))
      : element('ri:url', attribute('ri:value', url))
  return element('ac:image', alt && attribute('ac:alt', alt), source + caption)
}

/** A file or an image in a line of text. */
const inlineMedia: Rule = (node) =>
  node.attrs.type === 'image' ? image(node) : escapeText(string(node.attrs.alt) ?? string(node.attrs.__fileName) ?? '')

const single: Rule = ({ content }, inner) => {
  const [media, caption] = content
  if (media?.type !== 'media') return inner()
  const words = caption && element('ac:caption', '', inner([caption]))
  return decorate(image(media, words), media.marks)
}

const card: Rule = ({ attrs }) => {
  const data = fields(attrs.data)
  const url = string(attrs.url) ?? string(data.url) ?? string(data['@id'])
  return url === undefined ? '' : element('a', attribute('href', url), escapeText(string(data.name) ?? url))
}

const ownLine =
  (rule: Rule): Rule =>
  (node, inner) =>
    element('p', '', rule(node, inner))

const mention: Rule = ({ attrs, text }) => {
  const name = string(attrs.text) ?? text
  const user = element('ri:user', attribute('ri:account-id', string(attrs.id) ?? ''))
  return element('ac:link', '', user + (name && element('ac:link-body', '', escapeText(name))))
}

const emoji: Rule = ({ attrs }) =>
  element(
    'ac:emoticon',
    attribute('ac:emoji-shortname', string(attrs.shortName) ?? '') +
      attribute('ac:emoji-id', string(attrs.id) ?? '') +
      attribute('ac:emoji-fallback', string(attrs.text) ?? ''),
  )

const date: Rule = ({ attrs }) => {
  const at = new Date(number(attrs.timestamp) ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? '' : element('time', attribute('datetime', at.toISOString().slice(0, 10)))
}

/** Macros stand in the document under their own names, with their parameters and, where it is plain text, their body. */
const app: Rule = ({ attrs, content }, inner) => {
  const key = string(attrs.extensionKey) ?? ''
  const body = content.length > 0 ? inner() : undefined
  if (!string(attrs.extensionType)?.startsWith('com.atlassian.confluence.macro'))
    return extension(body === undefined ? 'extension' : 'bodied-extension', { 'extension-key': key }, body)
  const { __bodyContent: text, ...parameters } = Object.fromEntries(
    Object.entries(fields(fields(attrs.parameters).macroParams)).map(([name, parameter]) => [
      name,
      string(fields(parameter).value),
    ]),
  )
  return macro(key, parameters, body !== undefined ? rich(body) : text === undefined ? '' : plain(text))
}

/** One row per node type; the content of the others stands alone. */
const NODES = new Map<string, Rule>(
  Object.entries({
    text: ({ text }) => escapeText(text),
    hardBreak: () => '<br/>',
    paragraph: wrap('p'),
    heading: (node, inner) =>
      element(`h${Math.round(Math.min(Math.max(number(node.attrs.level) ?? 1, 1), 6))}`, '', inner()),
    blockquote: wrap('blockquote'),
    rule: () => '<hr/>',
    bulletList: wrap('ul'),
    orderedList: wrap('ol', ({ attrs }) => attribute('start', number(attrs.order))),
    listItem: wrap('li'),
    codeBlock: (node) => macro('code', { language: string(node.attrs.language) }, plain(plainText(node))),
    panel: ({ attrs }, inner) => extension('panel', { 'panel-type': string(attrs.panelType) ?? '' }, inner()),
    expand,
    nestedExpand: expand,
    table: (_, inner) => element('table', '', element('tbody', '', inner())),
    tableRow: wrap('tr'),
    tableHeader: wrap('th', cellSpans),
    tableCell: wrap('td', cellSpans),
    taskList: wrap('ac:task-list'),
    taskItem: task,
    blockTaskItem: task,
    decisionList: (_, inner) => extension('decision-list', {}, inner()),
    decisionItem: (_, inner) => extension('decision-item', {}, inner()),
    layoutSection: (_, inner) => element('ac:layout', '', element('ac:layout-section', '', inner())),
    layoutColumn: wrap('ac:layout-cell'),
    mediaSingle: single,
    media: (node) => image(node),
    mediaInline: inlineMedia,
    caption: wrap('p'),
    inlineCard: card,
    blockCard: ownLine(card),
    embedCard: ownLine(card),
    mention,
    emoji,
    date,
    status: ({ attrs }) => macro('status', { title: string(attrs.text), colour: string(attrs.color) }),
    placeholder: () => '',
    extension: app,
    inlineExtension: app,
    bodiedExtension: app,
  } satisfies Record<string, Rule>),
)
