import { sql, type Transaction } from 'kysely'
import pLimit from 'p-limit'
import { type Listing, MAX_SPACE_IDS } from '../confluence/client.ts'
import type { ConfluencePage, SpaceRow } from '../confluence/types.ts'
import type { Db } from '../db/database.ts'
import { type LaneStep, pendingStatuses, type Schema, type SyncLaneRow, type SyncRow } from '../db/schema.ts'
import { meteredClient } from '../metrics/metered.ts'
import type { Services } from '../services.ts'
import { recordEvents } from '../webhooks/events.ts'
import { hasAbsent } from './absences.ts'
import type { Manners } from './budget.ts'
import { startChanges, takeChanges, watermarkBefore } from './changes.ts'
import { type FileRow, toLinkedRows, toRows } from './file-rows.ts'
import { type Stored, storeFiles } from './files.ts'
import { fileProcessed, uploadOf } from './happenings.ts'
import { pageItem, placeOrphans, storeItems, storeSpaces } from './items.ts'
import { beginPages, completeIfLast, holdLane, layLane, type Walk } from './lane-steps.ts'
import { siteClient } from './pace.ts'
import { grown } from './page-size.ts'
import { needsPortion, takePortion } from './portions.ts'
import { startReconversion } from './reconvert.ts'
import { isResponse, type Response, takeNext } from './responses.ts'
import { siteBase } from './rows.ts'
import { takeSettlement } from './settle.ts'
import type { SliceDelivery } from './slice.ts'
import { startPickedSweep, takeComparison } from './sweep.ts'
import { completeSync, givesWay, lockConnection, ownerOf } from './syncs.ts'
import { recordUnreadable, retryUnreadable } from './unreadable.ts'

/**
 * Lanes that walk at the same time. Each costs a half-empty response: where somebody waits there are as many as a site gets requests at
 * once, and in the background two.
 */
const LANES = { store: 8, compare: 2 }
/**
 * Responses that this process converts and stores at a time: one computes while the database writes another. What waits is held as it came, a third of
 * what it is with HTML, text and the bytes on their way to the database.
 */
const storing = pLimit(2)
/** 250 spaces each: beyond this a site is not real, and a listing that never ends is cut. */
const MAX_SPACE_RESPONSES = 400
/** Responses of one job; then the next job goes on, so that syncs take turns. */
const RESPONSES_PER_JOB = 40

const mannersOf = (sync: SyncRow, spent: { points: number }): Manners => ({
  had: sync.points + spent.points,
  yields: givesWay(sync),
})

/** Deals space ids out to lanes, within what one request takes. */
export function layLanes(spaceIds: string[], lanes = LANES.store): string[][] {
  const count = Math.min(spaceIds.length, Math.max(lanes, Math.ceil(spaceIds.length / MAX_SPACE_IDS)))
  return Array.from({ length: count }, (_, lane) => spaceIds.filter((_, index) => index % count === lane))
}

/** First step of a sync: list the spaces, and lay out the lanes. */
export async function startLanes(
  services: Services,
  { data: { syncId }, signal, spent }: SliceDelivery<'sync-start'>,
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

  const site = siteClient(services, connection, signal, () => mannersOf(sync, spent))
  const confluence = meteredClient(site, services.metrics, spent)
  const begin = { sync, connection, signal }
  if (sync.kind === 'changes') return startChanges(services, confluence, begin)
  if (sync.kind === 'sweep' && sync.options.knownOnly) return startPickedSweep(services, confluence, begin)
  const spaces: SpaceRow[] = []
  let base = siteBase(connection)
  let next: string | null = null
  const answers: Listing<SpaceRow>[] = []
  do {
    const answer: Listing<SpaceRow> = await confluence.spaces({ next, signal })
    spaces.push(...answer.results)
    answers.push(answer)
    base = answer.base ?? base
    next = answer.next
    if (await hasEnded(db, syncId)) return
  } while (next && answers.length < MAX_SPACE_RESPONSES)
  await db.transaction().execute(async (trx) => {
    const spent = { requests: answers.length, points: answers.reduce((sum, { points }) => sum + points, 0) }
    const started = await beginPages(trx, sync, spent, {
      spaces: spaces.length,
      // What is edited from then on may be missed by the walk, and is for the next one. A sweep leaves edits to that one.
      ...(sync.kind === 'all' && watermarkBefore(answers[0]?.at ?? new Date())),
    })
    if (!started) return
    await storeSpaces(trx, { connectionId: connection.id, syncId }, spaces, base)
    const step = sync.kind === 'sweep' ? 'compare' : 'store'
    const lanes = layLanes(
      spaces.map((space) => space.id),
      LANES[step],
    )
    for (const space_ids of lanes) await layLane(queue, trx, { sync_id: syncId, step, space_ids })
    const retries = started.kind !== 'items' && (await retryUnreadable(queue, trx, started))
    if (lanes.length > 0 || retries) return
    // Not one space: all that is stored has vanished with them, or only seems to.
    if (await hasAbsent(trx, started)) await layLane(queue, trx, { sync_id: syncId, step: 'settle', after_id: 0 })
    else await completeSync(trx, started)
  })
}

