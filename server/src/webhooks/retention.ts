import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { rescueWaiting, unclaimed } from './due.ts'
import { EXPIRE_AFTER, EXPIRE_MS, KEEP_MS, later } from './schedule.ts'

/** In one transaction, which is to be short: the embedded database does nothing else meanwhile. */
const BATCH = 1_000
/** In one pass. The next one goes on. */
const BATCHES = 100

/** Gives up and forgets what has had its time. Runs every minute. */
export async function sweepWebhooks(db: Db, now = new Date()): Promise<void> {
  await expire(db, now)
  for (const state of ['delivered', 'failed'] as const)
    await removeInBatches(db, sql`state = ${sql.lit(state)} and finished_at < ${later(now, -KEEP_MS[state])}`)
  const deleted = await db.selectFrom('webhooks').select('id').where('deleted_at', 'is not', null).execute()
  for (const { id } of deleted) await removeWebhook(db, id)
}

/** Removes a webhook that was marked as deleted, once its deliveries are gone. */
export async function removeWebhook(db: Db, id: number, batches = BATCHES): Promise<void> {
  if (await removeInBatches(db, sql`webhook_id = ${id}`, batches))
    await db.deleteFrom('webhooks').where('id', '=', id).where('deleted_at', 'is not', null).execute()
}

/** @returns whether all are gone */
async function removeInBatches(db: Db, which: ReturnType<typeof sql>, batches = BATCHES): Promise<boolean> {
  for (let batch = 0; batch < batches; batch++) if ((await removeBatch(db, which)) < BATCH) return true
  return false
}

/** Removes deliveries, and the events that no webhook is told of any more. */
function removeBatch(db: Db, which: ReturnType<typeof sql>): Promise<number> {
  return db.transaction().execute(async (trx) => {
    // One process at a time: two that each removed one of an event's last two deliveries would both leave the event.
    await sql`select pg_advisory_xact_lock(7301987)`.execute(trx)
    const { rows } = await sql<{ event_id: string | number }>`
      delete from webhook_deliveries where id in (
        select id from webhook_deliveries where ${which} limit ${BATCH} for update skip locked
      ) returning event_id
    `.execute(trx)
    if (rows.length > 0)
      await trx
        .deleteFrom('webhook_events')
        .where(
          'id',
          'in',
          rows.map(({ event_id }) => event_id),
        )
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('webhook_deliveries')
                .select('webhook_deliveries.id')
                .whereRef('webhook_deliveries.event_id', '=', 'webhook_events.id'),
            ),
          ),
        )
        .execute()
    return rows.length
  })
}

/** Gives up what has waited too long for a webhook that takes nothing. */
async function expire(db: Db, now: Date): Promise<void> {
  const since = later(now, -EXPIRE_MS)
  const dead = await db
    .selectFrom('webhooks')
    .select('id')
    .where('failures', '>=', EXPIRE_AFTER)
    .where((eb) => eb.or([eb('last_success_at', 'is', null), eb('last_success_at', '<', since)]))
    .where('deleted_at', 'is', null)
    .execute()
  for (const { id } of dead) {
    const overdue = await db
      .selectFrom('webhook_deliveries')
      .select('id')
      .where('webhook_id', '=', id)
      .where('state', '=', 'pending')
      .where('next_attempt_at', '<', since)
      .limit(BATCH * BATCHES)
      .execute()
    for (let start = 0; start < overdue.length; start += BATCH)
      await db
        .updateTable('webhook_deliveries')
        .set({ state: 'failed', last_error: 'no_success', finished_at: now, claimed_until: null, waits_for: null })
        .where(
          'id',
          'in',
          overdue.slice(start, start + BATCH).map((delivery) => delivery.id),
        )
        .where('state', '=', 'pending')
        .where('next_attempt_at', '<', since)
        .where((eb) => unclaimed(eb, now))
        .execute()
    if (overdue.length > 0) await rescueWaiting(db)
  }
}
