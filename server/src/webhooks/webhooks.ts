import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Db } from '../db/database.ts'
import type { WebhookTable } from '../db/schema.ts'
import type { Services } from '../services.ts'
import type { EventType } from './event-types.ts'
import { addDeliveries } from './events.ts'
import { formats, type WebhookFormat } from './messages.ts'
import { removeWebhook } from './retention.ts'
import { sealKey } from './signing-keys.ts'
import { checkTarget } from './targets.ts'

export type WebhookRow = Selectable<WebhookTable>

export const MAX_WEBHOOKS = 50

/** What stands in the way of a new webhook. */
export type WebhookProblem = 'url_invalid' | 'target_not_allowed' | 'webhook_exists' | 'webhook_limit'

export interface NewWebhook {
  organizationId: number
  url: string
  format: WebhookFormat
  /** Null is all of them. */
  events: EventType[] | null
}

/** Makes a webhook. Its signing key is told this once. */
export function addWebhook(
  { db, keyring, config }: Pick<Services, 'db' | 'keyring' | 'config'>,
  { organizationId, url, format, events }: NewWebhook,
): Promise<{ webhook: WebhookRow; signingKey: string } | WebhookProblem> {
  return db.transaction().execute(async (trx) => {
    const target = checkTarget(url, config.webhookAllowedNetworks)
    if (!(target instanceof URL)) return target
    // One after the other, so that the limit holds.
    await trx
      .selectFrom('organizations')
      .select('id')
      .where('id', '=', organizationId)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow()
    const existing = await trx
      .selectFrom('webhooks')
      .select(['url', 'format'])
      .where('organization_id', '=', organizationId)
      .where('deleted_at', 'is', null)
      .execute()
    if (existing.some((other) => other.url === url && other.format === format)) return 'webhook_exists'
    if (existing.length >= MAX_WEBHOOKS) return 'webhook_limit'
    const { id } = await trx
      .insertInto('webhooks')
      .values({ organization_id: organizationId, url, format, events: events && JSON.stringify(events) })
      .returning('id')
      .executeTakeFirstOrThrow()
    const signingKey = formats[format].makeKey()
    const webhook = await trx
      .updateTable('webhooks')
      .set({ sealed_key: sealKey(keyring, id, signingKey) })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    return { webhook, signingKey }
  })
}

export function findWebhook(db: Db, organizationId: number, id: number): Promise<WebhookRow | undefined> {
  return db
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
}

/** Ends a webhook at once, with what was still to be sent. */
export async function deleteWebhook(db: Db, organizationId: number, id: number, now = new Date()): Promise<boolean> {
  const deleted = await db
    .updateTable('webhooks')
    .set({ deleted_at: now, sealed_key: null })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  // A long queue is removed in the background.
  if (deleted) await removeWebhook(db, id, 1)
  return deleted !== undefined
}

/** Sends a `CHECKUP` to one webhook, whichever events it wants. */
export async function testWebhook(db: Db, webhook: WebhookRow, now = new Date()): Promise<void> {
  await db
    .transaction()
    .execute((trx) =>
      addDeliveries(
        trx,
        webhook.organization_id,
        [{ id: webhook.id, events: null }],
        [{ type: 'CHECKUP', customerId: '', objectType: 'NONE', objectId: null, key: `checkup:${randomUUID()}` }],
        now,
      ),
    )
}