/** Somebody cancelled it meanwhile: nothing more is asked for. */
const hasEnded = async (db: Db, syncId: number): Promise<boolean> =>
  (await db
    .selectFrom('syncs')
    .select('id')
    .where('id', '=', syncId)
    .where('finished_at', 'is', null)
    .executeTakeFirst()) === undefined

/** Walks a lane: each response is converted, then stored in one transaction with the place where the next one starts. */
export async function walkLane(
  services: Services,
  { id, attempt, data: { laneId }, signal, stopping, spent }: SliceDelivery<'sync-lane'>,
): Promise<void> {
  const { db, queue } = services
  // The newest delivery owns the lane: an older one that still runs stops at its next response, or here.
  const taken = await db
    .updateTable('sync_lanes')
    .set({ job_id: id, attempt })
    .where('id', '=', laneId)
    .where((eb) => eb.or([eb('job_id', 'is distinct from', id), eb('attempt', '<=', attempt)]))
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
    .selectFrom('items')
    .select(['external_id', 'space_key'])
    .where('connection_id', '=', connection.id)
    .where('type', '=', 'SPACE')
    .execute()
  const { customer_id: customerId } = await ownerOf(db, connection.id)
  const site = siteClient(services, connection, signal, () => mannersOf(sync, spent))
  const walk: Walk = {
    services,
    confluence: meteredClient(site, services.metrics, spent),
    connection,
    sync,
    upload: uploadOf(sync, customerId),
    spaceKeys: new Map(spaces.map((space) => [space.external_id, space.space_key ?? ''])),
    claim: { id, attempt },
    signal,
  }
  if (taken.page_ids) await markFetching(walk, taken.page_ids)

  let lane: SyncLaneRow | undefined = taken
  for (let response = 0; response < RESPONSES_PER_JOB && lane && !stopping.aborted; response++) {
    signal.throwIfAborted()
    lane = await steps[lane.step](walk, lane)
  }
  if (lane) await db.transaction().execute((trx) => queue.send(trx, 'sync-lane', { laneId }))
  // The pages that its pages name are all there now.
  else if (await hasEnded(db, sync.id)) await startReconversion(services)
}

/** What each step does with a response. */
const steps: Record<LaneStep, (walk: Walk, lane: SyncLaneRow) => Promise<SyncLaneRow | undefined>> = {
  store: (walk, lane) => (needsPortion(lane) ? takePortion(walk.services.db, walk, lane) : takeResponse(walk, lane)),
  changes: takeChanges,
  compare: takeComparison,
  settle: takeSettlement,
}

const markFetching = ({ services: { db }, connection, sync }: Walk, pageIds: readonly string[]) =>
  db.transaction().execute(async (trx) => {
    await lockConnection(trx, connection.id)
    await trx
      .updateTable('pages')
      .set({ sync_status: 'SYNCING', updated_at: new Date() })
      .where('connection_id', '=', connection.id)
      .where('page_id', '=', sql<string>`any(${pageIds}::text[])`)
      .where('upload_id', '=', sync.upload_id)
      .where('sync_status', 'in', ['QUEUED_FOR_SYNC', 'RATE_LIMITED'])
      .execute()
  })

