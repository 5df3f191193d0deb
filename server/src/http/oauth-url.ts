import { createRoute } from '@hono/zod-openapi'
import { createLink } from '../oauth/flows.ts'
import { siteHost } from '../oauth/site.ts'
import type { Services } from '../services.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { oauthUrlRequest, oauthUrlResponse } from './carbon-schemas.ts'
import { HttpError } from './errors.ts'
import { asUser, carbonAnswers, createRouter, jsonBody } from './routes.ts'

/** Carbon's way to connect: a URL that the SaaS opens for its customer. */
export function oauthUrlRoutes(services: Services, authenticate: Authenticator) {
  const route = createRoute({
    method: 'post',
    path: '/integrations/oauth_url',
    tags: ['Integrations'],
    summary: 'A URL at which a customer signs in with Atlassian',
    description:
      'The sign-in ends on a page of this server, which names who receives access and asks before anything is connected.',
    security: asUser,
    request: jsonBody(oauthUrlRequest),
    responses: carbonAnswers(oauthUrlResponse),
  })
  const router = createRouter<Authenticated>()
  router.use(route.path, authenticate.user)
  return router.openapi(route, async (c) => {
    const body = c.req.valid('json')
    if (body.service.toUpperCase() !== 'CONFLUENCE')
      throw new HttpError(400, 'unknown', 'This server connects Confluence only: send service "CONFLUENCE".')
    const app = oauthApp(services)
    if (!app)
      throw new HttpError(
        400,
        'provider_unavailable',
        'No OAuth app is configured: set ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET on the server.',
      )
    const site = siteHost(body.confluence_subdomain ?? '')
    if (!site)
      throw new HttpError(
        400,
        'site_not_found',
        'confluence_subdomain is missing or not a site: send a subdomain like acme, or a host name like acme.atlassian.net.',
      )
    const url = await createLink(services, app, {
      user: c.var.user,
      site,
      options: {
        ...(isRecord(body.tags) && { tags: body.tags }),
        ...(body.data_source_tags && { dataSourceTags: body.data_source_tags }),
        ...(body.request_id && { requestId: body.request_id }),
        ...(body.file_sync_config && { fileSyncConfig: body.file_sync_config }),
        syncFilesOnConnection: body.sync_files_on_connection ?? true,
        syncSourceItems: body.sync_source_items ?? true,
        incrementalSync: body.incremental_sync ?? false,
      },
    })
    return c.json({ oauth_url: url }, 200)
  })
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
