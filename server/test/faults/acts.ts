import type { FaultKind } from '../../src/sandbox/admin/faults.ts'
import { admins, people } from './people.ts'
import { type Act, type Acts, adminCall, type Happened, type Scene } from './scene.ts'

interface Strike {
  kind?: FaultKind
  status?: number
  retryAfter?: number
  delayMs?: number
  route?: string
}

/** A fault that strikes the next request that it is for, or the next few. */
const strike =
  ({ kind = 'status', status = 500, retryAfter, delayMs = 0, route = '/wiki/*' }: Strike): Act =>
  ({ sandbox, random }) =>
    sandbox.faults.add({
      match: { route },
      kind,
      status,
      retryAfter: retryAfter ?? null,
      delayMs,
      after: 0,
      times: 1 + random.int(3),
    })

const token = { route: '/oauth/token' }

/** What goes wrong at Atlassian or on the way there. */
const atlassian = {
  '429 with Retry-After': strike({ status: 429, retryAfter: 1 }),
  '429 without Retry-After': strike({ status: 429 }),
  '500': strike({ status: 500 }),
  '503': strike({ status: 503 }),
  '503 with Retry-After': strike({ status: 503, retryAfter: 1 }),
  reset: strike({ kind: 'reset' }),
  truncate: strike({ kind: 'truncate' }),
  slow: strike({ kind: 'slow', delayMs: 400 }),
  '404 flap': strike({ status: 404 }),
  '403 flap': strike({ status: 403 }),
  'cursor refused': strike({ status: 400 }),
  'quota gone': ({ sandbox }) => {
    sandbox.quota.set({ used: sandbox.quota.state().limit })
    return true
  },
  'token expired': ({ sandbox }) => {
    sandbox.grants.expireAccess(null)
    return true
  },
  'token expired, disguised as 404': async ({ sandbox }) =>
    (await adminCall(sandbox, '/sandbox/expire-tokens', { answer: 404 })).ok,
  // A new refresh token that never arrived can be had again for ten minutes, and then never: no hour passes meanwhile.
  'an hour passes': ({ sandbox, random, hasNewestTokens }) => {
    if (!hasNewestTokens()) return false
    sandbox.clock.advance((20 + random.int(100)) * 60_000)
    return true
  },
  'token expired, refresh fails': (scene) => {
    scene.sandbox.grants.expireAccess(null)
    return strike({ status: scene.random.pick([429, 500, 503]), ...token })(scene)
  },
  'token expired, its refresh is lost on the way': (scene) => {
    scene.sandbox.grants.expireAccess(null)
    return strike({ kind: scene.random.pick(['reset', 'truncate'] as const), ...token })(scene)
  },
} satisfies Acts

/** What happens to us. */
const operator = {
  crash: ({ host, random }) => host.crash?.(random) ?? false,
  'heartbeats missed': ({ host, missHeartbeats }) => {
    if (host.looking === 'crash') return false
    missHeartbeats()
    return true
  },
  cancel: async ({ call, connectionId }) =>
    (await call('POST', `/v1/connections/${connectionId}/sync/cancel`, {})).status === 200,
  'sync again': async ({ call, connectionId }) => {
    const { status, body } = await call('POST', `/v1/connections/${connectionId}/sync`, {})
    return status === 200 && { syncId: body.syncId }
  },
} satisfies Acts

const acts: Record<ActName, Act> = { ...people, ...admins, ...atlassian, ...operator }
export type ActName = keyof typeof people | keyof typeof admins | keyof typeof atlassian | keyof typeof operator
export const peopleActs = Object.keys(people) as ActName[]
export const adminActs = Object.keys(admins) as ActName[]
export const atlassianActs = Object.keys(atlassian) as ActName[]
export const operatorActs = Object.keys(operator) as ActName[]
export const actNames = Object.keys(acts) as ActName[]

export const perform = async (act: ActName, scene: Scene): Promise<Happened> => acts[act](scene)
