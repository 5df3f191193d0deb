import { sql } from 'kysely'
import type { ConfluencePage } from '../confluence/types.ts'
import type { PageRow } from '../db/schema.ts'

/** Rows of one insert: PostgreSQL takes 65,535 parameters. */
export const ROWS_PER_INSERT = 100

/** Whether an upsert made the row: it is the first to touch it. */
export const wasInserted = sql<boolean>`xmax = 0`

/** PostgreSQL refuses U+0000 in text, and Confluence lets it through. */
export const withoutNul = (text: string) => text.replaceAll('\0', '')

/** Where a page is read in Confluence. */
export const pageUrl = (page: Pick<ConfluencePage, 'id' | '_links'>, baseUrl: string) =>
  baseUrl + (page._links?.webui ?? `/pages/viewpage.action?pageId=${encodeURIComponent(page.id)}`)

/**
 * A column of a page's content where the page is written again. A live doc's body comes empty at times although nothing was edited:
 * what is stored of that version is kept.
 */
export const keptWhereEmptied = <T>(
  column: 'storage' | 'html' | 'text' | 'outline' | 'statistics' | 'converter_version',
) => sql<T>`case
  when pages.version = excluded.version and excluded.storage = '' and pages.storage <> '' then ${sql.ref(`pages.${column}`)}
  else ${sql.ref(`excluded.${column}`)} end`

/** The base of a site's links. */
export const siteBase = (connection: { site_host: string }) => `https://${connection.site_host}/wiki`

/** What a page is called, and where it stands. Neither a move nor a new name of its parents makes a new version of it. */
export const placeOf = (page: ConfluencePage, baseUrl: string) => ({
  title: withoutNul(page.title),
  url: pageUrl(page, baseUrl),
  space_id: page.spaceId,
  parent_id: page.parentId ?? null,
})

type Place = Pick<PageRow, 'title' | 'url' | 'space_id' | 'parent_id'>

export const isSamePlace = (one: Place, other: Place): boolean =>
  one.title === other.title &&
  one.url === other.url &&
  one.space_id === other.space_id &&
  one.parent_id === other.parent_id
