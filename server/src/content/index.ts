export { convertStorage, convertToMarkdown } from './convert.ts'

/**
 * Grows whenever the same page would be converted differently, so that stored pages can be converted again from their raw source without
 * asking Atlassian.
 */
export const CONVERTER_VERSION = 2

export interface ConvertOptions {
  /** Address of the Confluence, `https://acme.atlassian.net/wiki`. */
  baseUrl: string
  /** Key of the page's space: where links to pages by title look. */
  spaceKey?: string
  /** Id of the page: its attachments are addressed by it. */
  pageId: string
  /** Title of the page: what links to its own headings may begin with. */
  title?: string
  /**
   * Finds a page that a link names by its title. Without an answer the link leads to Confluence's own search by space and title.
   * `spaceKey` is that of the link or else of this page.
   */
  resolvePage?: (ref: { title: string; spaceKey?: string }) => { url: string; title: string } | undefined
}

export interface Converted {
  /** A safe and semantic HTML fragment; links and images are absolute. */
  html: string
  /** The readable text, structure kept by line breaks, list markers and cell separators. */
  text: string
  /** The headings that have text, in order. */
  outline: Heading[]
  /** What the page consists of. */
  statistics: Statistics
  /** What was not understood or not allowed, each thing once and at most 100 of them. */
  warnings: Warning[]
}

export interface Heading {
  /** 1 to 6. */
  level: number
  /** On one line, without marks. */
  text: string
  /** The id of the element in the HTML, `cc-…`, unique in the page. */
  id: string
}

/** Counts of what readers see; what images describe and panels are is not text. */
export interface Statistics {
  /** Unicode code points but for white space. */
  characters: number
  /** What stands between white space and has a letter or a digit; of Chinese and Japanese, each character that is no punctuation. */
  words: number
  /** Links that leave the Confluence site. */
  externalLinks: number
  codeBlocks: number
  tasks: number
  /** Those of `tasks` that are done. */
  tasksDone: number
  images: number
  tables: number
}

export interface ConvertedToMarkdown {
  /** CommonMark with GitHub's tables, tasks and strikethrough; links and images are absolute. */
  markdown: string
  /** What was not understood or not allowed, each thing once and at most 100 of them. */
  warnings: Warning[]
}

/**
 * - `unknown_element`: unwrapped, its content stays
 * - `unknown_macro`: its body stays, with a placeholder around it
 * - `unsafe_url`: a link or an image lost its address
 * - `unsafe_element`: dropped with its content
 * - `depth_exceeded`: nested too deep, the text stays without its structure
 * - `size_exceeded`: too large, what is beyond the limit is missing; or blocks interrupt marks too often, which end there
 */
export type WarningCode =
  | 'unknown_element'
  | 'unknown_macro'
  | 'unsafe_url'
  | 'unsafe_element'
  | 'depth_exceeded'
  | 'size_exceeded'

export interface Warning {
  code: WarningCode
  /** The name of the element, the macro or the URL's scheme; never text of the page. */
  detail?: string
}
