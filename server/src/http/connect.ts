import { createRoute, z } from '@hono/zod-openapi'
import type { StoredSyncOptions } from '../db/schema.ts'
import { connectDirectly } from '../oauth/direct.ts'
import { siteHost } from '../oauth/site.ts'
import type { Services } from '../services.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { connectOptions, dataSource } from './carbon-schemas.ts'
import { HttpError } from './errors.ts'
import { givenTags } from './given-tags.ts'
import { asUser, carbonAnswers, createRouter, jsonBody } from './routes.ts'
import { dataSourceView } from './views.ts'

const options = z.object(connectOptions)

const input = z
  .object({
    authentication: z.object({
      source: z.string(),
      access_token: z.string().max(20_000).nullish(),
      refresh_token: z.string().max(20_000).nullish(),
      subdomain: z.string().max(2_000).nullish(),
    }),
    sync_options: options.nullish(),
  })
  .openapi('ConnectDataSourceInput')
const output = z.object({ data_source: dataSource, sync_url: z.null() }).openapi('ConnectDataSourceResponse')

/** Carbon's options as a connection keeps them. */
export const storedOptions = (given: z.output<typeof options>): StoredSyncOptions => ({
  tags: givenTags(given.tags),
  dataSourceTags: givenTags(given.data_source_tags),
  requestId: given.request_id || undefined,
  fileSyncConfig: given.file_sync_config ?? undefined,
  syncFilesOnConnection: given.sync_files_on_connection ?? true,
  syncSourceItems: given.sync_source_items ?? true,
  incrementalSync: given.incremental_sync ?? false,
})

const refusals = {
  token_refused: [
    400,
    'Atlassian does not accept this access_token: it is expired, revoked, or of another environment.',
  ],
  site_mismatch: [400, 'This access_token does not reach that site: check subdomain, and which sites were granted.'],
  scope_missing: [
    400,
    'This access_token lacks a scope: read:me, read:page:confluence and read:space:confluence are needed.',
  ],
  no_confluence_access: [400, 'This account may not enter Confluence on that site. Ask a Confluence admin for access.'],
  unavailable: [503, 'Atlassian did not answer as it should. Try again in a minute.'],
} as const

/** Connects with tokens that the caller got from Atlassian itself. */
export function connectRoutes(services: Services, authenticate: Authenticator) {
  const route = createRoute({
    method: 'post',
    path: '/integrations/connect',
    tags: ['Integrations'],
    summary: 'Connects a data source with tokens of your own',
    description:
      'Tokens are refreshed with the OAuth app of `/white_label/create`, else with that of the server: it must be the one that issued them. Without `refresh_token` the connection ends when the token does.',
    security: asUser,
    request: jsonBody(input),
    responses: carbonAnswers(output),
  })
  const router = createRouter<Authenticated>()
  router.use(route.path, authenticate.user)
  return router.openapi(route, async (c) => {
    const { user } = c.var
    const { authentication, sync_options } = c.req.valid('json')
    if (authentication.source !== 'CONFLUENCE')
      throw new HttpError(400, 'unknown', 'This server connects Confluence only: send source "CONFLUENCE".')
    const host = siteHost(authentication.subdomain ?? '')
    if (!host || !authentication.access_token)
      throw new HttpError(
        400,
        'unknown',
        'authentication needs access_token and subdomain, such as acme or acme.atlassian.net.',
      )
    const connected = await connectDirectly(
      services,
      user,
      { accessToken: authentication.access_token, refreshToken: authentication.refresh_token || null, host },
      storedOptions(sync_options ?? {}),
    )
    if (!connected.ok) {
      const [status, message] = refusals[connected.code]
      throw new HttpError(status, connected.code === 'unavailable' ? 'provider_unavailable' : 'unknown', message)
    }
    return c.json({ data_source: dataSourceView(connected.connection, user), sync_url: null }, 200)
  })
}
