import { type Insertable, sql, type Transaction, type Updateable } from 'kysely'
import type { ConfluenceClient } from '../confluence/client.ts'
import type { ConnectionRow, Schema, SyncLaneRow, SyncLaneTable, SyncRow, SyncTable } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { hasAbsent } from './absences.ts'
import type { Upload } from './happenings.ts'
import type { Claim } from './queue.ts'
import { completeSync, lockConnection } from './syncs.ts'

type Trx = Transaction<Schema>

/** What a lane is walked with. */
export interface Walk {
  services: Services
  confluence: ConfluenceClient
  connection: ConnectionRow
  sync: SyncRow
  upload: Upload
  /** Keys of the spaces in the tree, by their ids. */
  spaceKeys: ReadonlyMap<string, string>
  claim: Claim
  signal: AbortSignal
}

/** Notes what a sync did to get going. @returns undefined where it has ended, or another delivery of its job was faster */
export async function beginPages(
  trx: Trx,
  sync: Pick<SyncRow, 'id' | 'connection_id'>,
  spent: { requests: number; points: number },
  values: Updateable<SyncTable> = {},
): Promise<SyncRow | undefined> {
  await lockConnection(trx, sync.connection_id)
  return trx
    .updateTable('syncs')
    .set({
      phase: 'pages',
      requests: sql`requests + ${spent.requests}`,
      points: sql`points + ${spent.points}`,
      rate_limited_until: null,
      updated_at: new Date(),
      ...values,
    })
    .where('id', '=', sync.id)
    .where('phase', '=', 'spaces')
    .returningAll()
    .executeTakeFirst()
}

/** Adds a lane to a sync, and the job that walks it. */
export async function layLane(
  queue: Services['queue'],
  trx: Trx,
  {
    space_ids = [],
    page_ids,
    ...lane
  }: Pick<Insertable<SyncLaneTable>, 'sync_id' | 'step' | 'after_id' | 'last_id'> & {
    space_ids?: readonly string[]
    page_ids?: readonly string[]
  },
): Promise<void> {
  const { id } = await trx
    .insertInto('sync_lanes')
    .values({ ...lane, space_ids: JSON.stringify(space_ids), page_ids: page_ids ? JSON.stringify(page_ids) : null })
    .returning('id')
    .executeTakeFirstOrThrow()
  await queue.send(trx, 'sync-lane', { laneId: id })
}

/** Who walks a lane. */
interface Walker {
  connection: Pick<ConnectionRow, 'id'>
  sync: Pick<SyncRow, 'id'>
  claim: Claim
}

/**
 * Locks a lane for the next step, so that what is written and the place where the step after it starts are one.
 *
 * @param spent requests and points that the step took
 * @returns false where its sync has ended, or a newer delivery has taken the lane over: then nothing may be written
 */
export async function holdLane(
  trx: Trx,
  { connection, sync, claim }: Walker,
  lane: Pick<SyncLaneRow, 'id' | 'next' | 'page_ids' | 'after_id'>,
  spent: { requests: number; points: number },
): Promise<boolean> {
  // Everybody locks the connection first, then its sync. Whoever ends the sync waits for this, or this sees that it has
  // ended and writes nothing any more; and lanes finish one after the other, so that one of them is the last.
  await lockConnection(trx, connection.id)
  const running = await trx
    .updateTable('syncs')
    .set({
      requests: sql`requests + ${spent.requests}`,
      points: sql`points + ${spent.points}`,
      // Until when Atlassian asked to wait passes by itself: another lane may be waiting while this one goes on.
      updated_at: new Date(),
    })
    .where('id', '=', sync.id)
    .where('finished_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!running) return false
  // Locked: a newer delivery that takes the lane over waits, and then goes on where this one has come.
  const mine = await trx
    .selectFrom('sync_lanes')
    .select('id')
    .where('id', '=', lane.id)
    .where('job_id', '=', claim.id)
    .where('attempt', '=', claim.attempt)
    .where('next', 'is not distinct from', lane.next)
    .where('after_id', 'is not distinct from', lane.after_id)
    .where(sql<boolean>`page_ids is not distinct from ${lane.page_ids && JSON.stringify(lane.page_ids)}::jsonb`)
    .where('finished_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return mine !== undefined
}

/**
 * After a lane has finished: ends its sync when it was the last. A walk that has seen every page first looks after those that it
 * did not see, in the lane that was the last.
 *
 * @returns the lane where there is more to do in it
 */
export async function completeIfLast(
  trx: Trx,
  sync: Pick<SyncRow, 'id' | 'kind' | 'connection_id'>,
  lane: Pick<SyncLaneRow, 'id'>,
): Promise<SyncLaneRow | undefined> {
  const lanes = await trx
    .selectFrom('sync_lanes')
    .select((eb) => [
      eb.fn.count('id').filterWhere('finished_at', 'is', null).as('unfinished'),
      eb.fn.count('id').filterWhere('step', '=', 'settle').as('settled'),
    ])
    .where('sync_id', '=', sync.id)
    .executeTakeFirstOrThrow()
  if (Number(lanes.unfinished) > 0) return undefined
  if (Number(lanes.settled) === 0 && (await hasAbsent(trx, sync)))
    return trx
      .updateTable('sync_lanes')
      .set({ step: 'settle', next: null, page_ids: null, filters: null, after_id: 0, finished_at: null })
      .where('id', '=', lane.id)
      .returningAll()
      .executeTakeFirstOrThrow()
  await completeSync(trx, sync)
  return undefined
}
