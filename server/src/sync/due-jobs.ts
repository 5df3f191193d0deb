import type { PgBoss } from 'pg-boss'
import { type Repeated, repeat } from '../repeat.ts'

const LOOK_MS = 1_000

/** Kinds of which a job has waited for its time, and may begin. One row a kind, however many jobs there are. The table is pg-boss's. */
const DUE = `
  select kind from unnest($1::text[]) as kind
  where exists (
    select from jobs.job where job.name = kind and state < 'active' and not blocked and start_after <= now())`

/**
 * Wakes workers when a job's time has come: a retry, a pause that is over. New jobs are announced, these are not, and without this
 * each worker would have to ask for itself.
 *
 * @param workers of each kind, the ids of those in this process; may grow
 */
export function watchDueJobs(
  boss: PgBoss,
  workers: ReadonlyMap<string, readonly string[]>,
  onError: (error: Error) => void,
): Repeated {
  async function wake(): Promise<void> {
    if (workers.size === 0) return
    const { rows } = await boss.getDb().executeSql(DUE, [[...workers.keys()]])
    for (const { kind } of rows) for (const worker of workers.get(kind) ?? []) boss.notifyWorker(worker)
  }
  return repeat(async () => {
    await wake().catch(onError)
    return LOOK_MS
  })
}
