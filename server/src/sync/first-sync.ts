import { sql } from 'kysely'
import { type ConfluenceClient, createConfluenceClient, MAX_SPACE_IDS } from '../confluence/client.ts'
import type { SpaceRow } from '../confluence/types.ts'
import type { ConnectionRow, SyncLaneRow, SyncRow } from '../db/schema.ts'
import { connectionTokens } from '../oauth/connection-tokens.ts'
import type { Services } from '../services.ts'
import type { Delivery } from './queue.ts'
import { storePages, storeSpaces, toRows } from './store.ts'
import { completeSync, lockConnection } from './syncs.ts'

/** Lanes that walk at the same time: more cost a half-empty response each. */
const LANES = 2
/** 250 spaces each: beyond this a site is not real, and a listing that never ends is cut. */
const MAX_SPACE_RESPONSES = 400
/** Responses of one job; then the next job goes on, so that syncs take turns. */
const RESPONSES_PER_JOB = 40

const client = (
  services: Services,
  connection: Pick<ConnectionRow, 'id' | 'cloud_id'>,
  signal: AbortSignal,
): ConfluenceClient =>
  createConfluenceClient({
    apiUrl: services.config.atlassian.apiUrl,
    cloudId: connection.cloud_id,
    tokens: connectionTokens(services, connection.id, signal),
  })

const siteBase = (connection: Pick<ConnectionRow, 'site_host'>) => `https://${connection.site_host}/wiki`

/** Deals space ids out to lanes, within what one request takes. */
export function layLanes(spaceIds: string[], lanes = LANES): string[][] {
  const count = Math.min(spaceIds.length, Math.max(lanes, Math.ceil(spaceIds.length / MAX_SPACE_IDS)))
  return Array.from({ length: count }, (_, lane) => spaceIds.filter((_, index) => index % count === lane))
}

/** First step of a sync: list the spaces, look how far they reach, and lay out the lanes. */
export async function startLanes(
  services: Services,
  { data: { syncId }, signal }: Delivery<'sync-start'>,
): Promise<void> {
  const { db, queue } = services
  const sync = await db.selectFrom('syncs').selectAll().where('id', '=', syncId).executeTakeFirst()
  if (!sync || sync.finished_at || sync.phase === 'pages') return
  const connection = await db
    .selectFrom('connections')
    .selectAll()
    .where('id', '=', sync.connection_id)
    .executeTakeFirstOrThrow()
  await db
    .updateTable('syncs')
    .set({ phase: 'spaces', started_at: sync.started_at ?? new Date() })
    .where('id', '=', syncId)
    .where('finished_at', 'is', null)
    .execute()

  const confluence = client(services, connection, signal)
  const spaces: SpaceRow[] = []
  let base = siteBase(connection)
  let requests = 0
  let points = 0
  let next: string | null = null
  do {
    const answer = await confluence.spaces({ next, signal })
    spaces.push(...answer.results)
    base = answer.base ?? base
    requests += 1
    points += answer.points
    next = answer.next
  } while (next && requests < MAX_SPACE_RESPONSES)
  const newest = await confluence.newestPage({ signal })

  await db.transaction().execute(async (trx) => {
    await lockConnection(trx, connection.id)
    const started = await trx
      .updateTable('syncs')
      .set({
        phase: 'pages',
        spaces: spaces.length,
        newest_created_at: newest.results[0]?.createdAt ?? null,
        requests: sql`requests + ${requests + 1}`,
        points: sql`points + ${points + newest.points}`,
        rate_limited_until: null,
        updated_at: new Date(),
      })
      .where('id', '=', syncId)
      .where('phase', '=', 'spaces')
      .returningAll()
      .executeTakeFirst()
    // Cancelled, or another delivery of the same job was faster.
    if (!started) return
    await storeSpaces(trx, connection.id, spaces, base)
    const lanes = layLanes(spaces.map((space) => space.id))
    if (lanes.length === 0) return completeSync(trx, started)
    for (const spaceIds of lanes) {
      const lane = await trx
        .insertInto('sync_lanes')
        .values({ sync_id: syncId, space_ids: JSON.stringify(spaceIds) })
        .returning('id')
        .executeTakeFirstOrThrow()
      await queue.send(trx, 'sync-lane', { laneId: lane.id })
    }
  })
}

