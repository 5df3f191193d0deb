import type { AtlassianError } from './errors.ts'
import type { QuotaState } from './request.ts'

/** How a request went. */
export interface Outcome {
  /** What it cost. */
  points: number
  /** What the answer said of the app's hourly points. */
  quota?: QuotaState | undefined
  /** Atlassian asks to go slower before it refuses. */
  isNearLimit?: boolean
  /** Why it failed. */
  error?: AtlassianError | undefined
}

/** Decides when a request may be sent, and learns from how it went. */
export interface Pace {
  /**
   * Waits for a turn, a few seconds at most.
   *
   * @param worst the most points that the request can cost
   * @throws AtlassianError `rate_limited`, `busy` or `paused`: nothing was sent
   */
  enter(worst: number): Promise<Turn>
}

/** The right to send one request. */
export interface Turn {
  /**
   * Gives it back.
   *
   * @returns until when nobody is to ask again, where that is so
   */
  leave(outcome: Outcome): Promise<Date | null>
}

/** For single requests that somebody waits for. */
export const atOnce: Pace = { enter: async () => ({ leave: async ({ error }) => error?.retryAt ?? null }) }
