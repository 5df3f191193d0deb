import type { ConnectionRow, FlowRow, StoredSyncOptions, User } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { allowedScopes, oauthApp } from './apps.ts'
import type { OAuthApp, TokenSet } from './atlassian.ts'
import { randomToken, sha256 } from './encryption.ts'
import { FLOW_LIFE_MS, type FlowCookie, flowCookie } from './flow-cookie.ts'
import { type FlowErrorCode, flowErrors } from './flow-errors.ts'

/** Binds a sealed value to its flow and column. */
export const flowContext = (flowId: string, what: string) => `flow/${flowId}/${what}`
const newFlowId = () => `f_${randomToken().slice(0, 20)}`
export const inFlowLife = () => new Date(Date.now() + FLOW_LIFE_MS)

/** Where a flow stands now: a flow that ran out of time needs no job to say so. */
export function flowStatus(
  flow: Pick<FlowRow, 'status' | 'expires_at'>,
  now = Date.now(),
): FlowRow['status'] | 'expired' {
  const open = flow.status === 'created' || flow.status === 'authorizing' || flow.status === 'authorized'
  return open && flow.expires_at.getTime() <= now ? 'expired' : flow.status
}

interface NewFlow {
  user: User
  site: string
  options: StoredSyncOptions
}

/** Which app a flow leaves for Atlassian with: the code can be exchanged by no other, even if another is configured meanwhile. */
const issuer = (app: OAuthApp) => ({ client_id: app.clientId, redirect_uri: app.redirectUri })

/** How a flow that a page makes is completed. */
export type Completion =
  /** In a window that asks its opener for the secret. */
  | { kind: 'popup' }
  /** On the page of the app that the browser is sent back to. */
  | { kind: 'return'; returnUrl: string }
  /** On a page of this server that asks, in whatever browser opened the link. */
  | { kind: 'link' }

/** How long the address works at which a sign-in that returns to the app starts: it is gone to at once. In milliseconds. */
const START_LIFE_MS = 60_000

/** Makes the flow of a page. Only that page learns the secret; it works once. */
export async function createFlow(
  { db, keyring }: Pick<Services, 'db' | 'keyring'>,
  {
    user,
    site,
    options,
    origin,
    completion,
    supersedes,
  }: NewFlow & { origin: string; completion: Completion; supersedes?: string | undefined },
) {
  const secret = randomToken()
  const id = newFlowId()
  const flow = await db.transaction().execute(async (trx) => {
    if (supersedes)
      await trx
        .updateTable('flows')
        .set({
          status: 'cancelled',
          error_code: 'flow_superseded',
          error_message: flowErrors.flow_superseded,
          sealed_code: null,
          sealed_tokens: null,
          updated_at: new Date(),
        })
        .where('id', '=', supersedes)
        .where('user_id', '=', user.id)
        .where('status', 'in', ['created', 'authorizing', 'authorized'])
        .execute()
    return trx
      .insertInto('flows')
      .values({
        id,
        kind: completion.kind,
        organization_id: user.organization_id,
        user_id: user.id,
        origin,
        requested_site: site,
        options: JSON.stringify(options),
        status: 'created',
        secret_hash: sha256(secret),
        expires_at: inFlowLife(),
        ...(completion.kind === 'return' && {
          sealed_return_url: keyring.seal(completion.returnUrl, flowContext(id, 'return')),
          start_by: new Date(Date.now() + START_LIFE_MS),
        }),
      })
      .returningAll()
      .executeTakeFirstOrThrow()
  })
  return { flow, secret }
}

/** Makes the flow of a link that carries no browser with it: whoever finishes it is asked before anything is given away. */
export async function createLink(
  services: Services,
  app: OAuthApp,
  { user, site, options, scopes }: NewFlow & { scopes?: string[] | undefined },
): Promise<string> {
  const state = randomToken()
  await services.db
    .insertInto('flows')
    .values({
      id: newFlowId(),
      kind: 'link',
      organization_id: user.organization_id,
      user_id: user.id,
      requested_site: site,
      options: JSON.stringify(options),
      status: 'authorizing',
      state_hash: sha256(state),
      ...issuer(app),
      expires_at: inFlowLife(),
    })
    .execute()
  return services.atlassian.authorizeUrl(app, state, scopes)
}

/** How long a person may pick pages on the hosted page, in milliseconds. */
const SYNC_LINK_LIFE_MS = 60 * 60_000
/** Path of the hosted page; a link's token follows. */
export const SYNC_PAGE_PATH = '/oauth/sync'

