import type { Selectable, UpdateObject } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Schema, WebhookDeliveryTable } from '../db/schema.ts'
import { unclaimed } from './due.ts'

export type DeliveryState = Selectable<WebhookDeliveryTable>['state']

/** A webhook's deliveries, newest first. */
export function listDeliveries(
  db: Db,
  webhookId: number,
  { state, before, limit }: { state?: DeliveryState | undefined; before?: string | undefined; limit: number },
) {
  return db
    .selectFrom('webhook_deliveries as delivery')
    .innerJoin('webhook_events as event', 'event.id', 'delivery.event_id')
    .select([
      'delivery.id',
      'delivery.state',
      'delivery.attempts',
      'delivery.next_attempt_at',
      'delivery.last_attempt_at',
      'delivery.last_status',
      'delivery.last_error',
      'delivery.last_duration_ms',
      'delivery.created_at',
      'delivery.finished_at',
      'event.public_id',
      'event.type',
      'event.customer_id',
    ])
    .where('delivery.webhook_id', '=', webhookId)
    .$if(state !== undefined, (query) => query.where('delivery.state', '=', state as DeliveryState))
    .$if(before !== undefined, (query) => query.where('delivery.id', '<', before as string))
    .orderBy('delivery.id', 'desc')
    .limit(limit)
    .execute()
}

/** As if it had just been recorded, in the order in which it was. */
const anew = (now: Date): UpdateObject<Schema, 'webhook_deliveries'> => ({
  state: 'pending',
  attempts: 0,
  backoff: 0,
  next_attempt_at: now,
  claimed_until: null,
  first_failed_at: null,
  finished_at: null,
  waits_for: null,
})

/** Sends a delivery again, whatever became of it. One that is under way is left alone. False when there is none. */
export async function resendDelivery(db: Db, webhookId: number, id: string, now = new Date()): Promise<boolean> {
  const found = await db
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('id', '=', id)
    .where('webhook_id', '=', webhookId)
    .executeTakeFirst()
  if (!found) return false
  await db
    .updateTable('webhook_deliveries')
    .set(anew(now))
    .where('id', '=', id)
    .where((eb) => unclaimed(eb, now))
    .execute()
  return true
}

const BATCH = 1_000

/** Sends all that failed again; how many those are. */
export async function resendFailed(db: Db, webhookId: number, now = new Date()): Promise<number> {
  let sent = 0
  for (let batch = BATCH; batch === BATCH; sent += batch) {
    const { numUpdatedRows } = await db
      .updateTable('webhook_deliveries')
      .set(anew(now))
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('webhook_deliveries')
          .select('id')
          .where('webhook_id', '=', webhookId)
          .where('state', '=', 'failed')
          .orderBy('id')
          .limit(BATCH)
          .forUpdate()
          .skipLocked(),
      )
      .executeTakeFirst()
    batch = Number(numUpdatedRows)
  }
  return sent
}
