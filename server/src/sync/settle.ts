import { sql, type Transaction } from 'kysely'
import { MAX_PAGE_IDS } from '../confluence/client.ts'
import type { ConfluencePage } from '../confluence/types.ts'
import { pendingStatuses, type Schema, type SyncLaneRow } from '../db/schema.ts'
import { dropFiles } from '../files/deletions.ts'
import { recordEvents } from '../webhooks/events.ts'
import { fileDeleted } from './happenings.ts'
import { pageItem, storeItems } from './items.ts'
import { completeIfLast, holdLane, layLane, type Walk } from './lane-steps.ts'
import { siteBase } from './rows.ts'
import { ownerOf } from './syncs.ts'

type Trx = Transaction<Schema>

/** States in which Confluence itself says that a page is not there any more. */
const gone: readonly string[] = ['archived', 'trashed', 'deleted']

interface Absent {
  file_id: number
  page_id: string
  space_id: string | null
  first_missed_by: number
}

/**
 * Asks Confluence about pages that a complete walk did not see, 250 at a time, and deletes what is gone: what Confluence says is in
 * the trash, deleted or archived, and what two walks in a row have not seen.
 *
 * The spaces are asked for as well. That they answer shows that the sign-in is still good, and pages of a space that does not are kept:
 * it may be back in a minute.
 */
export async function takeSettlement(walk: Walk, lane: SyncLaneRow): Promise<SyncLaneRow | undefined> {
  const { services, connection, sync } = walk
  const absent = await nextAbsent(services.db, connection.id, lane.after_id ?? 0)
  const askedAt = new Date()
  const asked = await ask(walk, absent)
  const baseUrl = asked.base ?? siteBase(connection)
  let dropped = 0
  const rest = await services.db.transaction().execute(async (trx) => {
    if (!(await holdLane(trx, walk, lane, asked))) return undefined
    const { unreachable, present, deleted } = judge(absent, asked, sync.id)
    await hold(trx, sync.id, unreachable)
    await forget(trx, present)
    await storeItems(
      trx,
      { connectionId: connection.id, syncId: sync.id },
      asked.pages
        .filter(({ id }) => present.some(({ page_id }) => page_id === id))
        .map((page) => pageItem(page, baseUrl)),
    )
    // They are somewhere else than they were: fetched, they are stored as they are now.
    if (present.length > 0)
      await layLane(services.queue, trx, { sync_id: sync.id, page_ids: present.map(({ page_id }) => page_id) })
    const { customer_id } = await ownerOf(trx, connection.id)
    const files = await dropFiles(trx, await stillAbsent(trx, deleted, askedAt))
    await recordEvents(
      trx,
      connection.organization_id,
      files.map((file) => fileDeleted(customer_id, file)),
    )
    dropped = files.length
    const isLast = absent.length < MAX_PAGE_IDS
    const advanced = await trx
      .updateTable('sync_lanes')
      .set({ after_id: absent.at(-1)?.file_id ?? lane.after_id, finished_at: isLast ? new Date() : null })
      .where('id', '=', lane.id)
      .returningAll()
      .executeTakeFirstOrThrow()
    return isLast ? completeIfLast(trx, sync, advanced) : advanced
  })
  services.metrics.pages.inc({ code: 'deleted' }, dropped)
  return rest
}

const nextAbsent = (db: Walk['services']['db'], connectionId: number, afterId: number): Promise<Absent[]> =>
  db
    .selectFrom('absences')
    .innerJoin('pages', 'pages.id', 'absences.file_id')
    .select(['absences.file_id', 'absences.space_id', 'absences.first_missed_by', 'pages.page_id'])
    .where('absences.connection_id', '=', connectionId)
    .where('absences.state', '=', 'missed')
    .where('absences.file_id', '>', afterId)
    .orderBy('absences.file_id')
    .limit(MAX_PAGE_IDS)
    .execute()

interface Asked {
  spaceIds: ReadonlySet<string>
  pages: ConfluencePage[]
  base: string | null
  requests: number
  points: number
}

async function ask({ confluence, signal }: Walk, absent: readonly Absent[]): Promise<Asked> {
  const asked = { spaceIds: new Set<string>(), pages: [] as ConfluencePage[], base: null, requests: 0, points: 0 }
  if (absent.length === 0) return asked
  const ids = absent.map(({ page_id }) => page_id)
  const answers: { base: string | null; points: number }[] = []
  let next: string | null = null
  do {
    const answer = await confluence.pagesById({ ids, bodies: false, anyStatus: true, next, signal })
    asked.pages.push(...answer.results)
    answers.push(answer)
    next = answer.next
  } while (next && asked.pages.length < ids.length)
  // After the pages: it is then that the sign-in must still have been good.
  const spaces = await confluence.spacesById({
    ids: [...new Set(absent.flatMap(({ space_id }) => space_id ?? []))],
    signal,
  })
  answers.push(spaces)
  return {
    ...asked,
    spaceIds: new Set(spaces.results.map(({ id }) => id)),
    base: spaces.base,
    requests: answers.length,
    points: answers.reduce((sum, { points }) => sum + points, 0),
  }
}

/** What becomes of each. Those that are in none of the lists are waited for until the next sweep. */
function judge(absent: readonly Absent[], { spaceIds, pages }: Asked, syncId: number) {
  const states = new Map(pages.map(({ id, status }) => [id, status]))
  const isReachable = ({ space_id }: Absent) => space_id !== null && spaceIds.has(space_id)
  const isPresent = ({ page_id }: Absent) => states.get(page_id) === 'current'
  const isGone = ({ page_id, first_missed_by }: Absent) => {
    const state = states.get(page_id)
    return state === undefined ? first_missed_by < syncId : gone.includes(state)
  }
  const reachable = absent.filter(isReachable)
  return {
    unreachable: absent.filter((one) => !isReachable(one)),
    present: reachable.filter(isPresent),
    deleted: reachable.filter((one) => !isPresent(one) && isGone(one)),
  }
}

const idsOf = (absent: readonly Absent[]) => absent.map(({ file_id }) => file_id)

/** Without those that somebody else fetches, or has fetched since Confluence was asked. */
async function stillAbsent(trx: Trx, absent: readonly Absent[], askedAt: Date): Promise<number[]> {
  const files = await trx
    .selectFrom('pages')
    .select('id')
    .where('id', '=', sql<number>`any(${idsOf(absent)}::int[])`)
    .where('sync_status', 'not in', pendingStatuses)
    .where((eb) => eb.or([eb('synced_at', 'is', null), eb('synced_at', '<', askedAt)]))
    .execute()
  return files.map(({ id }) => id)
}

const hold = (trx: Trx, syncId: number, absent: readonly Absent[]) =>
  trx
    .updateTable('absences')
    .set({ state: 'held', reason: 'space_unreachable', held_by: syncId, held_at: new Date() })
    .where('file_id', '=', sql<number>`any(${idsOf(absent)}::int[])`)
    .execute()

const forget = (trx: Trx, absent: readonly Absent[]) =>
  trx
    .deleteFrom('absences')
    .where('file_id', '=', sql<number>`any(${idsOf(absent)}::int[])`)
    .execute()
