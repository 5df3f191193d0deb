import { convertToMarkdown } from '../content/index.ts'
import type { Db } from '../db/database.ts'
import { convertLinked } from '../sync/references.ts'
import { siteBase } from '../sync/rows.ts'

/** The forms in which a page can be read. */
export type ContentFormat = 'html' | 'txt' | 'md'

/** What a page says. */
export interface PageContent {
  title: string
  body: string
}

/** @returns undefined when there is no such page, or it has no content */
export async function readContent(db: Db, pageId: number, format: ContentFormat): Promise<PageContent | undefined> {
  if (format === 'md') return markdown(db, pageId)
  const row = await db
    .selectFrom('pages')
    .innerJoin('users', 'users.id', 'pages.user_id')
    .select(['pages.title', `pages.${format === 'html' ? 'html' : 'text'} as body` as const])
    .where('pages.id', '=', pageId)
    .where('users.deleted_at', 'is', null)
    .executeTakeFirst()
  return row && row.body !== null ? { title: row.title ?? '', body: row.body } : undefined
}

/** Markdown is made when it is asked for: few want it, and the raw page is at hand. */
async function markdown(db: Db, pageId: number): Promise<PageContent | undefined> {
  const row = await db
    .selectFrom('pages')
    .innerJoin('users', 'users.id', 'pages.user_id')
    .innerJoin('connections', 'connections.id', 'pages.connection_id')
    .leftJoin('items', (join) =>
      join
        .onRef('items.connection_id', '=', 'pages.connection_id')
        .onRef('items.external_id', '=', 'pages.space_id')
        .on('items.type', '=', 'SPACE'),
    )
    .select([
      'pages.id',
      'pages.connection_id',
      'pages.title',
      'pages.storage',
      'pages.page_id',
      'connections.site_host',
      'items.space_key',
    ])
    .where('pages.id', '=', pageId)
    .where('users.deleted_at', 'is', null)
    // What could not be converted to HTML has no content to show.
    .where('pages.html', 'is not', null)
    .executeTakeFirst()
  if (!row || row.storage === null) return undefined
  const { storage, space_key: spaceKey } = row
  const title = row.title ?? ''
  const options = { baseUrl: siteBase(row), pageId: row.page_id, title, ...(spaceKey !== null && { spaceKey }) }
  const { result } = await convertLinked(db, row, (finders) => convertToMarkdown(storage, { ...options, ...finders }))
  return { title, body: result.markdown }
}
