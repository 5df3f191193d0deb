export { convertStorage, convertToMarkdown } from './convert.ts'
export { documentToStorage } from './document/write.ts'

/**
 * Grows whenever the same page would be converted differently, so that stored pages can be converted again from their raw source without
 * asking Atlassian.
 */
export const CONVERTER_VERSION = 4

export interface ConvertOptions {
  /** Address of the Confluence, `https://acme.atlassian.net/wiki`. */
  baseUrl: string
  /** Key of the page's space: where links to pages by title look. */
  spaceKey?: string
  /** Id of the page: its attachments are addressed by it. */
  pageId: string
  /** Title of the page: what links to its own headings may begin with. */
  title?: string
  /** Finds a page that a link names. Without an answer the link leads to where Confluence looks for space and title itself. */
  resolvePage?: (reference: PageReference) => ResolvedPage | undefined
  /**
   * Finds the content that an include or excerpt-include macro shows of another page. Without an answer, or where limits forbid it (see
   * {@link WarningCode}), a link to the page stands for its content.
   */
  includePage?: (reference: PageReference) => IncludedPage | undefined
}

/** How storage format names a page. */
export interface PageReference {
  title: string
  /** Of the reference or else of the page that it stands in. */
  spaceKey?: string
}

export interface ResolvedPage {
  /** What stands for the page where a link has no text of its own. */
  title: string
  /** Absolute, or relative to `baseUrl`; by default an address by `id`. */
  url?: string
  /** Id of the page in Confluence: its attachments are addressed by it. */
  id?: string
}

export interface IncludedPage {
  /** Id of the page in Confluence: its attachments are addressed by it, and a page within itself is known by it. */
  id: string
  title: string
  /** Key of its space; by default that of the page around it. */
  spaceKey?: string
  /** Its content in storage format. */
  storage: string
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
 * - `include_missing`: `includePage` found no such page, or there is nothing to show in it; as with the next three, a link stands for it
 * - `include_loop`: a page is within itself
 * - `include_too_deep`: pages include each other more than 5 deep
 * - `include_too_large`: included pages have more than 2,000,000 characters of source together
 * - `size_exceeded`: too large, what is beyond the limit is missing; or blocks interrupt marks too often, which end there
 */
export type WarningCode =
  | 'unknown_element'
  | 'unknown_macro'
  | 'unsafe_url'
  | 'unsafe_element'
  | 'depth_exceeded'
  | 'size_exceeded'
  | 'include_missing'
  | 'include_loop'
  | 'include_too_deep'
  | 'include_too_large'

export interface Warning {
  code: WarningCode
  /** The name of the element, the macro or the URL's scheme; never text of the page. */
  detail?: string
}
