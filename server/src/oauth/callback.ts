import type { FlowRow } from '../db/schema.ts'
import { oauthApp, type Services } from '../services.ts'
import { randomToken, sha256 } from './encryption.ts'
import { cookieName, type FlowCookie, flowCookie, isBound } from './flow-cookie.ts'
import { type FlowErrorCode, flowErrorOf, flowErrors } from './flow-errors.ts'
import { flowContext, flowStatus, inFlowLife } from './flows.ts'

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
      sealed_code: services.keyring.seal(code, flowContext(flow.id, 'code')),
      updated_at: new Date(),
    })
    .where('id', '=', flow.id)
    .execute()
  return { kind: 'ask', flow, ticket, cookie: flowCookie(config.publicUrl, flow.id, bound) }
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
  return authorize(services, flow, keyring.open(flow.sealed_code, flowContext(flow.id, 'code')))
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
        sealed_tokens: keyring.seal(JSON.stringify(tokens), flowContext(flow.id, 'tokens')),
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
