import type { Services } from '../services.ts'
import { sourceOf } from '../sync/convert-page.ts'
import { convertLinked } from '../sync/links.ts'
import { siteBase } from '../sync/rows.ts'

/** The forms in which a page can be read. */
export type ContentFormat = 'html' | 'txt' | 'md'

/** What a page says. */
export interface PageContent {
  title: string
  body: string
}

/** @returns undefined when there is no such page, or it has no content */
export async function readContent(
  services: Pick<Services, 'db' | 'converters'>,
  pageId: number,
  format: ContentFormat,
): Promise<PageContent | undefined> {
  const { db } = services
  if (format === 'md') return markdown(services, pageId)
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
async function markdown(
  { db, converters }: Pick<Services, 'db' | 'converters'>,
  pageId: number,
): Promise<PageContent | undefined> {
  const row = await db
    .selectFrom('pages')
    .innerJoin('users', 'users.id', 'pages.user_id')
    .innerJoin('connections', 'connections.id', 'pages.connection_id')
    .select([
      'pages.id',
      'pages.connection_id',
      'pages.title',
      'pages.storage',
      'pages.page_id',
      'connections.site_host',
      'pages.space_key',
    ])
    .where('pages.id', '=', pageId)
    .where('users.deleted_at', 'is', null)
    // What could not be converted to HTML has no content to show.
    .where('pages.html', 'is not', null)
    .executeTakeFirst()
  if (!row || row.storage === null) return undefined
  const { markdown } = await convertLinked(db, row, sourceOf(row, siteBase(row)), converters.markdown)
  return { title: row.title ?? '', body: markdown }
}
