import { setTimeout as delay } from 'node:timers/promises'
import type { FlowRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { issuingApp } from './apps.ts'
import { type FlowErrorCode, flowErrorOf, flowErrors } from './flow-errors.ts'
import { flowContext, inFlowLife } from './flows.ts'

/** What became of a code. */
export type Authorized = { kind: 'authorized'; flow: FlowRow } | { kind: 'failed'; code: FlowErrorCode; flow?: FlowRow }

/** Ends a flow that is still open, and forgets what it holds. */
export async function fail({ db, log }: Services, flow: FlowRow, code: FlowErrorCode): Promise<Authorized> {
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
export async function authorize(services: Services, flow: FlowRow, code: string): Promise<Authorized> {
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

/**
 * Exchanges the code that a flow keeps. Of several calls at once one does, and the others wait for its end.
 *
 * @param settled whether a flow that another call has authorised needs no more waiting
 */
export async function authorizeKept(
  services: Services,
  flow: FlowRow,
  settled: (flow: FlowRow, tries: number) => boolean,
): Promise<Authorized> {
  const { db, keyring } = services
  const taken =
    flow.sealed_code !== null &&
    (await db
      .updateTable('flows')
      .set({ sealed_code: null })
      .where('id', '=', flow.id)
      .where('status', '=', 'authorizing')
      .where('sealed_code', 'is not', null)
      .returning('id')
      .executeTakeFirst())
  if (taken && flow.sealed_code)
    return authorize(services, flow, keyring.open(flow.sealed_code, flowContext(flow.id, 'code')))
  for (let tries = 0; tries < 100; tries++) {
    const current = await db.selectFrom('flows').selectAll().where('id', '=', flow.id).executeTakeFirstOrThrow()
    if (current.status === 'connected' || (current.status === 'authorized' && settled(current, tries)))
      return { kind: 'authorized', flow: current }
    if (current.status === 'failed') return { kind: 'failed', code: 'token_exchange_failed', flow: current }
    if (current.status === 'cancelled') return { kind: 'failed', code: 'flow_cancelled', flow: current }
    await delay(200)
  }
  return { kind: 'failed', code: 'provider_unavailable' }
}
