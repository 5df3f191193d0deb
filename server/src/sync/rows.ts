import { sql } from 'kysely'
import type { ConfluencePage } from '../confluence/types.ts'

/** Rows of one insert: PostgreSQL takes 65,535 parameters. */
export const ROWS_PER_INSERT = 100

/** Whether an upsert made the row: it is the first to touch it. */
export const wasInserted = sql<boolean>`xmax = 0`

/** PostgreSQL refuses U+0000 in text, and Confluence lets it through. */
export const withoutNul = (text: string) => text.replaceAll('\0', '')

/** Where a page is read in Confluence. */
export const pageUrl = (page: Pick<ConfluencePage, 'id' | '_links'>, baseUrl: string) =>
  baseUrl + (page._links?.webui ?? `/pages/viewpage.action?pageId=${encodeURIComponent(page.id)}`)

/** The base of a site's links. */
export const siteBase = (connection: { site_host: string }) => `https://${connection.site_host}/wiki`
