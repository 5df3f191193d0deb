import { Parser } from 'htmlparser2'
import { escapeXml } from '../world/constructs.ts'
import type { Page, Site } from '../world/world.ts'

/** Formats that lists offer. */
export const bulkFormats = ['storage', 'atlas_doc_format'] as const
/** Formats that only a single read offers. */
export const singleFormats = [
  ...bulkFormats,
  'view',
  'export_view',
  'anonymous_export_view',
  'styled_view',
  'editor',
] as const
export type BodyFormat = (typeof singleFormats)[number]

/** The page whose body is rendered. */
export interface Rendered {
  site: Site
  page: Page
}

type Attributes = Record<string, string>
/** What opening an element writes, and what closing it writes. */
type Tags = readonly [open: string, close: string]
const nothing: Tags = ['', '']
const element = (name: string, attributes = ''): Tags => [`<${name}${attributes && ` ${attributes}`}>`, `</${name}>`]

const informative = (kind: string): Tags => [
  `<div class="confluence-information-macro confluence-information-macro-${kind}"><span class="aui-icon aui-icon-small confluence-information-macro-icon"> </span><div class="confluence-information-macro-body">`,
  '</div></div>',
]

/** What surrounds the body of a macro in Confluence's `view`. Other macros show their body alone. */
const macros: Record<string, Tags> = {
  info: informative('information'),
  note: informative('note'),
  tip: informative('tip'),
  warning: informative('warning'),
  panel: ['<div class="panel"><div class="panelContent">', '</div></div>'],
  code: [
    '<div class="code panel pdl"><div class="codeContent panelContent pdl"><pre class="syntaxhighlighter-pre" data-syntaxhighlighter-params="brush: java; gutter: false; theme: Confluence">',
    '</pre></div></div>',
  ],
  noformat: [
    '<div class="preformatted panel"><div class="preformattedContent panelContent"><pre>',
    '</pre></div></div>',
  ],
  expand: [
    '<div class="expand-container conf-macro output-block"><div class="expand-control"><span class="expand-control-text">Expand</span></div><div class="expand-content expand-hidden">',
    '</div></div>',
  ],
  status: element('span', 'class="status-macro aui-lozenge aui-lozenge-visual-refresh"'),
  toc: element('div', 'class="toc-macro client-side-toc-macro" data-headerelements="H1,H2,H3"'),
  details: element('div', 'class="plugin-tabmeta-details"'),
  detailssummary: element('table', 'class="aui metadata-summary-macro null"'),
}

/** Macros whose title is their text. */
const titled = new Set(['status'])
/** Elements that `view` leaves out with everything inside; captions are among them. */
const dropped = new Set([
  'ac:parameter',
  'ac:placeholder',
  'ac:caption',
  'ac:task-id',
  'ac:task-uuid',
  'ac:task-status',
  'ac:adf-attribute',
  'ac:adf-fallback',
])

const imageUrl = (attributes: Attributes, { site, page }: Rendered) =>
  attributes['ri:value'] ??
  `${site.url}/wiki/download/attachments/${page.id}/${encodeURIComponent(attributes['ri:filename'] ?? '')}?api=v2`

const renderers: Record<string, (attributes: Attributes, rendered: Rendered) => Tags> = {
  'ac:layout': () => element('div', 'class="contentLayout2"'),
  'ac:layout-section': (attributes) =>
    element('div', `class="columnLayout ${escapeXml(attributes['ac:type']?.replaceAll('_', '-') ?? '')}"`),
  'ac:layout-cell': () => ['<div class="cell normal"><div class="innerCell">', '</div></div>'],
  'ac:link': () => element('a', 'href="#"'),
  'ac:image': () => element('span', 'class="confluence-embedded-file-wrapper"'),
  'ac:emoticon': (attributes) => [
    `<img class="emoticon" alt="${escapeXml(attributes['ac:emoji-fallback'] ?? attributes['ac:name'] ?? '')}">`,
    '',
  ],
  'ac:task-list': () => element('ul', 'class="inline-task-list"'),
  'ac:task': () => element('li'),
  'ac:inline-comment-marker': (attributes) =>
    element('span', `class="inline-comment-marker" data-ref="${escapeXml(attributes['ac:ref'] ?? '')}"`),
  'ri:attachment': (attributes, rendered) => [
    `<img class="confluence-embedded-image" src="${escapeXml(imageUrl(attributes, rendered))}">`,
    '',
  ],
  'ri:url': (attributes, rendered) => [
    `<img class="confluence-embedded-image" src="${escapeXml(imageUrl(attributes, rendered))}">`,
    '',
  ],
  'ri:page': (attributes) => [escapeXml(attributes['ri:content-title'] ?? ''), ''],
  'ri:user': () => ['@someone', ''],
  table: () => ['<div class="table-wrap"><table class="confluenceTable">', '</table></div>'],
  td: (attributes) => element('td', `class="confluenceTd"${spans(attributes)}`),
  th: (attributes) => element('th', `class="confluenceTh"${spans(attributes)}`),
  br: () => ['<br>', ''],
  hr: () => ['<hr>', ''],
  col: () => ['<col>', ''],
  a: (attributes) => element('a', `href="${escapeXml(attributes.href ?? '')}"`),
  time: (attributes) => [
    `<time datetime="${escapeXml(attributes.datetime ?? '')}">${escapeXml(attributes.datetime ?? '')}`,
    '</time>',
  ],
}

