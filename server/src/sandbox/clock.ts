/** The sandbox's own time, which tests may set forward. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Sets the clock forward by so many milliseconds. */
  advance(ms: number): void
}

/** A clock that starts at `source` and never goes back. */
export function createClock(source: () => number = Date.now): Clock {
  let offset = 0
  return {
    now: () => source() + offset,
    advance: (ms) => {
      offset += ms
    },
  }
}

/** How Confluence writes times: `2025-10-09T11:15:26.406Z`. */
export const timestamp = (ms: number): string => new Date(ms).toISOString()
