import { sql, type Transaction } from 'kysely'
import type { ConnectionRow, Schema, SyncLaneRow, SyncRow } from '../db/schema.ts'
import { completeSync, lockConnection } from './syncs.ts'

type Trx = Transaction<Schema>

/** Who walks a lane. */
interface Walker {
  connection: Pick<ConnectionRow, 'id'>
  sync: Pick<SyncRow, 'id'>
  jobId: string
}

/**
 * Locks a lane for the next step, so that what is written and the place where the step after it starts are one.
 *
 * @param spent requests and points that the step took
 * @returns false where its sync has ended, or a newer delivery has taken the lane over: then nothing may be written
 */
export async function holdLane(
  trx: Trx,
  { connection, sync, jobId }: Walker,
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
    .where('job_id', '=', jobId)
    .where('next', 'is not distinct from', lane.next)
    .where('after_id', 'is not distinct from', lane.after_id)
    .where(sql<boolean>`page_ids is not distinct from ${lane.page_ids && JSON.stringify(lane.page_ids)}::jsonb`)
    .where('finished_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return mine !== undefined
}

/**
 * After a lane has finished: ends its sync when it was the last.
 *
 * @returns whether it was
 */
export async function completeIfLast(trx: Trx, sync: Parameters<typeof completeSync>[1]): Promise<boolean> {
  const left = await trx
    .selectFrom('sync_lanes')
    .select('id')
    .where('sync_id', '=', sync.id)
    .where('finished_at', 'is', null)
    .executeTakeFirst()
  return !left && completeSync(trx, sync)
}
