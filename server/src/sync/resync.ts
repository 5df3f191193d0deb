import type { Transaction } from 'kysely'
import { type ConnectionRow, pendingStatuses, type Schema } from '../db/schema.ts'
import { type FileFilters, matching } from '../files/filters.ts'
import type { Services } from '../services.ts'
import { recordEvents } from '../webhooks/events.ts'
import { beginFileSync, startFileSync, tooManyWait } from './file-sync.ts'
import { uploadEvent } from './happenings.ts'
import { lockConnection } from './syncs.ts'

type Trx = Transaction<Schema>
type Resyncable = Pick<ConnectionRow, 'id' | 'organization_id' | 'user_id' | 'sync_options'>

/** Files that are queued one by one when they are asked for. More are taken in portions. */
const MAX_QUEUED = 10_000

export type Resync =
  | { ok: true; count: number }
  /** Too many syncs of this connection are waiting. */
  | { ok: false; code: 'too_many_waiting' }
  /** More than can be queued are being fetched again already: a second time would do the same work beside it. */
  | { ok: false; code: 'resync_running' }

/**
 * Fetches a connection's files again that match, but for those that are being synced already.
 *
 * @param filters about this connection only, and not about other files
 * @param maxQueued above it, files are taken in portions and change their state as their turn comes
 */
export async function resyncFiles(
  services: Pick<Services, 'db' | 'queue'>,
  connection: Resyncable,
  customerId: string,
  filters: FileFilters,
  maxQueued = MAX_QUEUED,
): Promise<Resync> {
  const files = await idle(services.db, connection, filters)
    .select('pages.page_id')
    .orderBy('pages.id')
    .limit(maxQueued + 1)
    .execute()
  if (files.length === 0) return { ok: true, count: 0 }
  if (files.length > maxQueued) return resyncInPortions(services, connection, customerId, filters)
  const started = await startFileSync(services, connection, customerId, {
    pageIds: files.map(({ page_id }) => page_id),
    isResync: true,
  })
  return started.ok ? { ok: true, count: started.fileIds.length } : started
}

const idle = (db: Services['db'] | Trx, { user_id }: Resyncable, filters: FileFilters) =>
  db
    .selectFrom('pages')
    .where((eb) => matching(eb, user_id, filters))
    .where('pages.sync_status', 'not in', pendingStatuses)

function resyncInPortions(
  { db, queue }: Pick<Services, 'db' | 'queue'>,
  connection: Resyncable,
  customerId: string,
  filters: FileFilters,
): Promise<Resync> {
  return db.transaction().execute(async (trx) => {
    await lockConnection(trx, connection.id)
    if (await tooManyWait(trx, connection.id)) return { ok: false, code: 'too_many_waiting' }
    if (await isResyncing(trx, connection.id)) return { ok: false, code: 'resync_running' }
    const { syncId, upload } = await beginFileSync(trx, connection.id, customerId, {
      // A file that is fetched again keeps the tags that it has now.
      options: { tags: {}, incremental: false },
      spaces: 0,
    })
    let count = 0
    for (const { after, last } of await halves(trx, connection, filters)) {
      const { pages } = await idle(trx, connection, filters)
        .where('pages.id', '>', after)
        .where('pages.id', '<=', last)
        .select((eb) => eb.fn.countAll<string>().as('pages'))
        .executeTakeFirstOrThrow()
      const lane = await trx
        .insertInto('sync_lanes')
        .values({
          sync_id: syncId,
          space_ids: '[]',
          page_ids: '[]',
          filters: JSON.stringify(filters),
          after_id: after,
          last_id: last,
          pages_total: Number(pages),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await queue.send(trx, 'sync-lane', { laneId: lane.id })
      count += Number(pages)
    }
    await recordEvents(trx, connection.organization_id, [uploadEvent('ALL_UPLOADED_FILES_QUEUED', upload)])
    return { ok: true, count }
  })
}

const isResyncing = async (trx: Trx, connectionId: number) =>
  (await trx
    .selectFrom('syncs')
    .innerJoin('sync_lanes', 'sync_lanes.sync_id', 'syncs.id')
    .select('syncs.id')
    .where('syncs.connection_id', '=', connectionId)
    .where('syncs.finished_at', 'is', null)
    .where('sync_lanes.filters', 'is not', null)
    .executeTakeFirst()) !== undefined

/** The ids of what matches, in two halves: as many lanes as a walk has. */
async function halves(trx: Trx, connection: Resyncable, filters: FileFilters) {
  const { first, last } = await idle(trx, connection, filters)
    .select((eb) => [eb.fn.min('pages.id').as('first'), eb.fn.max('pages.id').as('last')])
    .executeTakeFirstOrThrow()
  if (first === null || last === null) return []
  const middle = Math.floor((first + last) / 2)
  return [
    { after: first - 1, last: middle },
    { after: middle, last },
  ]
}