const spans = (attributes: Attributes) =>
  ['colspan', 'rowspan'].map((name) => (attributes[name] ? ` ${name}="${escapeXml(attributes[name])}"` : '')).join('')

function tagsOf(name: string, attributes: Attributes, rendered: Rendered): Tags {
  if (name === 'ac:structured-macro' || name === 'ac:macro') return macros[attributes['ac:name'] ?? ''] ?? nothing
  const renderer = renderers[name]
  if (renderer) return renderer(attributes, rendered)
  return name.includes(':') ? nothing : element(name)
}

/** Storage format is XML but for HTML's named entities; those of the samples and the generated pages. */
const parserOptions = {
  xmlMode: false,
  recognizeCDATA: true,
  recognizeSelfClosing: true,
  decodeEntities: true,
  lowerCaseTags: false,
}

/**
 * A plausible `view`: Confluence's own classes, links and images, without the captions and the table of contents, which the
 * real one leaves out as well.
 */
function renderView(storage: string, rendered: Rendered): string {
  const out: string[] = []
  const open: { name: string; close: string; drops: boolean; title: boolean }[] = []
  let dropping = 0
  let macro = ''
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === 'ac:structured-macro') macro = attributes['ac:name'] ?? ''
        const title = name === 'ac:parameter' && attributes['ac:name'] === 'title' && titled.has(macro)
        const drops = dropped.has(name) && !title
        if (drops) dropping += 1
        const [before, close] = dropping ? nothing : tagsOf(name, attributes, rendered)
        out.push(before)
        open.push({ name, close, drops, title })
      },
      ontext(text) {
        if (!dropping) out.push(escapeXml(text))
      },
      onclosetag() {
        const closed = open.pop()
        if (closed?.drops) dropping -= 1
        out.push(closed?.close ?? '')
      },
    },
    parserOptions,
  )
  parser.end(storage)
  return out.join('')
}

const blocks = /^(p|h[1-6]|li|td|th|pre|blockquote|ac:plain-text-body|ac:task-body|ac:caption)$/

/** An Atlassian document with the page's text, block by block: enough for apps that read text, not the editor's own form. */
function renderDocument(storage: string): string {
  const content: unknown[] = []
  let text = ''
  let block = 'p'
  let dropping = 0
  const flush = () => {
    const trimmed = text.trim()
    text = ''
    if (!trimmed) return
    const inline = [{ type: 'text', text: trimmed }]
    content.push(
      /^h[1-6]$/.test(block)
        ? { type: 'heading', attrs: { level: Number(block[1]) }, content: inline }
        : { type: 'paragraph', content: inline },
    )
  }
  const parser = new Parser(
    {
      onopentag(name) {
        if (dropped.has(name)) dropping += 1
        if (!blocks.test(name)) return
        flush()
        block = name
      },
      ontext(data) {
        if (!dropping) text += data
      },
      onclosetag(name) {
        if (dropped.has(name)) dropping -= 1
        if (blocks.test(name)) flush()
      },
    },
    parserOptions,
  )
  parser.end(storage)
  flush()
  return JSON.stringify({ type: 'doc', content, version: 1 })
}

const converters: Record<BodyFormat, (storage: string, rendered: Rendered) => string> = {
  storage: (storage) => storage,
  editor: (storage) => storage,
  atlas_doc_format: renderDocument,
  view: renderView,
  export_view: renderView,
  anonymous_export_view: renderView,
  styled_view: renderView,
}

/** A page body in one of Confluence's formats. */
export const renderBody = (format: BodyFormat, storage: string, rendered: Rendered): string =>
  converters[format](storage, rendered)
