import { type Clock, timestamp } from '../clock.ts'

const hour = 3_600_000

/** How the hourly points stand. */
export interface QuotaState {
  limit: number
  used: number
  remaining: number
  /** When the hour ends, in milliseconds since the epoch. */
  resetAt: number
}

/** The points quota of an app: one for all its sites, emptied at the top of each UTC hour. */
export interface Quota {
  state(): QuotaState
  use(points: number): void
  /** Changes the limit or what is used, for tests. */
  set(change: { limit?: number; used?: number }): void
  /** The headers that go with every answer of REST v2; `refused` adds those of a 429. */
  headers(refused: boolean): Record<string, string>
}

/** Atlassian's default tier: 65,000 points. */
export function createQuota(clock: Clock, startingLimit = 65_000): Quota {
  let limit = startingLimit
  let used = 0
  let currentHour = Math.floor(clock.now() / hour)

  const state = (): QuotaState => {
    const now = Math.floor(clock.now() / hour)
    if (now !== currentHour) {
      currentHour = now
      used = 0
    }
    return { limit, used, remaining: Math.max(0, limit - used), resetAt: (currentHour + 1) * hour }
  }

  return {
    state,
    use(points) {
      state()
      used += points
    },
    set(change) {
      state()
      limit = change.limit ?? limit
      used = change.used ?? used
    },
    headers(refused) {
      const { remaining, resetAt } = state()
      const near = remaining < limit * 0.2
      const seconds = Math.ceil((resetAt - clock.now()) / 1000)
      return {
        'X-RateLimit-Limit': String(limit),
        'X-RateLimit-Remaining': String(remaining),
        'X-RateLimit-Reset': timestamp(resetAt).replace('.000Z', 'Z'),
        'RateLimit-Policy': `"global-app-quota";q=${limit};w=3600`,
        ...(near && { 'X-RateLimit-NearLimit': 'true', RateLimit: `"global-app-quota";r=${remaining};t=${seconds}` }),
        ...(refused && { 'Retry-After': String(seconds), 'RateLimit-Reason': 'confluence-quota-global-based' }),
      }
    },
  }
}
