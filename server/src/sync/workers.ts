import { sql } from 'kysely'
import { AtlassianError, type AtlassianErrorCode } from '../confluence/errors.ts'
import { continueDeletion } from '../files/deletions.ts'
import { ReconnectNeededError } from '../oauth/connection-tokens.ts'
import type { Services } from '../services.ts'
import { aggregateOrganization } from '../statistics.ts'
import { eraseUser } from '../users.ts'
import { recordEvents } from '../webhooks/events.ts'
import { rateLimited, uploadOf } from './happenings.ts'
import { startLanes, walkLane } from './lanes.ts'
import type { Delivery, JobData, JobName } from './queue.ts'
import { needReconnect } from './reconnect.ts'
import { reconvert } from './reconvert.ts'
import { MAX_RESTARTS } from './rescue.ts'
import { sliced } from './slice.ts'
import { failSync, givesWay, lockConnection, ownerOf } from './syncs.ts'

/** Lanes that one process walks at a time: those of one site. */
const CONCURRENCY = 8

/** Atlassian's answers that no second try will change, and what they mean for the sync. */
const final: Partial<Record<AtlassianErrorCode, { code: string; message: string }>> = {
  scope_missing: {
    code: 'scope_missing',
    message: 'The sign-in does not allow reading pages. Connect again and accept all permissions.',
  },
  forbidden: {
    code: 'no_confluence_access',
    message: 'Atlassian does not let this account into Confluence on this site. Ask a Confluence admin for access.',
  },
}

/** Starts working on jobs in this process. */
export async function startWorkers(services: Services): Promise<void> {
  const { queue } = services
  await queue.work(
    'sync-start',
    CONCURRENCY,
    guarded(services, 'sync-start', sliced('sync-start', startLanes), ({ data }) => Promise.resolve(data.syncId)),
  )
  await queue.work(
    'sync-lane',
    CONCURRENCY,
    guarded(services, 'sync-lane', sliced('sync-lane', walkLane), (delivery) => syncOfLane(services, delivery)),
  )
  await queue.work('delete-files', 1, ({ data, signal }) => continueDeletion(services, data.deletionId, signal))
  await queue.work('delete-user', 1, ({ data, signal }) => eraseUser(services, data.userId, signal))
  await queue.work('reconvert', 1, (delivery) => reconvert(services, delivery))
  await queue.work('organization-statistics', 1, ({ data }) => aggregateOrganization(services, data.organizationId))
}

/** The sync that a delivery has a say in: none where another has taken the lane over. */
const syncOfLane = async ({ db }: Services, { id, attempt, data: { laneId } }: Delivery<'sync-lane'>) =>
  (
    await db
      .selectFrom('sync_lanes')
      .select('sync_id')
      .where('id', '=', laneId)
      .where('job_id', '=', id)
      .where('attempt', '=', attempt)
      .executeTakeFirst()
  )?.sync_id

/** What passes by itself. */
const waits: readonly AtlassianErrorCode[] = ['busy', 'rate_limited']

/** Runs a handler and decides what an error means: wait, try again, start the lane over, or fail the sync. */
function guarded<Name extends JobName>(
  services: Services,
  name: Name,
  handler: (services: Services, delivery: Delivery<Name>) => Promise<void>,
  findSync: (delivery: Delivery<Name>) => Promise<number | undefined>,
): (delivery: Delivery<Name>) => Promise<void> {
  return async (delivery) => {
    try {
      await handler(services, delivery)
    } catch (error) {
      if (delivery.signal.aborted) throw error
      const about = { job: name, about: delivery.data, error: (error as Error).message }
      if (error instanceof AtlassianError && waits.includes(error.code)) services.log.info(about, 'job waits')
      else services.log.warn(about, 'job failed')
      const syncId = await findSync(delivery)
      // The queue takes no notice of a delivery that another has followed.
      if (syncId === undefined) throw error
      if (error instanceof ReconnectNeededError) return failSync(services, syncId, 'reconnect_needed', error.message)
      if (!(error instanceof AtlassianError)) {
        if (delivery.last)
          await failSync(
            services,
            syncId,
            'sync_failed',
            'The sync stopped because of an internal error. The server’s log tells more.',
          )
        throw error
      }
      if (error.code === 'unauthorized' && delivery.last) return endAccess(services, syncId)
      const end = final[error.code]
      if (end) return failSync(services, syncId, end.code, end.message)
      if (error.code === 'busy') return makeRoom(services, name, delivery.data)
      if (error.code === 'rate_limited')
        return waitUntil(services, name, delivery.data, syncId, error.retryAt ?? new Date(Date.now() + 5_000))
      if (
        error.code === 'bad_request' &&
        !('laneId' in delivery.data && (await restartLane(services, delivery.data.laneId)))
      )
        return failSync(
          services,
          syncId,
          'sync_failed',
          'Atlassian refused the request for pages. The server’s log tells more.',
        )
      if (delivery.last)
        await failSync(
          services,
          syncId,
          'provider_unavailable',
          'Atlassian kept failing. The pages synced so far are kept; sync again later.',
        )
      throw error
    }
  }
}

