import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { HttpError } from './errors.ts'

/** Keeps one caller from taking the server for himself. */
export interface RateLimit {
  /**
   * Counts a call.
   *
   * @param caller a user for his own calls, an organisation for its own
   * @throws HttpError 429 with the seconds to wait
   */
  count(caller: string): Promise<void>
}

/**
 * Calls of one caller in a minute, counted by each process for itself: this protects the server, it sells nothing.
 *
 * @param perMinute 0 counts nothing
 */
export function createRateLimit(perMinute: number): RateLimit {
  if (perMinute === 0) return { count: async () => {} }
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 })
  return {
    async count(caller) {
      const refused = await limiter.consume(caller).then(
        () => undefined,
        (result: RateLimiterRes) => result,
      )
      if (!refused) return
      const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
      throw new HttpError(
        429,
        'rate_limited',
        `More than ${perMinute} calls in a minute: wait ${seconds} seconds. RATE_LIMIT_PER_MINUTE of the server sets the limit.`,
        seconds,
      )
    },
  }
}