/** Walks a lane: each response is converted, then stored in one transaction with the place where the next one starts. */
export async function walkLane(
  services: Services,
  { id: jobId, data: { laneId }, signal, stopping }: Delivery<'sync-lane'>,
): Promise<void> {
  const { db, queue } = services
  // The newest delivery owns the lane; an older one that still runs stops at its next response.
  const taken = await db
    .updateTable('sync_lanes')
    .set({ job_id: jobId })
    .where('id', '=', laneId)
    .where('finished_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (!taken) return
  const sync = await db.selectFrom('syncs').selectAll().where('id', '=', taken.sync_id).executeTakeFirstOrThrow()
  if (sync.finished_at) return
  const connection = await db
    .selectFrom('connections')
    .selectAll()
    .where('id', '=', sync.connection_id)
    .executeTakeFirstOrThrow()
  const spaces = await db
    .selectFrom('spaces')
    .select(['space_id', 'key'])
    .where('connection_id', '=', connection.id)
    .execute()
  const walk: Walk = {
    services,
    confluence: client(services, connection, signal),
    connection,
    sync,
    spaceKeys: new Map(spaces.map((space) => [space.space_id, space.key])),
    jobId,
    signal,
  }

  let lane: SyncLaneRow | undefined = taken
  for (let response = 0; response < RESPONSES_PER_JOB && lane && !stopping.aborted; response++) {
    signal.throwIfAborted()
    lane = await takeResponse(walk, lane)
  }
  if (lane) await db.transaction().execute((trx) => queue.send(trx, 'sync-lane', { laneId }))
}

interface Walk {
  services: Services
  confluence: ConfluenceClient
  connection: ConnectionRow
  sync: SyncRow
  spaceKeys: ReadonlyMap<string, string>
  jobId: string
  signal: AbortSignal
}

/** @returns the lane as it stands now; undefined when it is finished or no longer ours */
async function takeResponse(
  { services: { db }, confluence, connection, sync, spaceKeys, jobId, signal }: Walk,
  lane: SyncLaneRow,
): Promise<SyncLaneRow | undefined> {
  const answer = await confluence.pages({ spaceIds: lane.space_ids, next: lane.next, signal })
  const rows = await toRows(answer.results, {
    connection,
    sync,
    baseUrl: answer.base ?? siteBase(connection),
    spaceKeys,
  })
  const failed = rows.filter((row) => row.sync_status === 'SYNC_ERROR').length

  return db.transaction().execute(async (trx) => {
    // Everybody locks the connection first, then its sync. Whoever ends the sync waits for this, or this sees that it has
    // ended and writes nothing any more; and lanes finish one after the other, so that one of them is the last.
    await lockConnection(trx, connection.id)
    const running = await trx
      .updateTable('syncs')
      .set({
        requests: sql`requests + 1`,
        points: sql`points + ${answer.points}`,
        rate_limited_until: null,
        updated_at: new Date(),
      })
      .where('id', '=', sync.id)
      .where('finished_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!running) return undefined
    const advanced = await trx
      .updateTable('sync_lanes')
      .set({
        next: answer.next,
        first_created_at: lane.first_created_at ?? answer.results[0]?.createdAt ?? null,
        last_created_at: latest([lane.last_created_at, ...answer.results.map((page) => new Date(page.createdAt))]),
        pages_synced: sql`pages_synced + ${rows.length - failed}`,
        pages_failed: sql`pages_failed + ${failed}`,
        finished_at: answer.next ? null : new Date(),
      })
      .where('id', '=', lane.id)
      .where('job_id', '=', jobId)
      .where('next', 'is not distinct from', lane.next)
      .where('finished_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!advanced) return undefined
    await storePages(trx, rows)
    if (!advanced.finished_at) return advanced
    const left = await trx
      .selectFrom('sync_lanes')
      .select('id')
      .where('sync_id', '=', sync.id)
      .where('finished_at', 'is', null)
      .executeTakeFirst()
    if (!left) await completeSync(trx, sync)
    return undefined
  })
}

const latest = (dates: (Date | null)[]) => dates.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)