/** @returns the lane as it stands now; undefined when it is finished or no longer ours */
async function takeResponse(walk: Walk, lane: SyncLaneRow): Promise<SyncLaneRow | undefined> {
  const taken = await takeNext(walk, lane)
  if (!isResponse(taken)) return taken
  return storing(() => {
    walk.signal.throwIfAborted()
    return storeResponse(walk, lane, taken)
  })
}

/** Writes a response and the place of the next one in one transaction. */
async function storeResponse(walk: Walk, lane: SyncLaneRow, answer: Response): Promise<SyncLaneRow | undefined> {
  const { services, connection, sync, spaceKeys, upload } = walk
  const baseUrl = answer.base ?? siteBase(connection)
  const { next, unreadable } = answer
  const context = { connection, sync, baseUrl, spaceKeys, converters: services.converters }
  const rows = sync.kind === 'items' ? [] : await toLinkedRows(services.db, answer.results, context)
  const lost = unreadable ? await toRows([unreadable], context) : []

  return services.db.transaction().execute(async (trx) => {
    if (!(await holdLane(trx, walk, lane, answer))) return undefined
    // First, or it would count as missing.
    const failures = await recordUnreadable(trx, lost, upload)
    const pages = unreadable ? [...answer.results, unreadable] : answer.results
    const stored = await store(trx, walk, lane, { pages, rows, baseUrl, isLast: next === null })
    const advanced = await trx
      .updateTable('sync_lanes')
      .set({
        next,
        ...grown(lane, answer.bytes),
        first_created_at: lane.first_created_at ?? answer.results[0]?.createdAt ?? null,
        last_created_at: latest([lane.last_created_at, ...answer.results.map((page) => new Date(page.createdAt))]),
        pages_synced: sql`pages_synced + ${stored.synced}`,
        pages_failed: sql`pages_failed + ${stored.failed + lost.length}`,
        // By a filter, there may be more to take.
        ...(lane.filters && next === null && { page_ids: '[]' }),
        finished_at: next || lane.filters ? null : new Date(),
      })
      .where('id', '=', lane.id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await recordEvents(trx, connection.organization_id, [...failures, ...stored.events])
    return advanced.finished_at ? completeIfLast(trx, sync, advanced) : advanced
  })
}

/** Writes one response: the tree always, since it costs nothing more, and the files unless only the tree was asked for. */
async function store(
  trx: Transaction<Schema>,
  { connection, sync, upload }: Walk,
  lane: SyncLaneRow,
  { pages, rows, baseUrl, isLast }: { pages: ConfluencePage[]; rows: FileRow[]; baseUrl: string; isLast: boolean },
): Promise<Stored> {
  const ids = pages.map((page) => page.id)
  await storeItems(
    trx,
    { connectionId: connection.id, syncId: sync.id },
    pages.map((page) => pageItem(page, baseUrl)),
  )
  if (sync.kind === 'items') return { synced: pages.length, failed: 0, events: [] }
  if (sync.kind !== 'all') await placeOrphans(trx, connection.id, ids)
  const stored = await storeFiles(trx, rows, { connection, sync, upload })
  if (!lane.page_ids || !isLast) return stored
  const lost = await markMissing(trx, connection.id, sync, lane.page_ids)
  return {
    synced: stored.synced,
    failed: stored.failed + lost.length,
    events: [
      ...stored.events,
      ...lost.flatMap(({ id, synced_at }) =>
        fileProcessed(upload, { id, isResync: synced_at !== null, error: NOT_VISIBLE }),
      ),
    ],
  }
}

const NOT_VISIBLE =
  'Confluence shows the connected account no current page with this id: it was deleted, archived or restricted, or it is not a page. What was stored before is kept.'

/** What is still waiting after the last response did not come with any. */
const markMissing = (
  trx: Transaction<Schema>,
  connectionId: number,
  sync: Pick<SyncRow, 'upload_id'>,
  pageIds: readonly string[],
) =>
  trx
    .updateTable('pages')
    .set({ sync_status: 'SYNC_ERROR', sync_error_message: NOT_VISIBLE, updated_at: new Date() })
    .where('connection_id', '=', connectionId)
    .where('page_id', '=', sql<string>`any(${pageIds}::text[])`)
    .where('upload_id', '=', sync.upload_id)
    .where('sync_status', 'in', pendingStatuses)
    .returning(['id', 'synced_at'])
    .execute()

const latest = (dates: (Date | null)[]) => dates.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)
