import type { FlowRow, User } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { authorizeKept, fail } from './authorize.ts'
import { equalInConstantTime, sha256 } from './encryption.ts'
import { type Begun, bindFlow, flowContext, flowStatus } from './flows.ts'

// Sign-ins without a handshake between windows: the browser is sent to an address of ours, and for `return` back to the app.

/** Where a sign-in without a handshake starts; a ticket follows. */
export const RETURN_START_PATH = '/oauth/return-start'
/** What is added to the address of the app's page. */
const PARAMETER = 'cc_flow'

/** The address that starts a flow, once. Whoever opens it is bound to the flow, so it proves nothing about who that is. */
export const startUrl = ({ config }: Pick<Services, 'config'>, ticket: string): string =>
  `${config.publicUrl}${RETURN_START_PATH}?ticket=${ticket}`

/** Binds a flow to the browser that opened its address, and gives the way to Atlassian. */
export async function startReturn(services: Services, ticket: string): Promise<Begun> {
  const flow = await services.db
    .selectFrom('flows')
    .selectAll()
    .where('secret_hash', '=', sha256(ticket))
    .where('kind', 'in', ['return', 'link'])
    .executeTakeFirst()
  if (!flow) return { ok: false, code: 'state_invalid' }
  if (flowStatus(flow) === 'expired') return { ok: false, code: 'flow_expired' }
  if (flow.status === 'created' && flow.start_by && flow.start_by.getTime() <= Date.now()) {
    // The app waits for it: without a word it would wait for the rest of the flow's life.
    await fail(services, flow, 'flow_expired')
    return { ok: false, code: 'flow_expired' }
  }
  return bindFlow(services, flow)
}

/**
 * The page of the app on which a flow is completed; undefined where there is none.
 *
 * It carries the state, which is used up and which nobody but this browser knows. Without such a proof, an attacker who
 * made somebody else open the start address could complete the flow himself, as its rightful user.
 */
export function returnAddress(
  { keyring }: Pick<Services, 'keyring'>,
  flow: Pick<FlowRow, 'id' | 'sealed_return_url'>,
  proof: string,
): string | undefined {
  if (!flow.sealed_return_url) return undefined
  const url = new URL(keyring.open(flow.sealed_return_url, flowContext(flow.id, 'return')))
  // Written by hand: `searchParams` would write the app's own parameters anew.
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && part !== PARAMETER && !part.startsWith(`${PARAMETER}=`))
  url.search = [...kept, `${PARAMETER}=${flow.id}.${proof}`].join('&')
  return url.href
}

/**
 * Completes a flow whose browser came back to the app: exchanges the kept code. Repeating it does no harm.
 *
 * @param proof what came back with the browser
 * @returns `unknown`: no such flow for this user. `not_returned`: the browser is not back, or this is not its proof.
 */
export async function completeFlow(
  services: Services,
  user: Pick<User, 'id'>,
  { id, proof }: { id: string; proof: string },
): Promise<'completed' | 'unknown' | 'not_returned'> {
  const flow = await services.db.selectFrom('flows').selectAll().where('id', '=', id).executeTakeFirst()
  if (!flow) return 'unknown'
  const proven =
    flow.kind === 'return' &&
    flow.state_used_at !== null &&
    flow.state_hash !== null &&
    equalInConstantTime(sha256(proof), flow.state_hash)
  if (flow.user_id !== user.id) {
    // The person who consented is another than the one who would receive access: nobody may have this code.
    if (proven && flow.status === 'authorizing') await fail(services, flow, 'session_invalid')
    return 'unknown'
  }
  const status = flowStatus(flow)
  if (flow.kind !== 'return') return 'not_returned'
  if (status === 'created' || (status === 'authorizing' && !proven)) return 'not_returned'
  if (status === 'authorizing') await authorizeKept(services, flow, () => true)
  return 'completed'
}