/** Makes a link to the hosted page of a connection, on which a person picks pages. The link is the credential, for an hour. */
export async function createSyncLink(
  { db, config }: Pick<Services, 'db' | 'config'>,
  user: User,
  connection: Pick<ConnectionRow, 'id' | 'site_host'>,
  options: StoredSyncOptions,
): Promise<string> {
  const token = randomToken()
  await db
    .insertInto('flows')
    .values({
      id: newFlowId(),
      kind: 'sync',
      organization_id: user.organization_id,
      user_id: user.id,
      requested_site: connection.site_host,
      options: JSON.stringify(options),
      status: 'connected',
      connection_id: connection.id,
      secret_hash: sha256(token),
      expires_at: new Date(Date.now() + SYNC_LINK_LIFE_MS),
    })
    .execute()
  return `${config.publicUrl}${SYNC_PAGE_PATH}/${token}`
}

/** The flow of a link to the hosted page, while it works. */
export const findSyncLink = ({ db }: Pick<Services, 'db'>, token: string): Promise<FlowRow | undefined> =>
  db
    .selectFrom('flows')
    .selectAll()
    .where('secret_hash', '=', sha256(token))
    .where('kind', '=', 'sync')
    .where('expires_at', '>', new Date())
    .executeTakeFirst()

export type Begun = { ok: true; url: string; cookie: FlowCookie } | { ok: false; code: FlowErrorCode }

/**
 * Binds a flow to the popup's browser and gives the way to Atlassian. Works once.
 *
 * @param origin the page that handed over the secret, as the browser told the popup: must be the one that made the flow
 */
export async function beginFlow(
  services: Services,
  { secret, origin }: { secret: string; origin: string },
): Promise<Begun> {
  const flow = await services.db
    .selectFrom('flows')
    .selectAll()
    .where('secret_hash', '=', sha256(secret))
    .where('kind', '=', 'popup')
    .executeTakeFirst()
  if (!flow) return { ok: false, code: 'state_invalid' }
  if (flowStatus(flow) === 'expired') return { ok: false, code: 'flow_expired' }
  if (flow.origin !== origin) return { ok: false, code: 'origin_not_allowed' }
  return bindFlow(services, flow)
}

/** Binds a flow to the browser that asks. Of several at once, one is bound. */
export async function bindFlow(services: Services, flow: FlowRow): Promise<Begun> {
  const { db, config, atlassian } = services
  const app = await oauthApp(services, flow.organization_id)
  if (!app) return { ok: false, code: 'provider_unavailable' }
  const state = randomToken()
  const bound = randomToken()
  const begun = await db
    .updateTable('flows')
    .set({
      status: 'authorizing',
      state_hash: sha256(state),
      cookie_hash: sha256(bound),
      secret_hash: null,
      ...issuer(app),
      updated_at: new Date(),
    })
    .where('id', '=', flow.id)
    .where('status', '=', 'created')
    .returning('id')
    .executeTakeFirst()
  if (!begun) return { ok: false, code: flow.status === 'cancelled' ? 'flow_cancelled' : 'state_invalid' }
  const scopes = await allowedScopes(services, flow.organization_id, flow.options.scopes)
  return {
    ok: true,
    url: atlassian.authorizeUrl(app, state, scopes),
    cookie: flowCookie(config.publicUrl, flow.id, bound),
  }
}

/** The tokens of an authorised flow. */
export function flowTokens(
  { keyring }: Pick<Services, 'keyring'>,
  flow: Pick<FlowRow, 'id' | 'sealed_tokens'>,
): TokenSet | undefined {
  if (!flow.sealed_tokens) return undefined
  const { accessToken, refreshToken, issuedAt, expiresAt } = JSON.parse(
    keyring.open(flow.sealed_tokens, flowContext(flow.id, 'tokens')),
  ) as Record<keyof TokenSet, string>
  return { accessToken, refreshToken, issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) }
}

/** Ends a flow at the person's wish. A flow that has ended already stays as it is. */
export async function cancelFlow({ db }: Pick<Services, 'db'>, flowId: string): Promise<void> {
  await db
    .updateTable('flows')
    .set({
      status: 'cancelled',
      error_code: 'flow_cancelled',
      error_message: flowErrors.flow_cancelled,
      sealed_code: null,
      sealed_tokens: null,
      updated_at: new Date(),
    })
    .where('id', '=', flowId)
    .where('status', 'in', ['created', 'authorizing', 'authorized'])
    .execute()
}

/** Forgets what expired flows hold, and flows that ended a day ago. */
export async function sweepFlows({ db }: Pick<Services, 'db'>): Promise<void> {
  const now = Date.now()
  await db
    .updateTable('flows')
    .set({ sealed_code: null, sealed_tokens: null, sealed_return_url: null })
    .where('expires_at', '<', new Date(now))
    .where((eb) =>
      eb.or([
        eb('sealed_code', 'is not', null),
        eb('sealed_tokens', 'is not', null),
        eb('sealed_return_url', 'is not', null),
      ]),
    )
    .execute()
  await db
    .deleteFrom('flows')
    .where('expires_at', '<', new Date(now - 24 * 60 * 60_000))
    .execute()
}
