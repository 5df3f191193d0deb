import { createRoute, z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { ConnectionRow, User } from '../db/schema.ts'
import { allowedScopes, oauthApp } from '../oauth/apps.ts'
import { createLink, createSyncLink } from '../oauth/flows.ts'
import { siteHost } from '../oauth/site.ts'
import type { Services } from '../services.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { connectOptions } from './carbon-schemas.ts'
import { storedOptions } from './connect.ts'
import { findDataSource } from './data-sources.ts'
import { HttpError } from './errors.ts'
import { boolean, integer, text } from './lax.ts'
import { asUser, carbonAnswers, createRouter, jsonBody } from './routes.ts'

const input = z
  .object({
    service: z.string(),
    confluence_subdomain: text.nullish(),
    connecting_new_account: boolean.nullish(),
    data_source_id: integer.nullish(),
    scopes: z.array(z.string().max(200)).max(50).nullish(),
    scope: z.string().max(2_000).nullish(),
    ...connectOptions,
  })
  .openapi('OAuthURLRequest')
type Input = z.output<typeof input>

const output = z.object({ oauth_url: z.string() }).openapi('OuthURLResponse')

/** Carbon's way to connect: a URL that the SaaS opens for its customer. */
export function oauthUrlRoutes(services: Services, authenticate: Authenticator) {
  const route = createRoute({
    method: 'post',
    path: '/integrations/oauth_url',
    tags: ['Integrations'],
    summary: 'A URL at which a customer signs in with Atlassian, or picks pages',
    description:
      'With `connecting_new_account`, or where nothing is connected yet, the customer signs in; that ends on a page of this server, which names who receives access and asks before anything is connected. Otherwise the URL leads to a page of this server on which the customer picks pages of the connected account, without another sign-in.',
    security: asUser,
    request: jsonBody(input),
    responses: carbonAnswers(output),
  })

  /** The data source that the call is about; undefined when a new one is to be connected. */
  async function existing(user: User, body: Input): Promise<ConnectionRow | undefined> {
    if (body.connecting_new_account) return undefined
    if (body.data_source_id) return findDataSource(services, user, body.data_source_id)
    const host = siteHost(body.confluence_subdomain ?? '')
    const active = await services.db
      .selectFrom('connections')
      .selectAll()
      .where('user_id', '=', user.id)
      .where('status', '=', 'active')
      .$if(host !== undefined, (query) => query.where('site_host', '=', host ?? ''))
      .execute()
    if (active.length > 1)
      throw new HttpError(
        400,
        'unknown',
        'Several data sources are connected: send data_source_id, or connecting_new_account: true to connect another.',
      )
    return active[0]
  }

  async function addTags({ id }: ConnectionRow, tags: Record<string, unknown> = {}): Promise<void> {
    if (Object.keys(tags).length === 0) return
    await services.db
      .updateTable('connections')
      .set({ tags: sql`tags || ${JSON.stringify(tags)}::jsonb`, updated_at: new Date() })
      .where('id', '=', id)
      .execute()
  }

  const scopes = (user: User, { scopes: list, scope }: Input): Promise<string[] | undefined> =>
    allowedScopes(services, user.organization_id, list?.length ? list : scope?.split(/[\s,]+/).filter(Boolean))

  const router = createRouter<Authenticated>()
  router.use(route.path, authenticate.user)
  return router.openapi(route, async (c) => {
    const { user } = c.var
    const body = c.req.valid('json')
    if (body.service.toUpperCase() !== 'CONFLUENCE')
      throw new HttpError(400, 'unknown', 'This server connects Confluence only: send service "CONFLUENCE".')
    const options = storedOptions(body)
    if (body.confluence_subdomain && !siteHost(body.confluence_subdomain)) throw notASite()
    const connection = await existing(user, body)
    if (connection?.status === 'active') {
      await addTags(connection, options.dataSourceTags)
      return c.json({ oauth_url: await createSyncLink(services, user, connection, options) }, 200)
    }

    const app = await oauthApp(services, user.organization_id)
    if (!app)
      throw new HttpError(
        400,
        'provider_unavailable',
        'No OAuth app is configured: set ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET on the server, or send client_id and client_secret to /white_label/create.',
      )
    const site = connection?.site_host ?? siteHost(body.confluence_subdomain ?? '')
    if (!site) throw notASite()
    const url = await createLink(services, app, { user, site, options, scopes: await scopes(user, body) })
    return c.json({ oauth_url: url }, 200)
  })
}

const notASite = () =>
  new HttpError(
    400,
    'site_not_found',
    'This is not the address of a Confluence site. Send a name like acme, or an address like acme.atlassian.net, as confluence_subdomain.',
  )
