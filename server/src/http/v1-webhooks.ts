import { createRoute, z } from '@hono/zod-openapi'
import type { Services } from '../services.ts'
import { listDeliveries, resendDelivery, resendFailed } from '../webhooks/deliveries.ts'
import { type EventName, type EventType, eventNames } from '../webhooks/event-types.ts'
import { failureMessage } from '../webhooks/failures.ts'
import { eventId } from '../webhooks/messages.ts'
import { addWebhook, deleteWebhook, findWebhook, testWebhook, type WebhookRow } from '../webhooks/webhooks.ts'
import type { AuthenticatedOrganization, Authenticator } from './auth.ts'
import { done, success, timestamp } from './carbon-schemas.ts'
import { HttpError } from './errors.ts'
import { id, limit } from './query-params.ts'
import { asOrganization, createRouter, jsonBody, ourAnswers } from './routes.ts'
import { webhookRefused } from './webhooks.ts'

const names = Object.values(eventNames)
const typeOf = Object.fromEntries(Object.entries(eventNames).map(([type, name]) => [name, type])) as Record<
  EventName,
  EventType
>
const eventName = z.enum(names as [EventName, ...EventName[]])

const webhook = z
  .object({
    id: z.number().int(),
    url: z.string(),
    format: z.enum(['carbon', 'v1']),
    events: z.array(eventName).nullable().openapi({ description: 'Null: all.' }),
    status: z.enum(['active', 'flagged']),
    statusReason: z.string().nullable(),
    createdAt: timestamp,
  })
  .openapi('V1Webhook')
const webhooks = z.object({ webhooks: z.array(webhook) }).openapi('V1Webhooks')
const createInput = z
  .object({ url: z.string().trim(), events: z.array(eventName).min(1).optional() })
  .openapi('V1WebhookInput')
const created = z
  .object({ webhook, secret: z.string().openapi({ description: 'Told this once: `whsec_…`.' }) })
  .openapi('V1CreatedWebhook')

