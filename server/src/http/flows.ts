import { createRoute, z } from '@hono/zod-openapi'
import type { FlowRow, User } from '../db/schema.ts'
import { oauthApp } from '../oauth/apps.ts'
import { confirmFlow } from '../oauth/connect.ts'
import { flowErrors } from '../oauth/flow-errors.ts'
import { type Completion, cancelFlow, createFlow } from '../oauth/flows.ts'
import { completeFlow, startUrl } from '../oauth/returns.ts'
import { siteHost } from '../oauth/site.ts'
import type { Services } from '../services.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { HttpError } from './errors.ts'
import { givenTags } from './given-tags.ts'
import type { Origins } from './origins.ts'
import { asUser, createRouter, jsonBody, ourAnswers } from './routes.ts'
import { completeFlowInput, confirmFlowInput, createdFlow, createFlowInput, flow } from './v1-schemas.ts'
import { flowView } from './views.ts'

const params = z.object({ id: z.string().max(64) })

/** A page of the app that asks, and nobody else's: the browser is sent there. */
function returnUrlOf(origin: string, given: string | undefined): string {
  const url = given !== undefined && URL.canParse(given) ? new URL(given) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new HttpError(400, 'unknown', 'Send the http or https address of the page to come back to as returnUrl.')
  if (url.origin !== origin)
    throw new HttpError(400, 'origin_not_allowed', 'returnUrl must be of the origin of the page that asks.')
  // As it was understood, so that no browser understands it differently.
  return url.href
}

const common = { tags: ['Connect flow'], security: asUser }

/** Sign-ins, as the component drives and watches them. */
export function flowRoutes(services: Services, authenticate: Authenticator, origins: Origins) {
  const { db } = services

  async function find(user: User, id: string): Promise<FlowRow> {
    const row = await db
      .selectFrom('flows')
      .selectAll()
      .where('id', '=', id)
      .where('user_id', '=', user.id)
      .executeTakeFirst()
    if (!row) throw new HttpError(404, 'state_invalid', 'There is no such sign-in for this user.')
    return row
  }

  async function view(user: User, id: string) {
    const row = await find(user, id)
    const connection = row.connection_id
      ? await db.selectFrom('connections').selectAll().where('id', '=', row.connection_id).executeTakeFirst()
      : undefined
    return flowView(row, connection)
  }

  const router = createRouter<Authenticated>()
  router.use('/v1/flows/*', authenticate.user)

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/flows',
      summary: 'Start a sign-in',
      description:
        'Called by the page that wants to connect. For `popup` the secret goes to the window by postMessage; for `return` and `link` the browser goes to `url`. Both work once.',
      request: jsonBody(createFlowInput),
      responses: ourAnswers(createdFlow),
      ...common,
    }),
    async (c) => {
      const {
        site,
        supersedes,
        completion: kind = 'popup',
        returnUrl,
        tags,
        dataSourceTags,
        ...rest
      } = c.req.valid('json')
      const options = { ...rest, tags: givenTags(tags), dataSourceTags: givenTags(dataSourceTags) }
      if (!(await oauthApp(services, c.var.user.organization_id)))
        throw new HttpError(
          503,
          'provider_unavailable',
          'No OAuth app is configured: set ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET on the server.',
        )
      const host = siteHost(site)
      if (!host)
        throw new HttpError(
          400,
          'site_not_found',
          'That is not a Confluence site. Send a subdomain like acme, or a host name like acme.atlassian.net.',
        )
      const origin = c.req.header('origin')
      if (!origin || !origins.allows(origin))
        throw new HttpError(400, 'origin_not_allowed', flowErrors.origin_not_allowed)
      const completion: Completion = kind === 'return' ? { kind, returnUrl: returnUrlOf(origin, returnUrl) } : { kind }
      const { flow, secret } = await createFlow(services, {
        user: c.var.user,
        site: host,
        options,
        origin,
        completion,
        supersedes,
      })
      const given = kind === 'popup' ? { secret, url: null } : { secret: '', url: startUrl(services, secret) }
      c.header('cache-control', 'no-store')
      return c.json({ flow: flowView(flow, undefined), ...given }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/flows/{id}',
      summary: 'Where a sign-in stands',
      request: { params },
      responses: ourAnswers(flow),
      ...common,
    }),
    async (c) => {
      c.header('cache-control', 'no-store')
      return c.json(await view(c.var.user, c.req.valid('param').id), 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/flows/{id}/complete',
      summary: 'Complete a sign-in that came back to the app',
      description:
        'Called by the page at `returnUrl`, as the user who began. Only then is the code exchanged. Repeating the call changes nothing.',
      request: { params, ...jsonBody(completeFlowInput) },
      responses: ourAnswers(flow),
      ...common,
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { user } = c.var
      const completed = await completeFlow(services, user, { id, proof: c.req.valid('json').proof })
      if (completed === 'not_returned')
        throw new HttpError(409, 'state_invalid', 'This sign-in has not come back from Atlassian to this browser.')
      c.header('cache-control', 'no-store')
      // What is unknown to the one is unknown to the other.
      return c.json(await view(user, id), 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/flows/{id}/confirm',
      summary: 'Connect one of the granted sites',
      description: 'Starts the sync of all pages. Repeating the call gives the same connection.',
      request: { params, ...jsonBody(confirmFlowInput) },
      responses: ourAnswers(flow),
      ...common,
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const found = await find(c.var.user, id)
      if (found.kind === 'link' && found.status === 'authorized')
        throw new HttpError(409, 'state_invalid', 'A link is confirmed by the person who opened it.')
      const confirmed = await confirmFlow(services, found, c.req.valid('json').cloudId)
      if (!confirmed.ok) {
        const message =
          confirmed.code === 'site_mismatch'
            ? 'That site is not among those that were granted.'
            : flowErrors[confirmed.code]
        throw new HttpError(
          confirmed.code === 'provider_unavailable' || confirmed.code === 'rate_limited' ? 503 : 409,
          confirmed.code,
          message,
        )
      }
      return c.json(await view(c.var.user, id), 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/flows/{id}/cancel',
      summary: 'Give a sign-in up',
      request: { params },
      responses: ourAnswers(flow),
      ...common,
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await find(c.var.user, id)
      await cancelFlow(services, id)
      return c.json(await view(c.var.user, id), 200)
    },
  )

  return router
}
