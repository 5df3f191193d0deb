import { randomUUID } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import type { Schema } from '../db/schema.ts'
import { carbonEvents, type EventType, type ObjectType } from './event-types.ts'

/** Something that webhooks are told. */
export interface WebhookEvent {
  type: EventType
  /** `''` for events of the whole organisation. */
  customerId: string
  objectType: ObjectType
  objectId: string | string[] | null
  /** Carbon's `additional_information`. */
  information?: Record<string, unknown>
  /**
   * What keeps order: events with the same key reach a webhook in the order in which they were recorded. For example
   * `file:12`, `upload:abc`, `data_source:3`. Lock what the key stands for before recording, or two transactions at once
   * record in no order.
   */
  key: string
  /** Also waits for earlier events with this key: a file's event for the `FILES_CREATED` of its upload. */
  afterKey?: string
}

/** Keeps a statement's one parameter small; a sync records hundreds at a time. */
const CHUNK = 1_000

/** Where events go: a webhook and the types it wants, null for all. */
export interface Subscription {
  id: number
  events: EventType[] | null
}

/**
 * Records events for every webhook of the organisation, in the transaction of the change that they tell of: they are
 * sent if and only if it is committed. One query where there are no webhooks.
 */
export async function recordEvents(
  trx: Transaction<Schema>,
  organizationId: number,
  events: readonly WebhookEvent[],
  now = new Date(),
): Promise<void> {
  if (events.length === 0) return
  // The lock keeps a webhook from being removed before its deliveries are written; it does not wait for the dispatcher.
  const webhooks = await trx
    .selectFrom('webhooks')
    .select(['id', 'events', 'format'])
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .forKeyShare()
    .execute()
  const subscriptions = webhooks.map(({ id, events: wanted, format }) => ({
    id,
    events: format === 'carbon' ? (wanted ?? carbonEvents) : wanted,
  }))
  await addDeliveries(trx, organizationId, subscriptions, events, now)
}

/** Writes events and their deliveries to the given webhooks. */
export async function addDeliveries(
  trx: Transaction<Schema>,
  organizationId: number,
  webhooks: readonly Subscription[],
  events: readonly WebhookEvent[],
  now: Date,
): Promise<void> {
  const wanted = events.filter(({ type }) => webhooks.some((webhook) => webhook.events?.includes(type) ?? true))
  for (let start = 0; start < wanted.length; start += CHUNK) {
    const rows = wanted.slice(start, start + CHUNK).map((event, position) => ({
      position,
      public_id: randomUUID(),
      type: event.type,
      customer_id: event.customerId,
      object_type: event.objectType,
      object_id: event.objectId,
      information: event.information ?? null,
      order_key: event.key,
      after_key: event.afterKey ?? null,
    }))
    const at = now.toISOString()
    await sql`
      with given as (
        select * from jsonb_to_recordset(${JSON.stringify(storable(rows))}::jsonb) as event (
          position integer, public_id uuid, type text, customer_id text, object_type text, object_id jsonb,
          information jsonb, order_key text, after_key text
        )
      ), added as (
        insert into webhook_events
          (public_id, organization_id, type, customer_id, object_type, object_id, information, created_at)
        select public_id, ${organizationId}::integer, type, customer_id, object_type, nullif(object_id, 'null'),
          nullif(information, 'null'), ${at}::timestamptz
        from given order by position
        returning id, public_id
      )
      insert into webhook_deliveries (webhook_id, event_id, order_key, after_key, next_attempt_at, created_at)
      select webhook.id, added.id, given.order_key, given.after_key, ${at}::timestamptz, ${at}::timestamptz
      from added
      join given using (public_id)
      cross join jsonb_to_recordset(${JSON.stringify(webhooks)}::jsonb) as webhook (id integer, events jsonb)
      where coalesce(webhook.events, 'null') = 'null' or webhook.events @> to_jsonb(given.type)
      order by added.id, webhook.id
    `.execute(trx)
  }
}

/** The same without what PostgreSQL cannot hold: U+0000 and halves of surrogate pairs. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd')
  if (Array.isArray(value)) return value.map(storable)
  if (value && typeof value === 'object' && !(value instanceof Date))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storable(inner)]))
  return value
}
