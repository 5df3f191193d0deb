import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { FileStatus } from '../db/schema.ts'
import { countItems, listItems, type TreeItem, type TreeScope } from '../sync/tree.ts'
import { counted } from './sync-page-state.ts'

/** Rows in one answer. */
export const ITEMS_PER_ANSWER = 50

/** Whether something is synced, in a word and a colour. */
export interface Mark {
  text: string
  tone: 'good' | 'busy' | 'bad' | 'plain'
}

/** A row of the picker. */
export interface PickerItem {
  id: string
  type: 'SPACE' | 'PAGE'
  name: string
  /** The space that a page is in. */
  space: string | null
  spaceName: string | null
  isExpandable: boolean
  mark: Mark | null
}

export interface ItemsAnswer {
  items: PickerItem[]
  /** How many there are on all pages. */
  count: number
}

const busy: Mark = { text: 'Syncing', tone: 'busy' }
const pageMarks: Record<FileStatus, (wasSynced: boolean) => Mark | null> = {
  QUEUED_FOR_SYNC: () => busy,
  SYNCING: () => busy,
  RATE_LIMITED: () => busy,
  READY: () => ({ text: 'Synced', tone: 'good' }),
  READY_TO_SYNC: () => ({ text: 'Added', tone: 'plain' }),
  SYNC_ERROR: (wasSynced) => ({ text: wasSynced ? 'Not updated' : 'Not synced', tone: 'bad' }),
  SYNC_ABORTED: (wasSynced) => (wasSynced ? { text: 'Synced', tone: 'good' } : null),
}

function spaceMark(pages: number, synced: number): Mark {
  if (pages === 0) return { text: 'No pages', tone: 'plain' }
  if (synced === 0) return { text: counted(pages, 'page'), tone: 'plain' }
  if (synced < pages)
    return { text: `${synced.toLocaleString('en')} of ${counted(pages, 'page')} synced`, tone: 'plain' }
  return { text: `${pages === 1 ? '1 page' : `All ${counted(pages, 'page')}`} synced`, tone: 'good' }
}

/** What is synced of these rows, by their ids. */
async function marksOf(db: Db, connectionId: number, rows: readonly TreeItem[]): Promise<Map<TreeItem, Mark | null>> {
  const fileIds = rows.flatMap(({ file_id }) => (file_id === null ? [] : [file_id]))
  const spaceIds = rows.filter(({ type }) => type === 'SPACE').map(({ external_id }) => external_id)
  const files = await db
    .selectFrom('pages')
    .select(['id', 'sync_status', 'synced_at'])
    .where('id', '=', sql<number>`any(${fileIds}::int[])`)
    .execute()
  const counts =
    spaceIds.length === 0
      ? []
      : await db
          .selectFrom('items')
          .leftJoin('pages', (join) =>
            join
              .onRef('pages.connection_id', '=', 'items.connection_id')
              .onRef('pages.page_id', '=', 'items.external_id')
              .on('pages.synced_at', 'is not', null),
          )
          .select([
            'items.space_id',
            (eb) => eb.fn.countAll<string>().as('pages'),
            (eb) => eb.fn.count<string>('pages.id').as('synced'),
          ])
          .where('items.connection_id', '=', connectionId)
          .where('items.type', '=', 'PAGE')
          .where('items.space_id', '=', sql<string>`any(${spaceIds}::text[])`)
          .groupBy('items.space_id')
          .execute()
  const walked =
    spaceIds.length === 0
      ? []
      : await db
          .selectFrom('sync_lanes')
          .innerJoin('syncs', 'syncs.id', 'sync_lanes.sync_id')
          .select('sync_lanes.space_ids')
          .where('syncs.connection_id', '=', connectionId)
          .where('syncs.finished_at', 'is', null)
          .where('syncs.kind', '!=', 'items')
          .where('sync_lanes.finished_at', 'is', null)
          .execute()
  const syncing = new Set(walked.flatMap(({ space_ids }) => space_ids))
  const fileOf = new Map(files.map((file) => [file.id, file]))
  const countOf = new Map(counts.map((row) => [row.space_id, row]))

  return new Map(
    rows.map((row) => {
      if (row.type === 'SPACE') {
        const count = countOf.get(row.external_id)
        return [
          row,
          syncing.has(row.external_id) ? busy : spaceMark(Number(count?.pages ?? 0), Number(count?.synced ?? 0)),
        ]
      }
      const file = row.file_id === null ? undefined : fileOf.get(row.file_id)
      return [row, file ? pageMarks[file.sync_status](file.synced_at !== null) : null]
    }),
  )
}

/** Which spaces these pages are in. */
async function spaceNames(db: Db, connectionId: number, rows: readonly TreeItem[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap(({ space_id }) => space_id ?? []))]
  const spaces = await db
    .selectFrom('items')
    .select(['external_id', 'name'])
    .where('connection_id', '=', connectionId)
    .where('type', '=', 'SPACE')
    .where('external_id', '=', sql<string>`any(${ids}::text[])`)
    .execute()
  return new Map(spaces.map(({ external_id, name }) => [external_id, name]))
}

/** What the picker shows: the spaces, what is right below a space or a page, what a search finds, or rows that it has already. */
export async function pickerItems(
  db: Db,
  connectionId: number,
  {
    parent,
    search,
    ids,
    offset,
  }: { parent?: string | undefined; search?: string | undefined; ids?: string[] | undefined; offset: number },
): Promise<ItemsAnswer> {
  const scope: TreeScope = {
    connectionId,
    parentId: parent,
    filters: ids ? { external_ids: ids } : search ? { name: search } : null,
  }
  const rows = await listItems(db, { ...scope, limit: ITEMS_PER_ANSWER, offset })
  const marks = await marksOf(db, connectionId, rows)
  const names = await spaceNames(db, connectionId, rows)
  return {
    items: rows.map((row) => ({
      id: row.external_id,
      type: row.type,
      name: row.name,
      space: row.space_id,
      spaceName: row.space_id === null ? null : (names.get(row.space_id) ?? null),
      isExpandable: row.is_expandable,
      mark: marks.get(row) ?? null,
    })),
    count: await countItems(db, scope),
  }
}
