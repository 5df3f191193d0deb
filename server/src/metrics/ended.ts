import { sql } from 'kysely'
import type { Services } from '../services.ts'
import type { Metrics } from './metrics.ts'

/** What ended before is no news: it was while numbers were switched off. */
const NEWS = sql`interval '1 hour'`

/**
 * Counts the syncs that have ended, whoever ended them and however. Each is counted by one process, once: adding them up over all
 * processes gives all of them.
 */
export async function countEnded({ db }: Pick<Services, 'db'>, { syncs }: Pick<Metrics, 'syncs'>): Promise<void> {
  const ended = await db
    .updateTable('syncs')
    .set({ counted: true })
    .where('finished_at', '>', sql<Date>`now() - ${NEWS}`)
    .where('counted', '=', false)
    .returning(['kind', 'phase', 'error_code'])
    .execute()
  for (const { kind, phase, error_code } of ended) syncs.inc({ kind, phase, code: error_code ?? '' })
}
