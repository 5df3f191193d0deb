import { createRoute, z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { Services } from '../services.ts'
import { addWebhook, deleteWebhook, MAX_WEBHOOKS, type WebhookProblem, type WebhookRow } from '../webhooks/webhooks.ts'
import type { AuthenticatedOrganization, Authenticator } from './auth.ts'
import { done, orderDirection, pagination, success, timestamp } from './carbon-schemas.ts'
import { HttpError } from './errors.ts'
import { integer, orDefault } from './lax.ts'
import { countOf, paged } from './paged.ts'
import { asOrganization, carbonAnswers, createRouter, jsonBody } from './routes.ts'

const withoutKey = z
  .object({
    id: z.number().int(),
    organization_id: z.number().int(),
    url: z.string(),
    status: z.enum(['ACTIVE', 'FLAGGED']),
    status_reason: z.string().nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .openapi('WebhookNoKey')
const withKey = withoutKey.extend({ signing_key: z.string() }).openapi('Webhook')

const addInput = z.object({ url: z.string() }).openapi('AddWebhookProps')
const listInput = z
  .object({
    pagination,
    order_by: orDefault(z.enum(['created_at', 'updated_at']), 'updated_at'),
    order_dir: orderDirection('asc'),
    filters: z.object({ ids: z.array(integer).nullish() }).nullish(),
  })
  .openapi('WebhookQueryInput')
const listOutput = z.object({ results: z.array(withoutKey), count: z.number().int() }).openapi('WebhookQueryResponse')

const view = (row: WebhookRow): z.output<typeof withoutKey> => ({
  id: row.id,
  organization_id: row.organization_id,
  url: row.url,
  status: row.status,
  status_reason: row.status_reason,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})

const problems: Record<WebhookProblem, [status: 400 | 409, detail: string]> = {
  url_invalid: [400, 'url must be an http or https address without a user name, of at most 2,000 characters.'],
  target_not_allowed: [
    400,
    'url leads to an address that is not on the public internet. WEBHOOK_ALLOWED_NETWORKS of the server allows networks of your own.',
  ],
  webhook_exists: [409, 'This organisation has a webhook with this url. Delete that one first if you lost its key.'],
  webhook_limit: [400, `An organisation has at most ${MAX_WEBHOOKS} webhooks. Delete one that is not needed.`],
}

/** A refused webhook, as an answer. */
export function webhookRefused(problem: WebhookProblem): HttpError {
  const [status, detail] = problems[problem]
  return new HttpError(status, 'unknown', detail)
}

/** Carbon's webhooks: every event goes to every URL. */
export function webhookRoutes(services: Services, authenticate: Authenticator) {
  const { db } = services
  const common = { tags: ['Webhooks'], security: asOrganization }
  const add = createRoute({
    method: 'post',
    path: '/add_webhook',
    summary: 'Registers a URL for all events',
    description: 'The signing key is told this once.',
    request: jsonBody(addInput),
    responses: carbonAnswers(withKey),
    ...common,
  })
  const list = createRoute({
    method: 'post',
    path: '/webhooks',
    summary: 'The webhooks of the organisation',
    request: jsonBody(listInput),
    responses: carbonAnswers(listOutput),
    ...common,
  })
  const remove = createRoute({
    method: 'delete',
    path: '/delete_webhook/{webhook_id}',
    summary: 'Ends a webhook, with what was still to be sent',
    request: { params: z.object({ webhook_id: integer.openapi({ param: { name: 'webhook_id', in: 'path' } }) }) },
    responses: carbonAnswers(success),
    ...common,
  })
  const router = createRouter<AuthenticatedOrganization>()
  router.use(add.path, authenticate.organization)
  router.use(list.path, authenticate.organization)
  router.use('/delete_webhook/:webhook_id', authenticate.organization)

  router.openapi(add, async (c) => {
    const { organizationId } = c.var
    const added = await addWebhook(services, {
      organizationId,
      url: c.req.valid('json').url.trim(),
      format: 'carbon',
      events: null,
    })
    if (typeof added === 'string') throw webhookRefused(added)
    return c.json({ ...view(added.webhook), signing_key: added.signingKey }, 200)
  })

  router.openapi(list, async (c) => {
    const query = c.req.valid('json')
    const { filters } = query
    // The default of Carbon's document is an empty list, so here it does not filter.
    const ids = filters?.ids?.length ? filters.ids : undefined
    const found = db
      .selectFrom('webhooks')
      .where((eb) =>
        eb.and([
          eb('organization_id', '=', c.var.organizationId),
          eb('format', '=', 'carbon'),
          eb('deleted_at', 'is', null),
          ...(ids ? [sql<boolean>`id = any(${ids}::int[])`] : []),
        ]),
      )
    const rows = await found.selectAll().$call(paged(query)).execute()
    return c.json({ results: rows.map(view), count: await countOf(found) }, 200)
  })

  router.openapi(remove, async (c) => {
    const { webhook_id: id } = c.req.valid('param')
    if (!(await deleteWebhook(db, c.var.organizationId, id)))
      throw new HttpError(404, 'unknown', 'There is no such webhook in this organisation.')
    return c.json(done, 200)
  })

  return router
}
