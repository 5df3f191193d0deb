const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Waits between the attempts of one delivery; the last one repeats. Together 27 hours. */
const BACKOFF_MS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
]
/** A delivery that still fails so long after its first failure is given up. */
const GIVE_UP_MS = 24 * HOUR
/** Spreads retries, as a share of the wait. */
const JITTER = 0.1

/**
 * A webhook that takes nothing at all is not blamed on its deliveries: they go no further than here in the table until it
 * takes something, and are tried again within minutes once it is back.
 */
const LAST_WITHOUT_SUCCESS = 4
const LONGEST_WITHOUT_SUCCESS_MS = 5 * MINUTE

/** What the wait of a failed delivery depends on. */
interface Failure {
  /** Its place in the table before this failure. */
  backoff: number
  firstFailedAt: Date
  /** Whether its webhook took anything since it first failed. */
  othersSucceed: boolean
  now: Date
  /** From 0 to 1. */
  jitter: number
}

/** When a failed delivery is tried again, and its next place in the table; undefined when it is given up. */
export function nextAttempt({ backoff, firstFailedAt, othersSucceed, now, jitter }: Failure) {
  if (now.getTime() - firstFailedAt.getTime() >= GIVE_UP_MS) return undefined
  const place = Math.min(backoff + 1, othersSucceed ? BACKOFF_MS.length : LAST_WITHOUT_SUCCESS)
  const wait = BACKOFF_MS[place - 1] ?? 0
  const longest = othersSucceed ? wait : Math.min(wait, LONGEST_WITHOUT_SUCCESS_MS)
  return { backoff: place, at: later(now, longest * (1 - JITTER + 2 * JITTER * jitter)) }
}

/** So many failures in a row, of whichever deliveries, say that the receiver is to blame and not one event. */
export const PAUSE_AFTER = 5
const FIRST_PAUSE_MS = SECOND
const LONGEST_PAUSE_MS = 5 * MINUTE

/** How long a webhook is left alone when it is paused for the n-th time in a row. */
export const pauseMs = (pauses: number) => Math.min(FIRST_PAUSE_MS * 2 ** (pauses - 1), LONGEST_PAUSE_MS)

export const FLAG_AFTER = 10

/**
 * A webhook that was paused so often in a row, for different deliveries, over so long a time had an outage. When it is
 * back, what failed meanwhile does not wait out its own backoff.
 */
export const OUTAGE = { pauses: 2, ms: MINUTE }

/** How long a process has the sole right to a delivery: more than an attempt takes. */
export const LEASE_MS = 30 * SECOND

/**
 * What waited so long for a webhook that takes nothing is given up without an attempt of its own, so that the queue does
 * not grow for ever. So many requests must have failed: a server that was off itself has not tried.
 */
export const EXPIRE_MS = 28 * HOUR
export const EXPIRE_AFTER = 100

/** How long finished deliveries are kept: to be looked up, and to be sent again. */
export const KEEP_MS = { delivered: 24 * HOUR, failed: 7 * 24 * HOUR }

export const later = (from: Date, ms: number) => new Date(from.getTime() + Math.round(ms))