/** Atlassian refuses tokens that it has just issued, again and again. */
async function endAccess(services: Services, syncId: number): Promise<void> {
  const connection = await services.db
    .selectFrom('syncs')
    .innerJoin('connections', 'connections.id', 'syncs.connection_id')
    .select(['connections.id', 'connections.sealed_tokens'])
    .where('syncs.id', '=', syncId)
    .executeTakeFirst()
  if (connection)
    await needReconnect(
      services,
      connection.id,
      connection.sealed_tokens,
      'Atlassian no longer accepts this sign-in. Connect again; the pages synced so far are kept.',
    )
}

/** Hands the job back for a moment: the site bears no more requests, and others have a use for this worker. */
const makeRoom = <Name extends JobName>({ db, queue }: Services, name: Name, data: JobData[Name]): Promise<void> =>
  db.transaction().execute((trx) => queue.send(trx, name, data, new Date(Date.now() + ROOM_MS)))

const ROOM_MS = 1_000

/** Parks the job: nobody sleeps on it, and it does not count as a failed try. */
async function waitUntil<Name extends JobName>(
  { db, queue, metrics }: Services,
  name: Name,
  data: JobData[Name],
  syncId: number,
  until: Date,
): Promise<void> {
  metrics.waits.inc({ kind: name })
  const found = await db.selectFrom('syncs').select('connection_id').where('id', '=', syncId).executeTakeFirst()
  if (!found) return
  await db.transaction().execute(async (trx) => {
    await lockConnection(trx, found.connection_id)
    const sync = await trx
      .selectFrom('syncs')
      .selectAll()
      .where('id', '=', syncId)
      .where('finished_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!sync) return
    await trx.updateTable('syncs').set({ rate_limited_until: until }).where('id', '=', syncId).execute()
    await queue.send(trx, name, data, until)
    if (sync.kind === 'files')
      await trx
        .updateTable('pages')
        .set({ sync_status: 'RATE_LIMITED', updated_at: new Date() })
        .where('upload_id', '=', sync.upload_id)
        .where('sync_status', 'in', ['QUEUED_FOR_SYNC', 'SYNCING'])
        .execute()
    // What gives way by itself is no news. A burst passes before anybody could act on it, and of several lanes one tells.
    if (givesWay(sync)) return
    const isKnown = sync.rate_limited_until !== null && sync.rate_limited_until.getTime() > Date.now()
    if (isKnown || until.getTime() - Date.now() < WORTH_TELLING_MS) return
    const { organization_id, customer_id } = await ownerOf(trx, sync.connection_id)
    await recordEvents(trx, organization_id, [rateLimited(uploadOf(sync, customer_id), until)])
  })
}

const WORTH_TELLING_MS = 60_000

/**
 * A cursor that Atlassian no longer takes: walk again from the start. Pages already stored are not stored twice.
 *
 * @returns false when the lane was at its start, so that the cursor is not to blame, or has been restarted often enough
 */
async function restartLane({ db }: Services, laneId: number): Promise<boolean> {
  const restarted = await db
    .updateTable('sync_lanes')
    .set({
      next: null,
      first_created_at: null,
      last_created_at: null,
      // One that fetches by a filter starts its present portion over, and has been through those before it; one that looks for
      // changes counts what it stores, which it does once.
      pages_synced: sql`case when filters is null and step = 'store' then 0 else pages_synced end`,
      pages_failed: sql`case when filters is null and step = 'store' then 0 else pages_failed end`,
      restarts: sql`restarts + 1`,
    })
    .where('id', '=', laneId)
    .where('finished_at', 'is', null)
    .where('next', 'is not', null)
    .where('restarts', '<', MAX_RESTARTS)
    .returning('id')
    .executeTakeFirst()
  return restarted !== undefined
}
