import type { Db } from '../db/database.ts'
import type { Services } from '../services.ts'
import type { Delivery, JobData } from './queue.ts'

/** What one job asked of Atlassian. */
export interface Spent {
  requests: number
  points: number
}

type SyncJob = 'sync-start' | 'sync-lane'

/** A delivery, and where its handler notes what it asks for. */
export type SliceDelivery<Name extends SyncJob> = Delivery<Name> & { spent: Spent }

/** The sync that a job is about, and how many pages it has been through: of the lane, where it is about one. */
function standing(db: Db, data: JobData[SyncJob]) {
  const syncs = db.selectFrom('syncs').select(['syncs.id', 'connection_id', 'kind', 'syncs.finished_at'])
  return 'laneId' in data
    ? syncs
        .innerJoin('sync_lanes', 'sync_lanes.sync_id', 'syncs.id')
        .select(['pages_synced', 'pages_failed'])
        .where('sync_lanes.id', '=', data.laneId)
        .executeTakeFirst()
    : syncs
        .select((eb) => [eb.lit(0).as('pages_synced'), eb.lit(0).as('pages_failed')])
        .where('syncs.id', '=', data.syncId)
        .executeTakeFirst()
}

/** Writes down what a handler does, whether it succeeds or not: one line in the log, and numbers. */
export const sliced =
  <Name extends SyncJob>(job: Name, handler: (services: Services, delivery: SliceDelivery<Name>) => Promise<void>) =>
  async (services: Services, delivery: Delivery<Name>): Promise<void> => {
    const { db, log, metrics } = services
    const spent: Spent = { requests: 0, points: 0 }
    const started = performance.now()
    const before = await standing(db, delivery.data)
    try {
      await handler(services, { ...delivery, spent })
    } finally {
      const after = await standing(db, delivery.data)
      // Of a sync that had ended before there is nothing to tell.
      if (before && after && !before.finished_at) {
        const { id: syncId, connection_id: connectionId, kind } = before
        const pages = after.pages_synced - before.pages_synced
        const failed = after.pages_failed - before.pages_failed
        const ms = Math.round(performance.now() - started)
        log.info({ job, jobId: delivery.id, connectionId, syncId, kind, pages, failed, ...spent, ms }, 'slice')
        // The tree alone stores none.
        if (kind !== 'items') {
          metrics.pages.inc({ code: 'stored' }, Math.max(0, pages))
          metrics.pages.inc({ code: 'failed' }, Math.max(0, failed))
        }
      }
    }
  }
