import type { SyncRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import type { Delivery, JobName } from './queue.ts'

/** What one job did of a sync: a line in the log, and numbers. */
export interface Slice {
  connectionId?: number
  syncId?: number
  kind?: SyncRow['kind']
  pages: number
  failed: number
  requests: number
  points: number
  /** The sync ended with it. */
  isLast: boolean
}

/** A delivery, and where its handler notes what it did. */
export type SliceDelivery<Name extends JobName> = Delivery<Name> & { slice: Slice }

/** Notes whose slice it is. */
export function attribute(
  slice: Slice,
  { id, connection_id, kind }: Pick<SyncRow, 'id' | 'connection_id' | 'kind'>,
): void {
  Object.assign(slice, { syncId: id, connectionId: connection_id, kind })
}

/** Lets a handler note what it does, and writes it down whether it succeeds or not. */
export const sliced =
  <Name extends JobName>(job: Name, handler: (services: Services, delivery: SliceDelivery<Name>) => Promise<void>) =>
  async (services: Services, delivery: Delivery<Name>): Promise<void> => {
    const slice: Slice = { pages: 0, failed: 0, requests: 0, points: 0, isLast: false }
    const started = performance.now()
    try {
      await handler(services, { ...delivery, slice })
    } finally {
      // Of a sync that had ended before there is nothing to tell.
      if (slice.kind) {
        const { isLast, ...numbers } = slice
        const { log, metrics } = services
        log.info({ job, jobId: delivery.id, ...numbers, ms: Math.round(performance.now() - started) }, 'slice')
        metrics.pages.inc({ code: 'stored' }, slice.pages)
        metrics.pages.inc({ code: 'failed' }, slice.failed)
        if (isLast) metrics.syncs.inc({ kind: slice.kind, phase: 'done', code: '' })
      }
    }
  }
