import type { Database } from './db/database.ts'
import { rescueDeletions } from './files/deletions.ts'
import { sweepFlows } from './oauth/flows.ts'
import { type Repeated, repeat } from './repeat.ts'
import type { Services } from './services.ts'
import { startReconversion } from './sync/reconvert.ts'
import { rescueSyncs } from './sync/rescue.ts'
import { startDueSyncs } from './sync/schedule.ts'
import { rescueErasures } from './users.ts'
import { sweepWebhooks } from './webhooks/retention.ts'

const INTERVAL_MS = 60_000

/**
 * What a process looks after by itself, at its start and every minute: old sign-ins, syncs that are due, syncs and
 * deletions that lost their job, pages of an older converter, deliveries that have had their time, and what the database does not
 * do by itself.
 */
export const startMaintenance = (services: Services, { upkeep }: Pick<Database, 'upkeep'>): Repeated =>
  repeat(async (signal) => {
    await Promise.all([
      sweepFlows(services),
      rescueSyncs(services),
      startDueSyncs(services, { signal }),
      rescueDeletions(services),
      rescueErasures(services),
      startReconversion(services),
      sweepWebhooks(services.db),
      upkeep(),
    ]).catch((error: Error) => services.log.error({ error: error.message }, 'maintenance'))
    return INTERVAL_MS
  })
