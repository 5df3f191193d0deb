import { setTimeout as delay } from 'node:timers/promises'
import type { FlowRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { issuingApp } from './apps.ts'
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
  if (!flow) return { kind: 'failed', code: 'state_invalid' }
  const known = readCookie(cookieName(config.publicUrl, flow.id))
  if (flow.state_used_at)
    return flow.kind === 'link' && isBound(flow, known)
      ? askAgain(services, flow)
      : { kind: 'failed', code: 'state_invalid' }
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

  if (flow.kind === 'popup' && !isBound(flow, known)) return fail(services, flow, 'browser_mismatch')
  if (error || !code) return fail(services, flow, error === 'access_denied' ? 'access_denied' : 'unknown')
  if (flow.kind === 'popup') return authorize(services, flow, code)

  return ask(services, flow, { sealed_code: services.keyring.seal(code, flowContext(flow.id, 'code')) })
}

/** Asks, with a new ticket and cookie that belong together. */
async function ask(
  { db, config }: Services,
  flow: FlowRow,
  change: { sealed_code?: string } = {},
): Promise<CallbackResult> {
  const ticket = randomToken()
  const bound = randomToken()
  await db
    .updateTable('flows')
    .set({ ...change, secret_hash: sha256(ticket), cookie_hash: sha256(bound), updated_at: new Date() })
    .where('id', '=', flow.id)
    .execute()
  return { kind: 'ask', flow, ticket, cookie: flowCookie(config.publicUrl, flow.id, bound) }
}

/** The page was loaded again: answer by where the flow is now. */
async function askAgain(services: Services, flow: FlowRow): Promise<CallbackResult> {
  if (flow.sealed_code && flowStatus(flow) === 'authorizing') return ask(services, flow)
  if (flow.status === 'connected' || flowStatus(flow) === 'authorized') return { kind: 'authorized', flow }
  return { kind: 'failed', code: 'state_invalid', flow }
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
  if (!flow) return { kind: 'failed', code: 'state_invalid' }
  if (flowStatus(flow) === 'expired') return { kind: 'failed', code: 'flow_expired', flow }
  if (!isBound(flow, readCookie(cookieName(config.publicUrl, flow.id)))) return fail(services, flow, 'browser_mismatch')
  // The button was pressed twice.
  if (flow.status === 'connected' || flow.status === 'authorized') return { kind: 'authorized', flow }
  if (flow.status !== 'authorizing') return { kind: 'failed', code: 'state_invalid' }
  if (!flow.sealed_code) return outcome(services, flow)
  const taken = await db
    .updateTable('flows')
    .set({ sealed_code: null })
    .where('id', '=', flow.id)
    .where('sealed_code', 'is not', null)
    .returning('id')
    .executeTakeFirst()
  if (!taken) return outcome(services, flow)
  return authorize(services, flow, keyring.open(flow.sealed_code, flowContext(flow.id, 'code')))
}

/** The button was pressed twice, and the first press is being worked on: its end is the end of this one too. */
async function outcome({ db }: Services, { id }: FlowRow): Promise<CallbackResult> {
  for (let tries = 0; tries < 100; tries++) {
    const flow = await db.selectFrom('flows').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    // Authorised by the first press: in a moment it is connected, or its person is asked for a site.
    if (flow.status === 'connected' || (flow.status === 'authorized' && tries > 10)) return { kind: 'authorized', flow }
    if (flow.status === 'failed') return { kind: 'failed', code: 'token_exchange_failed', flow }
    await delay(200)
  }
  return { kind: 'failed', code: 'provider_unavailable' }
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
  const app = await issuingApp(services, flow.organization_id, flow.client_id)
  if (!app) return fail(services, flow, 'provider_unavailable')
  try {
    const tokens = await atlassian.exchangeCode({ ...app, redirectUri: flow.redirect_uri ?? app.redirectUri }, code)
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
