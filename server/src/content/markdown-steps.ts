import { panelLabel } from './labels.ts'
import type { MarkdownRenderer } from './markdown.ts'
import type { SpanTag } from './markdown-line.ts'
import type { Kind, MarkTag, Node, NodeOf } from './nodes.ts'

export type Step<N extends Node> = (markdown: MarkdownRenderer, node: N) => void

/** The marks that Markdown has, or that its renderers know as HTML; the text of others stands alone. */
const SPANS: Partial<Record<MarkTag, SpanTag>> = {
  strong: 'strong',
  em: 'em',
  s: 's',
  code: 'code',
  sub: 'sub',
  sup: 'sup',
}

const endLine = (markdown: MarkdownRenderer) => markdown.endLine()

/** What begins with each kind of node; kinds without a row change nothing but their text. */
export const ENTER: { [K in Kind]?: Step<NodeOf<K>> } = {
  paragraph: endLine,
  heading: (markdown) => markdown.enterHeading(),
  list: (markdown, { ordered, start }) => markdown.enterList(ordered, start ?? 1),
  item: (markdown) => markdown.enterItem(''),
  tasks: (markdown) => markdown.enterList(false, 1),
  task: (markdown, { done }) => markdown.enterItem(done ? '[x] ' : '[ ] '),
  table: (markdown) => markdown.enterTable(),
  row: (markdown) => markdown.enterRow(),
  cell: (markdown) => markdown.enterCell(),
  quote: (markdown) => markdown.enterQuote(),
  code: (markdown, { title }) => markdown.enterCode(title),
  panel: (markdown, panel) => {
    markdown.enterQuote()
    markdown.title(panelLabel(panel))
  },
  expand: (markdown, { title }) => markdown.title(title || 'Details'),
  figure: endLine,
  caption: (markdown) => {
    markdown.endLine()
    markdown.enterSpan('em')
  },
  section: endLine,
  column: endLine,
  macro: endLine,
  link: (markdown, node) => markdown.enterLink(node),
  mark: (markdown, { tag }) => {
    const span = SPANS[tag]
    if (span) markdown.enterSpan(span)
  },
}

export const LEAVE: { [K in Kind]?: Step<NodeOf<K>> } = {
  paragraph: endLine,
  heading: (markdown, { level }) => markdown.leaveHeading(level),
  list: (markdown) => markdown.leaveList(),
  item: (markdown) => markdown.leaveItem(),
  tasks: (markdown) => markdown.leaveList(),
  task: (markdown) => markdown.leaveItem(),
  table: (markdown) => markdown.leaveTable(),
  row: (markdown) => markdown.leaveRow(),
  cell: (markdown, node) => markdown.leaveCell(node),
  quote: (markdown) => markdown.leaveQuote(),
  code: (markdown, { language }) => markdown.leaveCode(language),
  panel: (markdown) => markdown.leaveQuote(),
  expand: endLine,
  figure: endLine,
  caption: (markdown) => {
    markdown.leaveSpan()
    markdown.endLine()
  },
  section: endLine,
  column: endLine,
  macro: endLine,
  link: (markdown) => markdown.leaveSpan(),
  mark: (markdown, { tag }) => {
    if (SPANS[tag]) markdown.leaveSpan()
  },
}

/** Tables of contents are left out, as in text: the headings are there. */
export const LEAF: { [K in Kind]?: Step<NodeOf<K>> } = {
  image: (markdown, image) => markdown.image(image),
  break: (markdown) => markdown.break(),
  rule: (markdown) => markdown.rule(),
  contents: endLine,
}
