import type { MiddlewareHandler } from 'hono'
import { type Clock, timestamp } from '../clock.ts'
import { notYetServed, type SandboxEnv } from '../served.ts'

/** Requests and points. */
export interface Tally {
  requests: number
  points: number
}

/** What `GET /sandbox/counters` says. */
export interface CounterState extends Tally {
  /** When counting began. */
  since: string
  /** By method and route, then by status; by the kind of fault where one spoilt the answer. */
  routes: Record<string, Record<string, number>>
  /** By key of the site. */
  sites: Record<string, Tally>
}

/** Counts what the sandbox was asked for. */
export interface Counters {
  state(): CounterState
  reset(): void
  middleware: MiddlewareHandler<SandboxEnv>
}

/** Above this many routes, further ones are counted together: nobody fills the memory with invented paths. */
const maxRoutes = 500

/** Counters that start at nothing. */
export function createCounters(clock: Clock): Counters {
  const empty = (): CounterState => ({ since: timestamp(clock.now()), requests: 0, points: 0, routes: {}, sites: {} })
  let counted = empty()
  return {
    state: () => structuredClone(counted),
    reset() {
      counted = empty()
    },
    middleware: async function count(c, next) {
      c.set('served', notYetServed(c.req.method, c.req.path))
      await next()
      const { method, route, site, points, spoilt } = c.get('served')
      const name = `${method} ${route}`
      const key = name in counted.routes || Object.keys(counted.routes).length < maxRoutes ? name : 'other'
      const statuses = counted.routes[key] ?? {}
      counted.routes[key] = statuses
      const status = spoilt ?? String(c.res.status)
      statuses[status] = (statuses[status] ?? 0) + 1
      const tallies: Tally[] = [counted]
      if (site) {
        const tally = counted.sites[site] ?? { requests: 0, points: 0 }
        counted.sites[site] = tally
        tallies.push(tally)
      }
      for (const tally of tallies) {
        tally.requests += 1
        tally.points += points
      }
    },
  }
}
