import type { Transaction } from 'kysely'
import { MAX_PAGE_IDS } from '../confluence/client.ts'
import { AtlassianError } from '../confluence/errors.ts'
import { MAX_BODY_BYTES } from '../confluence/request.ts'
import type { ConnectionRow, Schema, SyncLaneRow, SyncRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { holdLane, layLane } from './lane-steps.ts'
import type { Claim } from './queue.ts'

// What a lane does about a response that fails because of what is in it: it asks for half as many pages, until the one that
// fails is alone. After two that went well it asks for twice as many again.

const SOUND = 2

/** Whether fewer pages may get an answer: the answer was too large, too slow or broken, or Atlassian failed to make it. */
export const mayBeThePages = (error: unknown): error is AtlassianError =>
  error instanceof AtlassianError &&
  (error.code === 'too_large' ||
    error.code === 'unexpected_answer' ||
    // 503 says that the site is busy, whatever was asked.
    (error.code === 'unavailable' && (error.status === undefined || (error.status >= 500 && error.status !== 503))))

/** The size after a response of `bytes`. It stays small where twice as much might be too large. */
export function grown(
  { page_size, sound, restarts }: SyncLaneRow,
  bytes: number,
): { page_size?: number; sound?: number } {
  if (page_size >= MAX_PAGE_IDS) return {}
  // Whose cursor was refused keeps to one size.
  const mayGrow = sound + 1 >= SOUND && bytes <= MAX_BODY_BYTES / 4 && restarts === 0
  return mayGrow
    ? { page_size: Math.min(MAX_PAGE_IDS, page_size * 2), sound: 0 }
    : { sound: Math.min(SOUND, sound + 1) }
}

interface Walker {
  services: Pick<Services, 'db' | 'queue'>
  connection: Pick<ConnectionRow, 'id'>
  sync: Pick<SyncRow, 'id'>
  claim: Claim
}

/** Changes a lane without a response. @returns undefined when it is no longer ours */
const change = (
  walk: Walker,
  lane: SyncLaneRow,
  write: (trx: Transaction<Schema>) => Promise<SyncLaneRow>,
): Promise<SyncLaneRow | undefined> =>
  walk.services.db
    .transaction()
    .execute(async (trx) => ((await holdLane(trx, walk, lane, { requests: 1, points: 1 })) ? write(trx) : undefined))

/** Asks for half as many from now on. */
export const askForLess = (walk: Walker, lane: SyncLaneRow, limit: number): Promise<SyncLaneRow | undefined> =>
  change(walk, lane, (trx) =>
    trx
      .updateTable('sync_lanes')
      .set({ page_size: Math.ceil(limit / 2), sound: 0 })
      .where('id', '=', lane.id)
      .returningAll()
      .executeTakeFirstOrThrow(),
  )

/** Splits a lane whose ids were refused, so that the one to blame is alone in the end. */
export const split = (walk: Walker, lane: SyncLaneRow, ids: readonly string[]): Promise<SyncLaneRow | undefined> =>
  change(walk, lane, async (trx) => {
    const half = Math.ceil(ids.length / 2)
    await layLane(walk.services.queue, trx, { sync_id: lane.sync_id, page_ids: ids.slice(half) })
    return trx
      .updateTable('sync_lanes')
      .set({ page_ids: JSON.stringify(ids.slice(0, half)) })
      .where('id', '=', lane.id)
      .returningAll()
      .executeTakeFirstOrThrow()
  })
