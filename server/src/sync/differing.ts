import { sql } from 'kysely'
import type { ConfluencePage } from '../confluence/types.ts'
import type { Db } from '../db/database.ts'
import type { PageRow } from '../db/schema.ts'
import { isSamePlace, placeOf } from './rows.ts'

type Known = Pick<PageRow, 'page_id' | 'version' | 'title' | 'url' | 'space_id' | 'parent_id' | 'sync_status'> & {
  has_content: boolean
}

/** Whether a file is to be fetched again. One whose content was deleted here on purpose waits until somebody asks. */
function isBehind(file: Known, page: ConfluencePage, baseUrl: string): boolean {
  if (file.sync_status === 'READY_TO_SYNC') return false
  if (file.version === null || file.version < page.version.number) return true
  if (file.version > page.version.number) return false
  return (
    !isSamePlace(file, placeOf(page, baseUrl)) ||
    // It has what it should have, and only its state does not say so.
    (file.has_content && (file.sync_status === 'SYNC_ERROR' || file.sync_status === 'SYNC_ABORTED'))
  )
}

/** Pages that are not stored as they are. */
export interface Differing {
  /** Those that have a file. */
  behind: ConfluencePage[]
  /** Those that have none, but for those whose file somebody deleted here. */
  unknown: ConfluencePage[]
}

/** Compares pages with what is stored of them. */
export async function differing(
  db: Db,
  connectionId: number,
  pages: readonly ConfluencePage[],
  baseUrl: string,
): Promise<Differing> {
  const pageIds = sql<string>`any(${pages.map(({ id }) => id)}::text[])`
  const files = await db
    .selectFrom('pages')
    .select([
      'page_id',
      'version',
      'title',
      'url',
      'space_id',
      'parent_id',
      'sync_status',
      sql<boolean>`html is not null`.as('has_content'),
    ])
    .where('connection_id', '=', connectionId)
    .where('page_id', '=', pageIds)
    .execute()
  const unwanted = await db
    .selectFrom('items')
    .select('external_id')
    .where('connection_id', '=', connectionId)
    .where('type', '=', 'PAGE')
    .where('external_id', '=', pageIds)
    .where('unwanted', '=', true)
    .execute()
  const leftAlone = new Set(unwanted.map(({ external_id }) => external_id))
  const known = new Map(files.map((file) => [file.page_id, file]))
  return {
    behind: pages.filter((page) => {
      const file = known.get(page.id)
      return file !== undefined && isBehind(file, page, baseUrl)
    }),
    unknown: pages.filter(({ id }) => !known.has(id) && !leftAlone.has(id)),
  }
}
