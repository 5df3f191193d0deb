import { panelLabel } from './labels.ts'
import type { Kind, MarkTag, Node, NodeOf } from './nodes.ts'
import type { TextRenderer } from './text.ts'

export type Step<N extends Node> = (text: TextRenderer, node: N) => void

const gap = (text: TextRenderer) => text.gap()

/** What begins with each kind of node; kinds without a row change nothing but their text. */
export const ENTER: { [K in Kind]?: Step<NodeOf<K>> } = {
  paragraph: gap,
  heading: gap,
  list: (text, { ordered, start }) => text.enterList(ordered, start ?? 1),
  item: (text) => text.enterItem(undefined),
  tasks: (text) => text.enterList(false, 1),
  task: (text, { done }) => text.enterItem(done ? '[x] ' : '[ ] '),
  table: (text) => text.enterTable(),
  row: (text) => text.enterRow(),
  cell: (text) => text.enterCell(),
  quote: (text) => text.enterQuote(),
  code: (text, { title }) => text.enterCode(title),
  panel: (text, panel) => {
    const label = panelLabel(panel)
    text.title(label && !panel.title ? `${label}:` : label)
  },
  expand: (text, { title }) => text.title(title),
  figure: gap,
  caption: (text) => text.line(),
  section: gap,
  column: gap,
  macro: gap,
  link: (text) => text.enterLink(),
  mark: (text, { tag }) => {
    if (isScript(tag)) text.enterScript()
  },
}

export const LEAVE: { [K in Kind]?: Step<NodeOf<K>> } = {
  paragraph: gap,
  heading: gap,
  list: (text) => text.leaveList(),
  item: (text) => text.leaveItem(),
  tasks: (text) => text.leaveList(),
  task: (text) => text.leaveItem(),
  table: (text) => text.leaveTable(),
  row: (text) => text.leaveRow(),
  cell: (text, node) => text.leaveCell(node),
  quote: (text) => text.leaveQuote(),
  code: (text) => text.leaveCode(),
  panel: gap,
  expand: gap,
  figure: gap,
  caption: (text) => text.line(),
  section: gap,
  column: gap,
  macro: gap,
  link: (text, node) => text.leaveLink(node),
  mark: (text, { tag }) => {
    if (isScript(tag)) text.leaveScript(tag)
  },
}

function isScript(tag: MarkTag): tag is 'sub' | 'sup' {
  return tag === 'sub' || tag === 'sup'
}
