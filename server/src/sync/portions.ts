import { sql } from 'kysely'
import { MAX_PAGE_IDS } from '../confluence/client.ts'
import type { Db } from '../db/database.ts'
import { type ConnectionRow, pendingStatuses, type SyncLaneRow, type SyncRow } from '../db/schema.ts'
import { matching } from '../files/filters.ts'
import { completeIfLast, holdLane } from './lane-steps.ts'
import type { Claim } from './queue.ts'

/** Whether a lane that fetches by a filter is through with the pages that it has taken. */
export const needsPortion = (lane: SyncLaneRow): boolean => lane.filters !== null && lane.page_ids?.length === 0

/**
 * Takes the next pages of a lane that fetches by a filter: as many as one request holds, so that a million are never in memory, and
 * those that wait are shown as they are.
 *
 * @returns the lane as it stands now; undefined when it is finished or no longer ours
 */
export function takePortion(
  db: Db,
  walk: { connection: Pick<ConnectionRow, 'id' | 'user_id'>; sync: SyncRow; claim: Claim },
  lane: SyncLaneRow,
): Promise<SyncLaneRow | undefined> {
  const { connection, sync } = walk
  return db.transaction().execute(async (trx) => {
    if (!(await holdLane(trx, walk, lane, { requests: 0, points: 0 }))) return undefined
    const files = await trx
      .selectFrom('pages')
      .select(['pages.id', 'pages.page_id'])
      .where((eb) => matching(eb, connection.user_id, lane.filters ?? {}))
      .where('pages.sync_status', 'not in', pendingStatuses)
      .where('pages.id', '>', lane.after_id)
      .where('pages.id', '<=', lane.last_id)
      .orderBy('pages.id')
      .limit(MAX_PAGE_IDS)
      .execute()
    if (files.length === 0) {
      const finished = await trx
        .updateTable('sync_lanes')
        .set({ finished_at: new Date() })
        .where('id', '=', lane.id)
        .returningAll()
        .executeTakeFirstOrThrow()
      return completeIfLast(trx, sync, finished)
    }
    await trx
      .updateTable('pages')
      .set({
        sync_status: 'SYNCING',
        sync_error_message: null,
        // What a file was asked for by stays what it was.
        request_id: sql`coalesce(request_id, ${sync.request_id})`,
        upload_id: sync.upload_id,
        updated_at: new Date(),
      })
      .where('id', '=', sql<number>`any(${files.map(({ id }) => id)}::int[])`)
      .execute()
    return trx
      .updateTable('sync_lanes')
      .set({
        page_ids: JSON.stringify(files.map(({ page_id }) => page_id)),
        next: null,
        after_id: files.at(-1)?.id ?? null,
      })
      .where('id', '=', lane.id)
      .returningAll()
      .executeTakeFirstOrThrow()
  })
}
