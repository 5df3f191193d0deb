import type { FlowRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { type Authorized, authorize, authorizeKept, fail } from './authorize.ts'
import { randomToken, sha256 } from './encryption.ts'
import { cookieName, type FlowCookie, flowCookie, isBound } from './flow-cookie.ts'
import { flowContext, flowStatus } from './flows.ts'
import { returnAddress } from './returns.ts'

/** What the page after the callback shows. */
export type CallbackResult =
  | Authorized
  /** A link: name who receives access, and ask. The ticket and the cookie belong together and work once. */
  | { kind: 'ask'; flow: FlowRow; ticket: string; cookie: FlowCookie }
  /** On to the page of the app that completes the sign-in. */
  | { kind: 'return'; url: string }

export interface CallbackParameters {
  state: string | undefined
  code: string | undefined
  error: string | undefined
  readCookie: (name: string) => string | undefined
}

/** `GET /integrations/confluence`: the browser comes back from Atlassian. */
export async function handleCallback(services: Services, parameters: CallbackParameters): Promise<CallbackResult> {
  const { db, config } = services
  const { state, readCookie } = parameters
  const flow = state
    ? await db.selectFrom('flows').selectAll().where('state_hash', '=', sha256(state)).executeTakeFirst()
    : undefined
  if (!state || !flow) return { kind: 'failed', code: 'state_invalid' }
  const bound = isBound(flow, readCookie(cookieName(config.publicUrl, flow.id)))
  const result = await receive(services, flow, { ...parameters, bound })
  // However it went: the app tells the browser that it bound, and no other one learns where the app is.
  const url = bound ? returnAddress(services, flow, state) : undefined
  return url ? { kind: 'return', url } : result
}

/** @param bound whether this is the browser that started the flow */
async function receive(
  services: Services,
  flow: FlowRow,
  { code, error, bound }: Pick<CallbackParameters, 'code' | 'error'> & { bound: boolean },
): Promise<CallbackResult> {
  if (flow.state_used_at)
    return flow.kind === 'link' && bound ? askAgain(services, flow) : { kind: 'failed', code: 'state_invalid' }
  if (flow.status === 'cancelled') return { kind: 'failed', code: 'flow_cancelled', flow }
  if (flowStatus(flow) === 'expired') return { kind: 'failed', code: 'flow_expired', flow }

  // Links that no browser started are the ones without a cookie: their person is asked below.
  const matches = bound || flow.cookie_hash === null
  const sealed =
    matches && !error && code && flow.kind !== 'popup'
      ? { sealed_code: services.keyring.seal(code, flowContext(flow.id, 'code')) }
      : {}
  // Of two callbacks at once, one goes on: the code must not be exchanged twice.
  const used = await services.db
    .updateTable('flows')
    .set({ state_used_at: new Date(), ...sealed })
    .where('id', '=', flow.id)
    .where('state_used_at', 'is', null)
    .where('status', '=', 'authorizing')
    .returningAll()
    .executeTakeFirst()
  if (!used) return { kind: 'failed', code: 'state_invalid' }

  if (!matches) return fail(services, flow, 'browser_mismatch')
  if (error || !code) return fail(services, flow, error === 'access_denied' ? 'access_denied' : 'unknown')
  if (flow.kind === 'popup') return authorize(services, flow, code)
  return flow.kind === 'link' ? ask(services, flow) : { kind: 'authorized', flow: used }
}

/** Asks, with a new ticket and cookie that belong together. */
async function ask({ db, config }: Services, flow: FlowRow): Promise<CallbackResult> {
  const ticket = randomToken()
  const bound = randomToken()
  await db
    .updateTable('flows')
    .set({ secret_hash: sha256(ticket), cookie_hash: sha256(bound), updated_at: new Date() })
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
  const { db, config } = services
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
  // Authorised by a first press: in a moment it is connected, or its person is asked for a site.
  return authorizeKept(services, flow, (_, tries) => tries > 10)
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
