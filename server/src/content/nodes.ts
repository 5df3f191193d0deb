import type { Traits } from './traits.ts'

/** The kinds of panel that Confluence knows, by the name that storage format gives them. */
export type PanelType = 'info' | 'note' | 'tip' | 'warning' | 'panel'

/** What a mark makes of its text: the HTML element that means the same. */
export type MarkTag = 'strong' | 'em' | 'u' | 's' | 'sub' | 'sup' | 'code' | 'small' | 'mark'

/** Paragraph alignment other than the default. */
export type Align = 'center' | 'right' | 'justify'

/**
 * The meaning of a page, free of storage format and of any output format: rules turn elements and macros into these nodes, renderers
 * turn them into HTML, text or whatever comes next.
 */
export type Node =
  | { kind: 'paragraph'; align?: Align | undefined }
  | { kind: 'heading'; level: number }
  | { kind: 'list'; ordered: boolean; start?: number | undefined }
  | { kind: 'item' }
  | { kind: 'tasks' }
  | { kind: 'task'; done: boolean }
  | { kind: 'table' }
  | { kind: 'row' }
  | { kind: 'cell'; header: boolean; colspan: number; rowspan: number }
  | { kind: 'quote' }
  | { kind: 'code'; language?: string | undefined; title?: string | undefined }
  | { kind: 'panel'; type: PanelType; title?: string | undefined }
  | { kind: 'expand'; title?: string | undefined }
  | { kind: 'figure' }
  | { kind: 'caption' }
  | { kind: 'section'; layout?: string | undefined }
  | { kind: 'column' }
  /** A macro whose own rendering is not known; its body, if any, is inside. */
  | { kind: 'macro'; name: string }
  /** A macro with nothing to show here: its content lives on the server. */
  | { kind: 'placeholder'; name: string }
  /** `href` is absolute and safe, or a fragment of this page. `external` says that it leaves the Confluence site. */
  | { kind: 'link'; href: string; external: boolean; mention?: string | undefined }
  | { kind: 'mark'; tag: MarkTag }
  | { kind: 'status'; colour: string }
  /** `iso` is a calendar date, `2025-06-15`. */
  | { kind: 'date'; iso: string }
  | Image
  | { kind: 'break' }
  | { kind: 'rule' }
  /** A table of contents of the headings from `min` to `max`: those that match the pattern `include`, without those that match `exclude`. */
  | { kind: 'contents'; min: number; max: number; include?: string | undefined; exclude?: string | undefined }
  /** A place in the page that links may lead to. */
  | { kind: 'anchor'; name: string }

/** `src` is absolute and safe, or unset where the source is unknown. `width` and `height` are CSS pixels. */
export interface Image {
  kind: 'image'
  src?: string | undefined
  alt: string
  /** Whether `alt` says something to a reader; Confluence fills it with the file name otherwise. */
  described: boolean
  width?: number | undefined
  height?: number | undefined
}

export type Kind = Node['kind']
export type NodeOf<K extends Kind> = Extract<Node, { kind: K }>

/**
 * How a node sits among others. `block`: on lines of its own. `paragraph`: a block that holds no blocks, so one inside splits it in two.
 * `inline`: part of a line. `invisible`: in a line, but nothing to read.
 */
export type Display = 'block' | 'paragraph' | 'inline' | 'invisible'

export const DISPLAY: Record<Kind, Display> = {
  paragraph: 'paragraph',
  heading: 'block',
  list: 'block',
  item: 'block',
  tasks: 'block',
  task: 'block',
  table: 'block',
  row: 'block',
  cell: 'block',
  quote: 'block',
  code: 'block',
  panel: 'block',
  expand: 'block',
  figure: 'block',
  caption: 'block',
  section: 'block',
  column: 'block',
  macro: 'block',
  contents: 'block',
  rule: 'block',
  placeholder: 'invisible',
  anchor: 'invisible',
  link: 'inline',
  mark: 'inline',
  status: 'inline',
  date: 'inline',
  image: 'inline',
  break: 'inline',
}

/**
 * Writes one output format, or tells about what it is given. It gets a well-formed stream: every `open` has its `close`, leaves have neither, tables hold rows, rows
 * cells, lists items (or lists), no paragraph holds a block, no link a link. Text is free of the white space that HTML does not show,
 * but for the text inside of `code` nodes, which is verbatim.
 */
export interface Renderer<Output = string> {
  /** @param traits those of the node's kind */
  open(node: Node, traits: Traits): void
  close(node: Node, traits: Traits): void
  leaf(node: Node): void
  /** @param plain the text holds no `&`, `<`, `>`, line break or no-break space, nor white space to collapse: most need not look for more */
  text(value: string, plain: boolean): void
  /** The whole output; called once, at the end. */
  finish(): Output
}
