import { convertToMarkdown } from '../content/index.ts'
import type { PageRow } from '../db/schema.ts'
import { type Content, type Convert, converted } from './converted.ts'
import { Finder, type Found, type Reference } from './finder.ts'

// What crosses over between threads: plain data.

/** A page to convert. */
export interface PageSource {
  storage: string
  baseUrl: string
  pageId: string
  title?: string
  spaceKey?: string
  /** Pages that it names, as far as they were looked up. */
  found?: Found
}

/** What it takes to convert a page, from what is stored of it. */
export const sourceOf = (
  page: Pick<PageRow, 'storage' | 'page_id' | 'title' | 'space_key'>,
  baseUrl: string,
): PageSource => ({
  storage: page.storage ?? '',
  baseUrl,
  pageId: page.page_id,
  ...(page.title !== null && { title: page.title }),
  ...(page.space_key !== null && { spaceKey: page.space_key }),
})

/** What was made of it, and the pages that it names. */
export type Made<Result> = Result & { references: Reference[] }

/** Converts a page for the database. */
export function convertPage({ storage, found, ...options }: PageSource, convert?: Convert): Made<{ content: Content }> {
  const finder = new Finder(found)
  const content = converted(storage, { ...options, ...finder.options }, convert)
  return { content, references: finder.asked }
}

/** Converts a page to Markdown. */
export function pageToMarkdown({ storage, found, ...options }: PageSource): Made<{ markdown: string }> {
  const finder = new Finder(found)
  const { markdown } = convertToMarkdown(storage, { ...options, ...finder.options })
  return { markdown, references: finder.asked }
}
