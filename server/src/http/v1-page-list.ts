import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../db/database.ts'
import { type FileFilters, matching } from '../files/filters.ts'
import { countFiles, type FileRow, rowsOf } from './file-view.ts'
import { listName, type Part, placeOf, readParts } from './keyset.ts'
import type { pageFilter, pageQuery } from './v1-page-schemas.ts'

type Query = z.output<typeof pageQuery>

/** A page as these lists tell of it: its parent is named by Confluence's id. */
export type PageListRow = Omit<FileRow, 'parent_file_id'>

interface Sort {
  key: RawBuilder<unknown>
  type: 'text' | 'time'
}

/** What pages are ordered by, beside the id. Each has an index that starts with the user. */
const sorts: Record<Exclude<Query['sort'], 'id'>, Sort> = {
  title: { key: sql`lower(pages.title)`, type: 'text' },
  status: { key: sql.ref('pages.sync_status'), type: 'text' },
  createdAt: { key: sql.ref('pages.source_created_at'), type: 'time' },
  updatedAt: { key: sql.ref('pages.source_updated_at'), type: 'time' },
  syncedAt: { key: sql.ref('pages.synced_at'), type: 'time' },
}

interface KeyType {
  /** The key as a cursor carries it, exact: a JavaScript date would cut microseconds, and skip or repeat rows. */
  write: (key: RawBuilder<unknown>) => RawBuilder<string | null>
  isWritten: (text: string) => boolean
  read: (text: string) => RawBuilder<unknown>
}

const localTime = z.iso.datetime({ local: true })
const types: Record<Sort['type'], KeyType> = {
  text: { write: (key) => sql`${key}`, isWritten: () => true, read: (text) => sql`${text}::text` },
  time: {
    write: (key) => sql`to_json(${key} at time zone 'UTC') #>> '{}'`,
    // PostgreSQL knows no year 0.
    isWritten: (text) => localTime.safeParse(text).success && !text.startsWith('0000'),
    read: (text) => sql`(${text}::timestamp at time zone 'UTC')`,
  },
}

/** What of a connection's pages to take, as filters of files. */
export const filtersOf = ({ search, status }: z.output<typeof pageFilter>): FileFilters => ({
  ...(search && { name: search }),
  ...(status && { sync_statuses: status }),
})

/** One answer's pages, the cursor after them, and how many match where that was asked for. */
export async function listPages(db: Db, userId: number, query: Query) {
  const { connectionId, requestId, sort, direction, cursor, limit } = query
  const filters: FileFilters = {
    ...filtersOf(query),
    ...(connectionId !== undefined && { organization_user_data_source_id: [connectionId] }),
    ...(requestId !== undefined && { request_ids: [requestId] }),
  }
  const isPlain = sort === 'id' && direction === 'asc'
  const list = isPlain ? null : listName('pages', sort, direction, filters)
  const parts =
    sort === 'id' ? [byId(db, userId, filters, direction)] : byKey(db, userId, filters, { ...sorts[sort], direction })
  const after = placeOf(cursor, list, ({ part, key }) =>
    sort === 'id' || part > 0 ? key === '' : types[sorts[sort].type].isWritten(key),
  )
  const found = await readParts(list, parts, { after, limit })
  return { ...found, total: query.total ? await countFiles(db, userId, filters) : null }
}

const beyond = (direction: Query['direction']) => sql.raw(direction === 'asc' ? '>' : '<')

type Row = PageListRow & { sort_key: string | null }

const byId =
  (db: Db, userId: number, filters: FileFilters, direction: Query['direction']): Part<Row> =>
  (after, limit) =>
    rowsOf(db)
      .select(sql<null>`null`.as('sort_key'))
      .where((eb) => matching(eb, userId, filters))
      .$if(after !== undefined, (rest) => rest.where(sql<boolean>`pages.id ${beyond(direction)} ${after?.id}::int`))
      .orderBy('pages.id', direction)
      .limit(limit)
      .execute()

/**
 * First the pages that have a value, then those without. Two queries, since an index holds what has no value at one end, and the list
 * shows it last in both directions.
 */
function byKey(
  db: Db,
  userId: number,
  filters: FileFilters,
  { key, type, direction }: Sort & { direction: Query['direction'] },
): Part<Row>[] {
  const rows = (limit: number) =>
    rowsOf(db)
      .select(types[type].write(key).as('sort_key'))
      .where((eb) => matching(eb, userId, filters))
      .orderBy(key, direction)
      .orderBy('pages.id', direction)
      .limit(limit)
  return [
    (after, limit) =>
      rows(limit)
        .where(sql<boolean>`${key} is not null`)
        .$if(after !== undefined, (rest) =>
          rest.where(
            sql<boolean>`(${key}, pages.id) ${beyond(direction)} (${types[type].read(after?.key ?? '')}, ${after?.id}::int)`,
          ),
        )
        .execute(),
    (after, limit) =>
      rows(limit)
        .where(sql<boolean>`${key} is null`)
        .$if(after !== undefined, (rest) => rest.where(sql<boolean>`pages.id ${beyond(direction)} ${after?.id}::int`))
        .execute(),
  ]
}
