import { setTimeout as sleep } from 'node:timers/promises'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, MiddlewareHandler } from 'hono'
import { delay } from '../delay.ts'
import { gatewayError, notFound } from '../rest/answer.ts'
import type { SandboxEnv, Served } from '../served.ts'
import type { Settings } from '../settings.ts'

/** Which requests a fault strikes. What is left out matches everything. */
export interface FaultMatch {
  method?: string
  /** The path without the cloud's prefix; `{id}` stands for an id, `*` for anything. */
  route?: string
  /** Key of a site. */
  site?: string
  /** Requests that ask for this page, and lists that hold it. */
  pageId?: string
  /** True: requests for bodies, or for those in one format. False: those without. */
  bodies?: boolean | string
  /** True: requests that go on with a list. False: those that begin one. */
  continues?: boolean
}

/** How an answer is spoilt. `status` is decided before the request has any effect; the others spoil a good answer. */
export type FaultKind = 'status' | 'reset' | 'truncate' | 'slow'

/** One injected fault. */
export interface Fault {
  id: number
  match: FaultMatch
  kind: FaultKind
  /** For `status`. */
  status: number
  /** Seconds for `Retry-After`; null for none. */
  retryAfter: number | null
  /** For `slow`: how long the body takes, in milliseconds. */
  delayMs: number
  /** So many matching requests pass first. */
  after: number
  /** So many are struck; null for all until it is removed. */
  times: number | null
}

/** The faults in force. */
export interface Faults {
  list(): readonly Fault[]
  add(fault: Omit<Fault, 'id'>): Fault
  clear(): void
  /** Makes the faults strike. */
  middleware: MiddlewareHandler<SandboxEnv>
}

const maxFaults = 1_000
const slowSteps = 8

const glob = (pattern: string) => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)

const matches = ({ method, route, site, pageId, bodies, continues }: FaultMatch, served: Served) =>
  (method === undefined || method.toUpperCase() === served.method) &&
  (route === undefined || glob(route).test(served.route)) &&
  (site === undefined || site === served.site) &&
  (pageId === undefined || served.pageIds.has(pageId)) &&
  (bodies === undefined || bodies === served.bodies || bodies === (served.bodies !== null)) &&
  (continues === undefined || continues === served.continues)

const bodyFor: Record<number, unknown> = {
  404: notFound().body,
  429: gatewayError(429, 'Rate limit exceeded').body,
  503: gatewayError(503, 'Service temporarily unavailable').body,
}

function failure({ status, retryAfter }: Fault): Response {
  return new Response(JSON.stringify(bodyFor[status] ?? gatewayError(status, 'Injected by the sandbox').body), {
    status,
    headers: {
      'Content-Type': 'application/json',
      Server: 'AtlassianEdge',
      ...(retryAfter !== null && { 'Retry-After': String(retryAfter) }),
      ...((status === 403 || status === 404) && { 'X-Cache': 'Error from cloudfront' }),
      ...(status === 429 && retryAfter === null && { 'X-Failure-Category': 'FAILURE CLIENT RATE LIMITED' }),
    },
  })
}

/** The Node socket of a request that came over a port; undefined in process. */
function socketOf(c: Context): { resetAndDestroy(): unknown } | undefined {
  const env: unknown = c.env
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined
  const { incoming } = env
  return (incoming as { socket: { resetAndDestroy(): unknown } }).socket
}

const broken = () =>
  new ReadableStream({ start: (controller) => controller.error(new Error('The sandbox reset the connection.')) })

function drip(text: string, delayMs: number, signal: AbortSignal): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  const size = Math.max(1, Math.ceil(bytes.length / slowSteps))
  let sent = 0
  return new ReadableStream({
    async pull(controller) {
      await sleep(delayMs / slowSteps, undefined, { signal }).catch(() => controller.close())
      if (signal.aborted) return
      controller.enqueue(bytes.subarray(sent, sent + size))
      sent += size
      if (sent >= bytes.length) controller.close()
    },
  })
}

const spoil: Record<Exclude<FaultKind, 'status'>, (c: Context, fault: Fault) => Promise<Response>> = {
  async reset(c) {
    const socket = socketOf(c)
    if (!socket) return new Response(broken(), { status: 200 })
    socket.resetAndDestroy()
    return RESPONSE_ALREADY_SENT
  },
  async truncate(c) {
    const text = await c.res.text()
    return new Response(text.slice(0, text.length >> 1), { status: c.res.status, headers: withoutLength(c.res) })
  },
  async slow(c, { delayMs }) {
    const text = await c.res.text()
    return new Response(drip(text, delayMs, c.req.raw.signal), { status: c.res.status, headers: withoutLength(c.res) })
  },
}

const withoutLength = ({ headers }: Response) => {
  const copy = new Headers(headers)
  copy.delete('content-length')
  return copy
}

/** The list of injected faults, and the middleware that makes them strike. */
export function createFaults(siteOf: (path: string) => string | null, settings: Settings): Faults {
  let faults: Fault[] = []
  let lastId = 0

  /** The first fault that strikes; counts down what it lets pass and what is left of it. */
  const take = (served: Served, kinds: (fault: Fault) => boolean): Fault | undefined => {
    for (const fault of faults) {
      if (!kinds(fault) || !matches(fault.match, served)) continue
      if (fault.after > 0) {
        fault.after -= 1
        continue
      }
      if (fault.times !== null) fault.times -= 1
      faults = faults.filter(({ times }) => times !== 0)
      return fault
    }
    return undefined
  }

  /** A list that holds a page is known only once it has been answered. */
  const beforehand = ({ kind, match }: Fault) => kind === 'status' && match.pageId === undefined

  return {
    list: () => faults,
    add(fault) {
      lastId += 1
      const added = { ...fault, id: lastId }
      faults = [...faults, added].slice(-maxFaults)
      return added
    },
    clear() {
      faults = []
    },
    middleware: async function injectFaults(c, next) {
      const bodies = c.req.query('body-format') ?? null
      const continues = c.req.query('cursor') !== undefined
      const served = { ...c.get('served'), site: siteOf(c.req.path), bodies, continues }
      c.set('served', served)
      const early = take(served, beforehand)
      if (early) {
        await delay(settings, 0, c.req.raw.signal)
        return failure(early)
      }
      await next()
      const late = take(c.get('served'), (fault) => !beforehand(fault))
      if (!late) return undefined
      if (late.kind !== 'status') c.set('served', { ...c.get('served'), spoilt: late.kind })
      const response = late.kind === 'status' ? failure(late) : await spoil[late.kind](c, late)
      // Hono merges the headers of the response it replaces, unless that one is taken away first.
      c.res = undefined
      c.res = response
      return undefined
    },
  }
}
