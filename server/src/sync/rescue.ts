import type { Transaction } from 'kysely'
import type { Schema, SyncRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { forgetRequests } from './pace.ts'
import { failSync, lockConnection } from './syncs.ts'

// Syncs whose job was lost: with its process, or because the queue gave it up.

type Trx = Transaction<Schema>

/** So often a lane may be started over or picked up again before its sync fails. */
export const MAX_RESTARTS = 3

/** A sync without a word for so long is looked at. */
const QUIET_MS = 60_000

/**
 * Picks up syncs whose job was lost for good: its process died on the last try, or the queue gave it up. Without this
 * they would look as if they were going on, for ever.
 */
export async function rescueSyncs(services: Pick<Services, 'db' | 'queue' | 'log'>): Promise<void> {
  const { db } = services
  for (const sync of await quiet(db).execute()) {
    const isLost = await db.transaction().execute((trx) => pickUp(services, trx, sync))
    if (isLost) await failSync(services, sync.id, 'sync_failed', LOST)
  }
}

const quiet = (db: Pick<Services['db'], 'selectFrom'>) =>
  db
    .selectFrom('syncs')
    .select(['id', 'connection_id', 'phase'])
    .where('finished_at', 'is', null)
    .where('updated_at', '<', new Date(Date.now() - QUIET_MS))
    // Those that Atlassian asked to wait are parked: their jobs start when it is time.
    .where((eb) => eb.or([eb('rate_limited_until', 'is', null), eb('rate_limited_until', '<', new Date())]))

/**
 * Gives a sync's lanes the jobs that they lost. Every process looks for such syncs, and the sync may have gone on since it was found:
 * with the connection locked, nobody lays, finishes or picks up a lane in between.
 *
 * @returns whether it cannot be helped
 */
async function pickUp(
  { queue, log }: Pick<Services, 'queue' | 'log'>,
  trx: Trx,
  { id, connection_id }: Pick<SyncRow, 'id' | 'connection_id'>,
): Promise<boolean> {
  await lockConnection(trx, connection_id)
  const sync = await quiet(trx).where('id', '=', id).executeTakeFirst()
  if (!sync) return false
  if (sync.phase !== 'pages') {
    if (await queue.isAlive('sync-start', { syncId: id }, trx)) return false
    log.warn({ syncId: id }, 'a sync had lost its job')
    return true
  }
  const lanes = await trx
    .selectFrom('sync_lanes')
    .select(['id', 'restarts'])
    .where('sync_id', '=', id)
    .where('finished_at', 'is', null)
    .execute()
  for (const lane of lanes) {
    if (await queue.isAlive('sync-lane', { laneId: lane.id }, trx)) continue
    log.warn({ syncId: id, laneId: lane.id }, 'a lane had lost its job')
    if (lane.restarts >= MAX_RESTARTS) return true
    await trx
      .updateTable('sync_lanes')
      .set({ restarts: lane.restarts + 1 })
      .where('id', '=', lane.id)
      .execute()
    await queue.send(trx, 'sync-lane', { laneId: lane.id })
  }
  return false
}

const LOST =
  'The sync stopped because its workers kept ending. The pages synced so far are kept; connect again to go on.'

/**
 * Hands the unfinished syncs of a process that died to this one at once.
 *
 * For the embedded database only, where no other process can be alive: the queue would do the same when the missing
 * heartbeat is noticed.
 */
export async function resumeSyncs({ db, queue }: Services): Promise<void> {
  await forgetRequests(db)
  const unfinished = await db.selectFrom('syncs').select(['id', 'phase']).where('finished_at', 'is', null).execute()
  for (const sync of unfinished) {
    const lanes = await db
      .selectFrom('sync_lanes')
      .select('id')
      .where('sync_id', '=', sync.id)
      .where('finished_at', 'is', null)
      .execute()
    await db.transaction().execute(async (trx) => {
      if (sync.phase === 'pages') for (const lane of lanes) await queue.send(trx, 'sync-lane', { laneId: lane.id })
      else await queue.send(trx, 'sync-start', { syncId: sync.id })
    })
  }
}
