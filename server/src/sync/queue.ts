import type { Transaction } from 'kysely'
import { type ConstructorOptions, fromKysely, type JobWithMetadata, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Schema } from '../db/schema.ts'
import { watchDueJobs } from './due-jobs.ts'

/** The kinds of jobs and what each is about. Ids only: never a token, never a page. */
export interface JobData {
  /** List the spaces and lay out the lanes. */
  'sync-start': { syncId: number }
  /** Walk a lane, response by response. */
  'sync-lane': { laneId: number }
  /** Go on with a deletion that one call could not finish. */
  'delete-files': { deletionId: number }
  /** Delete everything of a deleted user. */
  'delete-user': { userId: number }
  /** Sum up an organisation's files. */
  'organization-statistics': { organizationId: number }
  /** Convert again what an older converter made. */
  reconvert: Record<string, never>
}
export type JobName = keyof JobData

/**
 * A delivery's right to its job. A job that is delivered again, since its worker no longer beats, keeps its id, and the worker may be
 * slow instead of dead: the higher attempt is the one that counts.
 */
export interface Claim {
  /** The job's. */
  id: string
  attempt: number
}

/** One delivery of a job. */
export interface Delivery<Name extends JobName> extends Claim {
  data: JobData[Name]
  /** No delivery follows this one: record the failure. */
  last: boolean
  /** Aborts when the job is taken away. */
  signal: AbortSignal
  /** Aborts when the process is about to stop: finish what is under way and hand on the rest. */
  stopping: AbortSignal
}

export interface JobQueue {
  /** Adds a job in the caller's transaction: it exists if and only if the rest does. */
  send<Name extends JobName>(
    trx: Transaction<Schema>,
    name: Name,
    data: JobData[Name],
    startAfter?: Date,
  ): Promise<void>
  work<Name extends JobName>(
    name: Name,
    concurrency: number,
    handler: (delivery: Delivery<Name>) => Promise<void>,
  ): Promise<void>
  /** Whether a job with this data is waiting or at work, as the caller's transaction sees it where one is given. */
  isAlive<Name extends JobName>(name: Name, data: JobData[Name], trx?: Transaction<Schema>): Promise<boolean>
  /** How many jobs there are of each kind, as counted a few seconds ago. */
  depths(): Promise<{ kind: JobName; phase: 'ready' | 'deferred' | 'active'; value: number }[]>
  /** Finishes what is under way up to a limit, then stops. */
  stop(): Promise<void>
}

const names: JobName[] = [
  'sync-start',
  'sync-lane',
  'delete-files',
  'delete-user',
  'organization-statistics',
  'reconvert',
]
/** With waits of up to a minute in between, about half an hour of Atlassian not answering. */
const RETRIES = 30
/** How often the queue looks for jobs whose worker no longer beats. */
const PROMPT = { superviseIntervalSeconds: 5, monitorIntervalSeconds: 5 }
/** How long a response that is under way may take when the process stops. */
const STOP_TIMEOUT_MS = 8_000

/** Brings the queues in the database up to this version. */
async function defineQueues(boss: PgBoss): Promise<void> {
  const settings = {
    retryLimit: RETRIES,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
    // A worker that died stops beating, and its job goes to another.
    heartbeatSeconds: 10,
    expireInSeconds: 15 * 60,
    notify: true,
  }
  for (const name of names)
    if (await boss.getQueue(name)) await boss.updateQueue(name, settings)
    else await boss.createQueue(name, settings)
}

/** The job queue, in the same database as everything else. */
export async function createQueue(options: ConstructorOptions, log: Logger): Promise<JobQueue> {
  const boss = new PgBoss({ ...options, schema: 'jobs', useListenNotify: true, schedule: false, ...PROMPT })
  const report = (error: Error) => log.error({ error: error.message }, 'job queue')
  boss.on('error', report)
  try {
    await boss.start()
    await defineQueues(boss)
  } catch (error) {
    await boss.stop({ graceful: false, close: true })
    throw error
  }
  const stopping = new AbortController()
  const workers = new Map<string, string[]>()
  const due = watchDueJobs(boss, workers, report)
  return {
    async send(trx, name, data, startAfter) {
      await boss.send(name, data, { db: fromKysely(trx), ...(startAfter && { startAfter }) })
    },
    async work<Name extends JobName>(
      name: Name,
      concurrency: number,
      handler: (delivery: Delivery<Name>) => Promise<void>,
    ) {
      const options = {
        includeMetadata: true,
        // Where new jobs cannot be announced, as behind a pooler that shares connections, each worker asks for itself.
        pollingIntervalSeconds: 1,
        notifyPollingIntervalSeconds: 30,
        burstWhenBatchFull: true,
      } as const
      const takeJobs = async (jobs: JobWithMetadata<JobData[Name]>[]) => {
        for (const job of jobs)
          await handler({
            id: job.id,
            attempt: job.retryCount,
            data: job.data,
            last: job.retryCount >= job.retryLimit,
            signal: job.signal,
            stopping: stopping.signal,
          })
      }
      // Each by itself, not by a setting of one: only then are they known, to be woken.
      const start = () => boss.work<JobData[Name], void, typeof options>(name, options, takeJobs)
      workers.set(name, await Promise.all(Array.from({ length: concurrency }, start)))
    },
    async isAlive(name, data, trx) {
      const jobs = await boss.findJobs(name, { data, ...(trx && { db: fromKysely(trx) }) })
      return jobs.some(({ state }) => state === 'created' || state === 'retry' || state === 'active')
    },
    async depths() {
      const queues = await boss.getQueues(names)
      return names.flatMap((kind) => {
        const counts = queues.find(({ name }) => name === kind)
        return [
          { kind, phase: 'ready' as const, value: counts?.readyCount ?? 0 },
          { kind, phase: 'deferred' as const, value: counts?.deferredCount ?? 0 },
          { kind, phase: 'active' as const, value: counts?.activeCount ?? 0 },
        ]
      })
    },
    async stop() {
      stopping.abort()
      await due.stop()
      await boss.stop({ graceful: true, close: true, timeout: STOP_TIMEOUT_MS })
    },
  }
}
