import { type ConfluenceClient, type Listing, MAX_PAGE_IDS } from '../confluence/client.ts'
import type { ConfluencePage } from '../confluence/types.ts'
import type { ConnectionRow, SyncLaneRow, SyncRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { lastEdited, watermarkOf } from './changes.ts'
import { differing } from './differing.ts'
import { pageItem, placeArrivals, storeItems } from './items.ts'
import { beginPages, completeIfLast, holdLane, layLane, type Walk } from './lane-steps.ts'
import { openGate } from './limits.ts'
import { askForLess, grown, mayBeThePages } from './page-size.ts'
import { isResponse, takeNext } from './responses.ts'
import { siteBase } from './rows.ts'
import { completeSync } from './syncs.ts'
import { retryUnreadable } from './unreadable.ts'

// A look at every page, without its body: what was moved, renamed, restored or hidden makes no new version, and no walk over what was
// edited shows it. It costs as many points as fetching everything, so large sites are swept rarely.

const HOUR_MS = 60 * 60_000
/** How long after a sweep the next one is due, by the pages that it is about. */
const periods = [
  { upTo: 1_000, ms: HOUR_MS },
  { upTo: 100_000, ms: 24 * HOUR_MS },
  { upTo: Number.POSITIVE_INFINITY, ms: 7 * 24 * HOUR_MS },
]

/** @param pages the connection's files */
export function sweepDue(
  { swept_at }: Pick<ConnectionRow, 'swept_at'>,
  pages: number,
  now: Date = new Date(),
): boolean {
  const period = periods.find(({ upTo }) => pages <= upTo)?.ms ?? 0
  return swept_at === null || now.getTime() - swept_at.getTime() >= period
}

/** Begins a sweep of the pages that were picked: their ids are known, so no space is listed. */
export async function startPickedSweep(
  { db, queue }: Services,
  confluence: ConfluenceClient,
  { sync, connection, signal }: { sync: SyncRow; connection: ConnectionRow; signal: AbortSignal },
): Promise<void> {
  const { newest, ...spent } = await lastEdited(confluence, signal)
  await db.transaction().execute(async (trx) => {
    const started = await beginPages(trx, sync, spent, watermarkOf(newest))
    if (!started) return
    const { last } = await trx
      .selectFrom('pages')
      .select((eb) => eb.fn.max('id').as('last'))
      .where('connection_id', '=', connection.id)
      .executeTakeFirstOrThrow()
    if (last === null) return completeSync(trx, started)
    await retryUnreadable(queue, trx, started)
    await layLane(queue, trx, { sync_id: sync.id, step: 'compare', after_id: 0, last_id: last })
  })
}

/** One response's worth of pages, and where the lane goes on. */
interface Look {
  pages: ConfluencePage[]
  base: string | null
  requests: number
  points: number
  bytes: number
  next: string | null
  afterId: number | null
  isLast: boolean
}

/** @returns the lane where it is to be asked for again; undefined when it is no longer ours */
type Looking = (walk: Walk, lane: SyncLaneRow) => Promise<Look | SyncLaneRow | undefined>

const isLook = (taken: Look | SyncLaneRow | undefined): taken is Look => taken !== undefined && 'pages' in taken

const lookAtSpaces: Looking = async (walk, lane) => {
  const answer = await takeNext(walk, lane)
  if (!isResponse(answer)) return answer
  const { results: pages, base, requests, points, bytes, next } = answer
  return { pages, base, requests, points, bytes, next, afterId: null, isLast: next === null }
}

const lookAtPicked: Looking = async (walk, lane) => {
  const { services, confluence, connection, signal } = walk
  const files = await services.db
    .selectFrom('pages')
    .select(['id', 'page_id'])
    .where('connection_id', '=', connection.id)
    // Others were picked by an id that Confluence has never answered to.
    .where('version', 'is not', null)
    .where('id', '>', lane.after_id)
    .where('id', '<=', lane.last_id)
    .orderBy('id')
    .limit(lane.page_size)
    .execute()
  const look: Look = {
    pages: [],
    base: null,
    requests: 0,
    points: 0,
    bytes: 0,
    next: null,
    afterId: files.at(-1)?.id ?? lane.after_id,
    isLast: files.length < lane.page_size,
  }
  if (files.length === 0) return look
  const ids = files.map(({ page_id }) => page_id)
  let next: string | null = null
  do {
    const answer: Listing<ConfluencePage> | undefined = await confluence
      .pagesById({ ids, bodies: false, next, signal })
      .catch((error: unknown) => {
        if (!mayBeThePages(error) || ids.length === 1) throw error
        return undefined
      })
    if (!answer) return askForLess(walk, lane, ids.length)
    look.pages.push(...answer.results)
    look.base = answer.base
    look.requests += 1
    look.points += answer.points
    look.bytes += answer.bytes
    next = answer.next
  } while (next && look.pages.length < ids.length)
  return look
}

/** Compares one response with what is stored. What differs is fetched by lanes of its own, 250 pages a request. */
export async function takeComparison(walk: Walk, lane: SyncLaneRow): Promise<SyncLaneRow | undefined> {
  const { services, connection, sync } = walk
  const { knownOnly } = sync.options
  const look = await (knownOnly ? lookAtPicked : lookAtSpaces)(walk, lane)
  if (!isLook(look)) return look
  const baseUrl = look.base ?? siteBase(connection)
  const { behind, unknown } = await differing(services.db, connection.id, look.pages, baseUrl)
  return services.db.transaction().execute(async (trx) => {
    if (!(await holdLane(trx, walk, lane, look))) return undefined
    await storeItems(
      trx,
      { connectionId: connection.id, syncId: sync.id },
      look.pages.map((page) => pageItem(page, baseUrl)),
    )
    if (knownOnly)
      await placeArrivals(
        trx,
        connection.id,
        look.pages.map(({ id }) => id),
      )
    // What a limit keeps out is not fetched, sweep after sweep, to be thrown away.
    const gate = await openGate(trx, connection.user_id, sync.upload_id)
    const fits = () => gate.admit({ isNew: true, characters: 0, counted: 0 }) === undefined
    const found = [
      ...(lane.differing ?? []),
      ...behind.map(({ id }) => id),
      ...(knownOnly ? [] : unknown.filter(fits).map(({ id }) => id)),
    ]
    while (found.length >= MAX_PAGE_IDS || (look.isLast && found.length > 0))
      await layLane(services.queue, trx, { sync_id: sync.id, page_ids: found.splice(0, MAX_PAGE_IDS) })
    const advanced = await trx
      .updateTable('sync_lanes')
      .set({
        next: look.next,
        after_id: look.afterId,
        differing: JSON.stringify(found),
        ...grown(lane, look.bytes),
        finished_at: look.isLast ? new Date() : null,
      })
      .where('id', '=', lane.id)
      .returningAll()
      .executeTakeFirstOrThrow()
    return look.isLast ? completeIfLast(trx, sync, advanced) : advanced
  })
}
