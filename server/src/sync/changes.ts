import { sql } from 'kysely'
import { type ConfluenceClient, LIMIT } from '../confluence/client.ts'
import type { ConfluencePage, SpaceRow } from '../confluence/types.ts'
import type { ConnectionRow, SyncLaneRow, SyncRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { recordEvents } from '../webhooks/events.ts'
import { differing } from './differing.ts'
import { toLinkedRows } from './file-rows.ts'
import { storeFiles } from './files.ts'
import { pageItem, placeArrivals, storeItems, storeSpaces } from './items.ts'
import { beginPages, completeIfLast, holdLane, layLane, type Walk } from './lane-steps.ts'
import { grown } from './page-size.ts'
import { isResponse, takeNext } from './responses.ts'
import { siteBase } from './rows.ts'
import { completeSync } from './syncs.ts'
import { recordUnreadable, retryUnreadable } from './unreadable.ts'

// What was edited since the last walk: the pages of the site, the last edited first, down to where that one began.
//
// A page that is edited while it goes on moves to the top, past the place where the walk is. The walk misses it then, and the next one
// finds it: its edit is newer than the one that was the newest when the walk began, and none newer than that counts as covered.

/** Edits show up late and out of order; what is later than this is left to the sweep. */
const OVERLAP_MS = 10 * 60_000
/** Most walks find a few pages: only when all of these are new does the walk go on, with as many as a response holds. */
const FIRST_LIMIT = 25

const editedAt = (page: ConfluencePage) => new Date(page.version.createdAt)

/** Up to where edits are covered by a walk over all pages that began while it was this time at Atlassian's. */
export const watermarkBefore = (began: Date, now = new Date()) => ({
  watermark: new Date(Math.min(began.getTime(), now.getTime()) - OVERLAP_MS),
  watermark_page: null,
})

/** Up to where edits are covered by a walk that begins while this is the page edited last. */
export function watermarkOf(newest: ConfluencePage | undefined, now = new Date()) {
  if (!newest) return { watermark: new Date(0), watermark_page: null }
  // A date in the future would hide all edits until then.
  const watermark = new Date(Math.min(editedAt(newest).getTime(), now.getTime()))
  return { watermark, watermark_page: `${newest.id}@${newest.version.number}` }
}

/**
 * The page edited last, or the blog post, where those are wanted. Both are asked for before any of their lists is read: no edit that is
 * not newer than either can be missed.
 */
export async function lastEdited(
  confluence: ConfluenceClient,
  signal: AbortSignal,
): Promise<{ newest: ConfluencePage | undefined; requests: number; points: number }> {
  const one = { limit: 1, bodies: false, signal }
  const pages = await confluence.editedPages(one)
  const posts = pages.posts ? await confluence.editedPages({ ...one, next: pages.posts }) : undefined
  const [page, post] = [pages.results[0], posts?.results[0]]
  return {
    newest: page && post && editedAt(page) > editedAt(post) ? page : (post ?? page),
    requests: posts ? 2 : 1,
    points: pages.points + (posts?.points ?? 0),
  }
}

/** Whether nothing was edited since the last walk. Two edits in the same millisecond differ by their page. */
function isIdle(
  { watermark, watermark_page }: Pick<ConnectionRow, 'watermark' | 'watermark_page'>,
  newest: ConfluencePage | undefined,
): boolean {
  if (!newest) return true
  const seen = watermark?.getTime() ?? 0
  const at = editedAt(newest).getTime()
  return at < seen || (at === seen && watermark_page === watermarkOf(newest).watermark_page)
}

/** Begins the walk, or ends it at once for two points where nothing was edited. */
export async function startChanges(
  { db, queue }: Services,
  confluence: ConfluenceClient,
  { sync, connection, signal }: { sync: SyncRow; connection: ConnectionRow; signal: AbortSignal },
): Promise<void> {
  const { newest, ...spent } = await lastEdited(confluence, signal)
  const hasNews = !isIdle(connection, newest)
  await db.transaction().execute(async (trx) => {
    const started = await beginPages(trx, sync, spent, hasNews ? watermarkOf(newest) : {})
    if (!started) return
    const retries = await retryUnreadable(queue, trx, started)
    if (hasNews) await layLane(queue, trx, { sync_id: sync.id, step: 'changes' })
    else if (!retries) await completeSync(trx, started)
  })
}

/** Takes one response. What is stored as it is already is not stored again. */
export async function takeChanges(walk: Walk, lane: SyncLaneRow): Promise<SyncLaneRow | undefined> {
  const { services, connection, sync, upload } = walk
  const { knownOnly } = sync.options
  // After a cursor was refused it starts over with the limit that it goes on with, for that may be why.
  const isFirst = !lane.next?.includes('cursor=')
  const most = isFirst && lane.restarts === 0 ? FIRST_LIMIT : LIMIT
  const answer = await takeNext(walk, lane, Math.min(most, lane.page_size))
  if (!isResponse(answer)) return answer
  const { unreadable } = answer
  const listed = unreadable ? [unreadable] : answer.results
  const baseUrl = answer.base ?? siteBase(connection)
  const floor = (connection.watermark?.getTime() ?? 0) - OVERLAP_MS
  const edited = listed.filter((page) => editedAt(page).getTime() >= floor)
  const next = edited.length < listed.length ? (answer.posts ?? null) : answer.next

  const found = knownOnly ? NONE : await unknownSpaces(walk, edited)
  const spaceKeys = new Map([...walk.spaceKeys, ...found.spaces.map(({ id, key }) => [id, key] as const)])
  // A page of a space that is not in the tree is in one that is archived, and not wanted.
  const inTree = edited.filter(({ spaceId }) => spaceKeys.has(spaceId))
  const { behind, unknown } = await differing(services.db, connection.id, knownOnly ? edited : inTree, baseUrl)
  const context = { connection, sync, baseUrl, spaceKeys, converters: services.converters }
  const rows = await toLinkedRows(services.db, knownOnly ? behind : [...behind, ...unknown], context)
  // One that cannot be read comes alone.
  const [lost, whole] = unreadable ? [rows, []] : [[], rows]

  return services.db.transaction().execute(async (trx) => {
    const spent = { requests: answer.requests + found.requests, points: answer.points + found.points }
    if (!(await holdLane(trx, walk, lane, spent))) return undefined
    const seen = { connectionId: connection.id, syncId: sync.id }
    await storeSpaces(trx, seen, found.spaces, baseUrl)
    await storeItems(
      trx,
      seen,
      inTree.map((page) => pageItem(page, baseUrl)),
    )
    await placeArrivals(
      trx,
      connection.id,
      inTree.map(({ id }) => id),
    )
    const failures = await recordUnreadable(trx, lost, upload)
    const stored = await storeFiles(trx, whole, { connection, sync, upload })
    await recordEvents(trx, connection.organization_id, [...failures, ...stored.events])
    const advanced = await trx
      .updateTable('sync_lanes')
      .set({
        next,
        pages_synced: sql`pages_synced + ${stored.synced}`,
        pages_failed: sql`pages_failed + ${stored.failed + lost.length}`,
        ...grown(lane, answer.bytes),
        finished_at: next ? null : new Date(),
      })
      .where('id', '=', lane.id)
      .returningAll()
      .executeTakeFirstOrThrow()
    return next ? advanced : completeIfLast(trx, sync, advanced)
  })
}

interface Found {
  spaces: SpaceRow[]
  requests: number
  points: number
}
const NONE: Found = { spaces: [], requests: 0, points: 0 }

/** The spaces of some pages that the tree does not have yet. */
async function unknownSpaces({ confluence, spaceKeys, signal }: Walk, pages: ConfluencePage[]): Promise<Found> {
  const ids = [...new Set(pages.map(({ spaceId }) => spaceId))].filter((id) => !spaceKeys.has(id))
  if (ids.length === 0) return NONE
  const answer = await confluence.spacesById({ ids, signal })
  return { spaces: answer.results, requests: 1, points: answer.points }
}
