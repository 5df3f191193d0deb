import { createRoute, z } from '@hono/zod-openapi'
import { type Selectable, sql } from 'kysely'
import { isLoopback } from '../config/config.ts'
import type { WhiteLabelTable } from '../db/schema.ts'
import { CALLBACK_PATH, sealSecret } from '../oauth/apps.ts'
import type { Services } from '../services.ts'
import type { AuthenticatedOrganization, Authenticator } from './auth.ts'
import { done, orderDirection, pagination, success, timestamp } from './carbon-schemas.ts'
import { HttpError } from './errors.ts'
import { integer, oneOrMany, orDefault } from './lax.ts'
import { countOf, paged } from './paged.ts'
import { asOrganization, carbonAnswers, createRouter, jsonBody } from './routes.ts'

const SOURCE = 'CONFLUENCE'

const input = z
  .object({
    data_source_type: z.string(),
    credentials: z.object({
      client_id: z.string().trim().min(1).max(500),
      redirect_uri: z.string().trim().max(2000),
      client_secret: z.string().trim().min(1).max(2000).nullish(),
    }),
  })
  .openapi('WhiteLabelInput')
type Input = z.output<typeof input>

const listInput = z
  .object({
    pagination,
    order_by: orDefault(z.enum(['created_at', 'data_source_type']), 'created_at'),
    order_dir: orderDirection('asc'),
    filters: z.object({ ids: z.array(integer).nullish(), data_source_type: oneOrMany(z.string()).nullish() }).nullish(),
  })
  .openapi('ListWhiteLabelRequest')
const deleteInput = z.object({ ids: z.array(integer) }).openapi('DeleteWhiteLabelRequest')

const whiteLabel = z
  .object({
    id: z.number().int(),
    organization_id: z.number().int(),
    data_source_type: z.string(),
    credentials: z.object({
      client_id: z.string(),
      redirect_uri: z.string(),
      client_secret: z.null().openapi({ description: 'Carbon gave it in clear; here it never leaves the server.' }),
      has_client_secret: z.boolean(),
    }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .openapi('WhiteLabel')
const listOutput = z.object({ results: z.array(whiteLabel), count: z.number().int() }).openapi('WhiteLabelList')

const view = (row: Selectable<WhiteLabelTable>): z.output<typeof whiteLabel> => ({
  id: row.id,
  organization_id: row.organization_id,
  data_source_type: row.data_source_type,
  credentials: {
    client_id: row.client_id,
    redirect_uri: row.redirect_uri,
    client_secret: null,
    has_client_secret: row.sealed_secret !== null,
  },
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})

/** Refuses what cannot work: Atlassian sends people to the redirect URI, and this server answers at one path. */
function check({ data_source_type, credentials }: Input): void {
  if (data_source_type !== SOURCE)
    throw new HttpError(400, 'unknown', 'This server connects Confluence only: send data_source_type "CONFLUENCE".')
  const url = URL.canParse(credentials.redirect_uri) ? new URL(credentials.redirect_uri) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (!url || !isSafe || url.pathname !== CALLBACK_PATH || url.search || url.hash || url.username)
    throw new HttpError(
      400,
      'unknown',
      `redirect_uri must be https, and its path ${CALLBACK_PATH}: the server's PUBLIC_URL, or a host name of yours that leads to it, followed by that path.`,
    )
}

/** An organisation's own OAuth app, with which its customers sign in: Carbon's white label. */
export function whiteLabelRoutes(services: Services, authenticate: Authenticator) {
  const { db } = services
  const common = { tags: ['White Label'], security: asOrganization }
  const create = createRoute({
    method: 'post',
    path: '/white_label/create',
    summary: 'Gives the organisation an OAuth app of its own',
    request: jsonBody(z.array(input).min(1).max(100)),
    responses: carbonAnswers(success),
    ...common,
  })
  const list = createRoute({
    method: 'post',
    path: '/white_label/list',
    summary: 'The OAuth apps of the organisation, without their secrets',
    request: jsonBody(listInput),
    responses: carbonAnswers(listOutput),
    ...common,
  })
  const update = createRoute({
    method: 'post',
    path: '/white_label/update',
    summary: 'Replaces the OAuth app',
    description: 'Without `client_secret` the stored one stays, unless `client_id` is another.',
    request: jsonBody(input),
    responses: carbonAnswers(success),
    ...common,
  })
  const remove = createRoute({
    method: 'post',
    path: '/white_label/delete',
    summary: 'Takes OAuth apps away',
    description: 'Tokens that they issued cannot be refreshed any more: syncs of those connections fail and say so.',
    request: jsonBody(deleteInput),
    responses: carbonAnswers(success),
    ...common,
  })
  const router = createRouter<AuthenticatedOrganization>()
  for (const { path } of [create, list, update, remove]) router.use(path, authenticate.organization)

  const values = (organizationId: number, { credentials }: Input) => ({
    client_id: credentials.client_id,
    redirect_uri: credentials.redirect_uri,
    sealed_secret: credentials.client_secret ? sealSecret(services, organizationId, credentials.client_secret) : null,
  })

  router.openapi(create, async (c) => {
    const { organizationId } = c.var
    const inputs = c.req.valid('json')
    for (const each of inputs) check(each)
    const [first] = inputs
    if (!first || inputs.length > 1)
      throw new HttpError(400, 'unknown', 'Send CONFLUENCE once: an organisation has one OAuth app for it.')
    const created = await db
      .insertInto('white_labels')
      .values({ organization_id: organizationId, data_source_type: SOURCE, ...values(organizationId, first) })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!created)
      throw new HttpError(409, 'unknown', 'This organisation has an OAuth app for CONFLUENCE: use /white_label/update.')
    return c.json(done, 200)
  })

  router.openapi(list, async (c) => {
    const query = c.req.valid('json')
    const { filters } = query
    // The defaults of Carbon's document are empty lists, so here they do not filter.
    const ids = filters?.ids?.length ? filters.ids : undefined
    const sources = filters?.data_source_type?.length ? filters.data_source_type : undefined
    const found = db
      .selectFrom('white_labels')
      .where((eb) =>
        eb.and([
          eb('organization_id', '=', c.var.organizationId),
          ...(ids ? [sql<boolean>`id = any(${ids}::int[])`] : []),
          ...(sources ? [sql<boolean>`data_source_type = any(${sources}::text[])`] : []),
        ]),
      )
    const rows = await found.selectAll().$call(paged(query)).execute()
    return c.json({ results: rows.map(view), count: await countOf(found) }, 200)
  })

  router.openapi(update, async (c) => {
    const { organizationId } = c.var
    const body = c.req.valid('json')
    check(body)
    const { sealed_secret, ...rest } = values(organizationId, body)
    const updated = await db
      .updateTable('white_labels')
      .set({
        ...rest,
        sealed_secret:
          sealed_secret ?? sql<string | null>`case when client_id = ${rest.client_id} then sealed_secret end`,
        updated_at: new Date(),
      })
      .where('organization_id', '=', organizationId)
      .where('data_source_type', '=', SOURCE)
      .returning('id')
      .executeTakeFirst()
    if (!updated)
      throw new HttpError(404, 'unknown', 'This organisation has no OAuth app for CONFLUENCE: use /white_label/create.')
    return c.json(done, 200)
  })

  router.openapi(remove, async (c) => {
    const { ids } = c.req.valid('json')
    await db
      .deleteFrom('white_labels')
      .where('organization_id', '=', c.var.organizationId)
      .where('id', '=', sql<number>`any(${ids}::int[])`)
      .execute()
    return c.json(done, 200)
  })

  return router
}
