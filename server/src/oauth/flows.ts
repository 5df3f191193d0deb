import { AtlassianError } from '../confluence/errors.ts'
import type { FlowRow, StoredSyncOptions, User } from '../db/schema.ts'
import { oauthApp, type Services } from '../services.ts'
import { GrantRejectedError, type OAuthApp, type TokenSet } from './atlassian.ts'
import { equalInConstantTime, randomToken, sha256 } from './encryption.ts'
import { type FlowErrorCode, flowErrors } from './flow-errors.ts'

/** How long a person has for a sign-in, in milliseconds; from the authorisation on, once more for the choice of a site. */
const FLOW_LIFE_MS = 15 * 60_000

const context = (flowId: string, what: string) => `flow/${flowId}/${what}`
const newFlowId = () => `f_${randomToken().slice(0, 20)}`
const inFlowLife = () => new Date(Date.now() + FLOW_LIFE_MS)

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

/** Makes the flow of a popup. The secret goes to the page that asked, which hands it to its popup. */
export async function createFlow(
  { db }: Pick<Services, 'db'>,
  { user, site, options, origin, supersedes }: NewFlow & { origin: string; supersedes?: string | undefined },
) {
  const secret = randomToken()
  const flow = await db.transaction().execute(async (trx) => {
    if (supersedes)
      await trx
        .updateTable('flows')
        .set({
          status: 'cancelled',
          error_code: 'flow_superseded',
          error_message: flowErrors.flow_superseded,
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
        id: newFlowId(),
        kind: 'popup',
        organization_id: user.organization_id,
        user_id: user.id,
        origin,
        requested_site: site,
        options: JSON.stringify(options),
        status: 'created',
        secret_hash: sha256(secret),
        expires_at: inFlowLife(),
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
      expires_at: inFlowLife(),
    })
    .execute()
  return services.atlassian.authorizeUrl(app, state, scopes)
}

/** A cookie that binds a flow to the browser that started it. */
export interface FlowCookie {
  name: string
  value: string
  secure: boolean
  maxAgeSeconds: number
}

/** `__Host-` keeps subdomains from setting it; loopback http cannot have that prefix. */
export const cookieName = (publicUrl: string, flowId: string) =>
  `${publicUrl.startsWith('https://') ? '__Host-' : ''}cc_${flowId}`

const cookie = (publicUrl: string, flowId: string, value: string): FlowCookie => ({
  name: cookieName(publicUrl, flowId),
  value,
  secure: publicUrl.startsWith('https://'),
  maxAgeSeconds: FLOW_LIFE_MS / 1000,
})

export type Begun = { ok: true; url: string; cookie: FlowCookie } | { ok: false; code: FlowErrorCode }

/**
 * Binds a flow to the popup's browser and gives the way to Atlassian. Works once.
 *
 * @param origin the page that handed over the secret, as the browser told the popup: must be the one that made the flow
 */
export async function beginFlow(
  services: Services,
  app: OAuthApp,
  { secret, origin }: { secret: string; origin: string },
): Promise<Begun> {
  const { db, config, atlassian } = services
  const flow = await db.selectFrom('flows').selectAll().where('secret_hash', '=', sha256(secret)).executeTakeFirst()
  if (!flow) return { ok: false, code: 'state_invalid' }
  if (flowStatus(flow) === 'expired') return { ok: false, code: 'flow_expired' }
  if (flow.origin !== origin) return { ok: false, code: 'origin_not_allowed' }
  const state = randomToken()
  const bound = randomToken()
  const begun = await db
    .updateTable('flows')
    .set({
      status: 'authorizing',
      state_hash: sha256(state),
      cookie_hash: sha256(bound),
      secret_hash: null,
      updated_at: new Date(),
    })
    .where('id', '=', flow.id)
    .where('status', '=', 'created')
    .returning('id')
    .executeTakeFirst()
  if (!begun) return { ok: false, code: flow.status === 'cancelled' ? 'flow_cancelled' : 'state_invalid' }
  return { ok: true, url: atlassian.authorizeUrl(app, state), cookie: cookie(config.publicUrl, flow.id, bound) }
}

/** What the page after the callback shows. */
export type CallbackResult =
  | { kind: 'authorized'; flow: FlowRow }
  /** A link: name who receives access, and ask. The ticket and the cookie belong together and work once. */
  | { kind: 'ask'; flow: FlowRow; ticket: string; cookie: FlowCookie }
  | { kind: 'failed'; code: FlowErrorCode; flow?: FlowRow }

export interface CallbackParameters {
  state: string | undefined
  code: string | undefined
  error: string | undefined
  readCookie: (name: string) => string | undefined
}

/** `GET /integrations/confluence`: the browser comes back from Atlassian. */
export async function handleCallback(
  services: Services,
  { state, code, error, readCookie }: CallbackParameters,
): Promise<CallbackResult> {
  const { db, config } = services
  const flow = state
    ? await db.selectFrom('flows').selectAll().where('state_hash', '=', sha256(state)).executeTakeFirst()
    : undefined
  if (!flow || flow.state_used_at) return { kind: 'failed', code: 'state_invalid' }
  if (flow.status === 'cancelled') return { kind: 'failed', code: 'flow_cancelled', flow }
  if (flowStatus(flow) === 'expired') return { kind: 'failed', code: 'flow_expired', flow }

  // Of two callbacks at once, one goes on: the code must not be exchanged twice.
  const used = await db
    .updateTable('flows')
    .set({ state_used_at: new Date() })
    .where('id', '=', flow.id)
    .where('state_used_at', 'is', null)
    .where('status', '=', 'authorizing')
    .returning('id')
    .executeTakeFirst()
  if (!used) return { kind: 'failed', code: 'state_invalid' }

  if (flow.kind === 'popup' && !isBound(flow, readCookie(cookieName(config.publicUrl, flow.id))))
    return fail(services, flow, 'browser_mismatch')
  if (error || !code) return fail(services, flow, error === 'access_denied' ? 'access_denied' : 'unknown')
  if (flow.kind === 'popup') return authorize(services, flow, code)

  const ticket = randomToken()
  const bound = randomToken()
  await db
    .updateTable('flows')
    .set({
      secret_hash: sha256(ticket),
      cookie_hash: sha256(bound),
      sealed_code: services.keyring.seal(code, context(flow.id, 'code')),
      updated_at: new Date(),
    })
    .where('id', '=', flow.id)
    .execute()
  return { kind: 'ask', flow, ticket, cookie: cookie(config.publicUrl, flow.id, bound) }
}

/** The person agreed on the page that a link ends on: now the code is exchanged. */
export async function approveLink(
  services: Services,
  { ticket, readCookie }: { ticket: string; readCookie: CallbackParameters['readCookie'] },
): Promise<CallbackResult> {
  const { db, config, keyring } = services
  const flow = await db
    .selectFrom('flows')
    .selectAll()
    .where('secret_hash', '=', sha256(ticket))
    .where('kind', '=', 'link')
    .executeTakeFirst()
  if (!flow?.sealed_code || flow.status !== 'authorizing') return { kind: 'failed', code: 'state_invalid' }
  if (flowStatus(flow) === 'expired') return { kind: 'failed', code: 'flow_expired', flow }
  if (!isBound(flow, readCookie(cookieName(config.publicUrl, flow.id)))) return fail(services, flow, 'browser_mismatch')
  const taken = await db
    .updateTable('flows')
    .set({ sealed_code: null })
    .where('id', '=', flow.id)
    .where('sealed_code', 'is not', null)
    .returning('id')
    .executeTakeFirst()
  if (!taken) return { kind: 'failed', code: 'state_invalid' }
  return authorize(services, flow, keyring.open(flow.sealed_code, context(flow.id, 'code')))
}

/** The flow of an approved link whose person has yet to choose a site. */
export async function flowOfTicket(
  { db, config }: Services,
  { ticket, readCookie }: { ticket: string; readCookie: CallbackParameters['readCookie'] },
): Promise<FlowRow | undefined> {
  const flow = await db
    .selectFrom('flows')
    .selectAll()
    .where('secret_hash', '=', sha256(ticket))
    .where('kind', '=', 'link')
    .executeTakeFirst()
  return flow && isBound(flow, readCookie(cookieName(config.publicUrl, flow.id))) ? flow : undefined
}

const isBound = (flow: FlowRow, value: string | undefined) =>
  value !== undefined && flow.cookie_hash !== null && equalInConstantTime(sha256(value), flow.cookie_hash)

async function fail({ db, log }: Services, flow: FlowRow, code: FlowErrorCode): Promise<CallbackResult> {
  const failed = await db
    .updateTable('flows')
    .set({
      status: 'failed',
      error_code: code,
      error_message: flowErrors[code],
      sealed_code: null,
      sealed_tokens: null,
      updated_at: new Date(),
    })
    .where('id', '=', flow.id)
    .where('status', 'in', ['created', 'authorizing', 'authorized'])
    .returningAll()
    .executeTakeFirst()
  log.info({ flowId: flow.id, code }, 'sign-in failed')
  return { kind: 'failed', code, flow: failed ?? flow }
}

/** Exchanges the code and learns who signed in and for which sites. */
async function authorize(services: Services, flow: FlowRow, code: string): Promise<CallbackResult> {
  const { db, atlassian, keyring, log } = services
  const app = oauthApp(services)
  if (!app) return fail(services, flow, 'provider_unavailable')
  try {
    const tokens = await atlassian.exchangeCode(app, code)
    const [{ sites, scopeMissing }, account] = await Promise.all([
      atlassian.sites(tokens.accessToken),
      atlassian.account(tokens.accessToken),
    ])
    if (sites.length === 0) return fail(services, flow, scopeMissing ? 'scope_missing' : 'no_confluence_access')
    const authorized = await db
      .updateTable('flows')
      .set({
        status: 'authorized',
        sealed_tokens: keyring.seal(JSON.stringify(tokens), context(flow.id, 'tokens')),
        account: JSON.stringify(account),
        sites: JSON.stringify(sites),
        expires_at: inFlowLife(),
        updated_at: new Date(),
      })
      .where('id', '=', flow.id)
      .where('status', '=', 'authorizing')
      .returningAll()
      .executeTakeFirst()
    // Cancelled while Atlassian answered: the tokens are dropped with this call.
    if (!authorized) return { kind: 'failed', code: 'flow_cancelled', flow }
    log.info({ flowId: flow.id, sites: sites.length }, 'sign-in authorised')
    return { kind: 'authorized', flow: authorized }
  } catch (error) {
    log.warn({ flowId: flow.id, error: (error as Error).message }, 'sign-in could not be completed')
    return fail(services, flow, flowErrorOf(error))
  }
}

/** The tokens of an authorised flow. */
export function flowTokens(
  { keyring }: Pick<Services, 'keyring'>,
  flow: Pick<FlowRow, 'id' | 'sealed_tokens'>,
): TokenSet | undefined {
  if (!flow.sealed_tokens) return undefined
  const { accessToken, refreshToken, issuedAt, expiresAt } = JSON.parse(
    keyring.open(flow.sealed_tokens, context(flow.id, 'tokens')),
  ) as Record<keyof TokenSet, string>
  return { accessToken, refreshToken, issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) }
}

/** What an error while talking to Atlassian means for a flow. */
export function flowErrorOf(error: unknown): FlowErrorCode {
  if (error instanceof GrantRejectedError) return 'token_exchange_failed'
  if (!(error instanceof AtlassianError)) return 'unknown'
  const codes: Partial<Record<AtlassianError['code'], FlowErrorCode>> = {
    scope_missing: 'scope_missing',
    forbidden: 'no_confluence_access',
    rate_limited: 'rate_limited',
    unavailable: 'provider_unavailable',
    unexpected_answer: 'provider_unavailable',
  }
  return codes[error.code] ?? 'token_exchange_failed'
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
    .set({ sealed_code: null, sealed_tokens: null })
    .where('expires_at', '<', new Date(now))
    .where((eb) => eb.or([eb('sealed_code', 'is not', null), eb('sealed_tokens', 'is not', null)]))
    .execute()
  await db
    .deleteFrom('flows')
    .where('expires_at', '<', new Date(now - 24 * 60 * 60_000))
    .execute()
}