const delivery = z
  .object({
    id: z.string(),
    eventId: z.string(),
    type: eventName,
    customerId: z.string(),
    state: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.number().int(),
    nextAttemptAt: timestamp.nullable(),
    lastAttemptAt: timestamp.nullable(),
    lastStatus: z.number().int().nullable(),
    lastError: z.object({ code: z.string(), message: z.string() }).nullable(),
    durationMs: z.number().int().nullable(),
    createdAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .openapi('V1Delivery')
const deliveries = z
  .object({ deliveries: z.array(delivery), nextCursor: z.string().nullable() })
  .openapi('V1Deliveries')

const view = (row: WebhookRow): z.output<typeof webhook> => ({
  id: row.id,
  url: row.url,
  format: row.format,
  events: row.events?.map((type) => eventNames[type]) ?? null,
  status: row.status === 'FLAGGED' ? 'flagged' : 'active',
  statusReason: row.status_reason,
  createdAt: row.created_at.toISOString(),
})

type DeliveryRow = Awaited<ReturnType<typeof listDeliveries>>[number]
const deliveryView = (row: DeliveryRow): z.output<typeof delivery> => ({
  id: String(row.id),
  eventId: eventId(row.public_id),
  type: eventNames[row.type],
  customerId: row.customer_id,
  state: row.state,
  attempts: row.attempts,
  nextAttemptAt: row.state === 'pending' ? row.next_attempt_at.toISOString() : null,
  lastAttemptAt: row.last_attempt_at?.toISOString() ?? null,
  lastStatus: row.last_status,
  lastError: row.last_error ? { code: row.last_error, message: failureMessage(row.last_error) } : null,
  durationMs: row.last_duration_ms,
  createdAt: row.created_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
})

const bigId = z.string().regex(/^\d{1,18}$/)

/** Webhooks with a choice of events and one plain object each, and what became of deliveries of every webhook. */
export function v1WebhookRoutes(services: Services, authenticate: Authenticator) {
  const { db } = services
  const common = { tags: ['Webhooks'], security: asOrganization }
  const params = z.object({ id })

  async function find(organizationId: number, webhookId: number): Promise<WebhookRow> {
    const row = await findWebhook(db, organizationId, webhookId)
    if (!row) throw new HttpError(404, 'unknown', 'There is no such webhook in this organisation.')
    return row
  }

  const router = createRouter<AuthenticatedOrganization>()
  router.use('/v1/webhooks/*', authenticate.organization)

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/webhooks',
      summary: 'The webhooks of the organisation, of either format',
      responses: ourAnswers(webhooks),
      ...common,
    }),
    async (c) => {
      const rows = await db
        .selectFrom('webhooks')
        .selectAll()
        .where('organization_id', '=', c.var.organizationId)
        .where('deleted_at', 'is', null)
        .orderBy('id')
        .execute()
      return c.json({ webhooks: rows.map(view) }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/webhooks',
      summary: 'Registers a URL, for some events or for all',
      request: jsonBody(createInput),
      responses: ourAnswers(created),
      ...common,
    }),
    async (c) => {
      const { url, events } = c.req.valid('json')
      const added = await addWebhook(services, {
        organizationId: c.var.organizationId,
        url,
        format: 'v1',
        events: events?.map((name) => typeOf[name]) ?? null,
      })
      if (typeof added === 'string') throw webhookRefused(added)
      return c.json({ webhook: view(added.webhook), secret: added.signingKey }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/webhooks/{id}',
      summary: 'Ends a webhook, with what was still to be sent',
      request: { params },
      responses: ourAnswers(success),
      ...common,
    }),
    async (c) => {
      const row = await find(c.var.organizationId, c.req.valid('param').id)
      await deleteWebhook(db, c.var.organizationId, row.id)
      return c.json(done, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/webhooks/{id}/test',
      summary: 'Sends an event that means nothing, to see whether it arrives',
      request: { params },
      responses: ourAnswers(success),
      ...common,
    }),
    async (c) => {
      await testWebhook(db, await find(c.var.organizationId, c.req.valid('param').id))
      return c.json(done, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/webhooks/{id}/deliveries',
      summary: 'What became of each event, the newest first',
      description: 'Delivered ones are kept for a day, failed ones for a week.',
      request: {
        params,
        query: z.object({
          state: z.enum(['pending', 'delivered', 'failed']).optional(),
          cursor: bigId.optional(),
          limit,
        }),
      },
      responses: ourAnswers(deliveries),
      ...common,
    }),
    async (c) => {
      const row = await find(c.var.organizationId, c.req.valid('param').id)
      const { state, cursor, limit: wanted } = c.req.valid('query')
      const rows = await listDeliveries(db, row.id, { state, before: cursor, limit: wanted })
      const nextCursor = rows.length < wanted ? null : String(rows.at(-1)?.id)
      return c.json({ deliveries: rows.map(deliveryView), nextCursor }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/webhooks/{id}/deliveries/{deliveryId}/resend',
      summary: 'Sends one delivery again',
      request: { params: z.object({ id, deliveryId: bigId }) },
      responses: ourAnswers(success),
      ...common,
    }),
    async (c) => {
      const { id: webhookId, deliveryId } = c.req.valid('param')
      const row = await find(c.var.organizationId, webhookId)
      if (!(await resendDelivery(db, row.id, deliveryId)))
        throw new HttpError(404, 'unknown', 'There is no such delivery of this webhook.')
      return c.json(done, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/webhooks/{id}/resend',
      summary: 'Sends all deliveries again that failed for good',
      request: { params },
      responses: ourAnswers(z.object({ resent: z.number().int() }).openapi('V1Resent')),
      ...common,
    }),
    async (c) => {
      const row = await find(c.var.organizationId, c.req.valid('param').id)
      return c.json({ resent: await resendFailed(db, row.id) }, 200)
    },
  )

  return router
}
