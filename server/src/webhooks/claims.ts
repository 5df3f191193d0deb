import { type Selectable, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { WebhookDeliveryTable, WebhookEventTable } from '../db/schema.ts'
import { findDue, lockFree, type Queue, queues, unclaimed } from './due.ts'
import { eventId, type OutgoingEvent, type WebhookFormat } from './messages.ts'
import { LEASE_MS, later } from './schedule.ts'

/** A delivery that this process alone may send, until its lease ends. */
export interface Claim {
  id: string
  webhookId: number
  /** Also what proves the claim: nobody else holds one that ends at this time. */
  until: Date
  /** The one request that finds out whether a paused webhook is back. */
  probe: boolean
  /** Counting this one. */
  attempt: number
  backoff: number
  firstFailedAt: Date | null
  event: OutgoingEvent
  url: string
  format: WebhookFormat
  sealedKey: string
}

type ClaimedRow = Pick<Selectable<WebhookDeliveryTable>, 'id' | 'attempts' | 'backoff' | 'first_failed_at'> &
  Pick<
    Selectable<WebhookEventTable>,
    'public_id' | 'type' | 'customer_id' | 'object_type' | 'object_id' | 'information' | 'created_at'
  >

/** A webhook with something due. */
export interface DueWebhook {
  id: number
  url: string
  format: WebhookFormat
  sealed_key: string | null
  paused_until: Date | null
  /** Whether something never tried, and whether something to be tried again is due. */
  new: boolean
  again: boolean
}

/** The webhooks that have something due and are not paused. */
export async function dueWebhooks(db: Db, now: Date): Promise<DueWebhook[]> {
  const rows = await db
    .selectFrom('webhooks')
    .select(['id', 'url', 'format', 'sealed_key', 'paused_until'])
    .select((eb) => {
      // Not `exists`: without statistics, PostgreSQL would read all that is due to find out.
      const first = (queue: Queue) =>
        eb
          .selectFrom('webhook_deliveries')
          .select('webhook_deliveries.id')
          .whereRef('webhook_id', '=', 'webhooks.id')
          .where(queues[queue])
          .where('next_attempt_at', '<=', now)
          .where((inner) => unclaimed(inner, now))
          .orderBy('next_attempt_at')
          .limit(1)
      return [first('new').as('new'), first('again').as('again')]
    })
    .where('deleted_at', 'is', null)
    .where((eb) => eb.or([eb('paused_until', 'is', null), eb('paused_until', '<=', now)]))
    .orderBy('id')
    .execute()
  return rows
    .map((row) => ({ ...row, new: row.new !== null, again: row.again !== null }))
    .filter((row) => row.new || row.again)
}

/** Takes up to `want` deliveries of a webhook that may go now. */
export async function claimDue(
  db: Db,
  webhook: DueWebhook,
  want: number,
  now: Date,
): Promise<{ claims: Claim[]; more: boolean }> {
  const find = (queue: Queue, count: number) =>
    webhook[queue] ? findDue(db, webhook.id, queue, count, now) : { ids: [], more: false }
  if (!webhook.paused_until) {
    // Half for each, where both have some: neither a pile of failures nor a flood of news keeps the other waiting.
    const again = await find('again', want)
    const fresh = await find('new', want)
    const share = Math.max(Math.ceil(want / 2), want - fresh.ids.length)
    const ids = [...again.ids.slice(0, share), ...fresh.ids].slice(0, want)
    return { claims: await claim(db, webhook, ids, false, now), more: again.more || fresh.more }
  }
  // Paused until now: whoever moves the end of the pause sends the probe.
  const won = await db
    .updateTable('webhooks')
    .set({ paused_until: later(now, LEASE_MS) })
    .where('id', '=', webhook.id)
    .where('paused_until', '=', webhook.paused_until)
    .returning('id')
    .executeTakeFirst()
  if (!won) return { claims: [], more: false }
  // What was never tried goes first: one event that always fails must not keep a healthy receiver paused.
  const fresh = await find('new', 1)
  const again = fresh.ids.length > 0 ? undefined : await find('again', 1)
  const claims = await claim(db, webhook, [...fresh.ids, ...(again?.ids ?? [])].slice(0, 1), true, now)
  if (claims.length === 0)
    await db
      .updateTable('webhooks')
      .set({ paused_until: webhook.paused_until })
      .where('id', '=', webhook.id)
      .where('paused_until', '=', later(now, LEASE_MS))
      .execute()
  return { claims, more: claims.length === 0 && (fresh.more || again?.more === true) }
}

async function claim(db: Db, webhook: DueWebhook, ids: string[], probe: boolean, now: Date): Promise<Claim[]> {
  const { sealed_key: sealedKey, url, format } = webhook
  if (ids.length === 0 || sealedKey === null) return []
  const until = later(now, LEASE_MS)
  const { rows } = await sql<ClaimedRow>`
    with own as materialized (${lockFree(ids, 'update')})
    update webhook_deliveries as delivery set claimed_until = ${until}::timestamptz
    from own, webhook_events as event
    where own.state = 'pending' and own.next_attempt_at <= ${now}::timestamptz
      and (own.claimed_until is null or own.claimed_until <= ${now}::timestamptz)
      and delivery.id = own.id and event.id = delivery.event_id
    returning delivery.id, delivery.attempts, delivery.backoff, delivery.first_failed_at, event.public_id, event.type,
      event.customer_id, event.object_type, event.object_id, event.information, event.created_at
  `.execute(db)
  return rows
    .map((row) => ({
      id: String(row.id),
      webhookId: webhook.id,
      until,
      probe,
      attempt: row.attempts + 1,
      backoff: row.backoff,
      firstFailedAt: row.first_failed_at,
      url,
      format,
      sealedKey,
      event: {
        id: eventId(row.public_id),
        type: row.type,
        customerId: row.customer_id,
        objectType: row.object_type,
        objectId: row.object_id,
        information: row.information,
        createdAt: row.created_at,
      },
    }))
    .sort((a, b) => Number(a.id) - Number(b.id))
}
