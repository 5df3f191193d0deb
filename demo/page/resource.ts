import { request } from './request.ts'

/** What is known of an answer. Where asking again fails, the last data stay beside the error. */
export interface Asked<T> {
  data?: T
  error?: string
}

/** The answer to a GET of the backend, to be read with `useSyncExternalStore`. */
export interface Resource<T> {
  /** Asks when the first one subscribes, and stops when the last one has left. */
  subscribe: (listener: () => void) => () => void
  snapshot: () => Asked<T>
  /** Asks again: for another path, or for the same one. What was asked before is dropped, so answers never overtake. */
  ask: (path?: string) => void
}

/**
 * @param pollAfter how many milliseconds after an answer to ask again by itself; undefined to leave it at that
 */
export function createResource<T>(
  path: string,
  pollAfter: (answer: Asked<T>) => number | undefined = () => undefined,
): Resource<T> {
  const listeners = new Set<() => void>()
  let current = path
  let answer: Asked<T> = {}
  let asking = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined

  const stop = () => {
    asking.abort()
    clearTimeout(timer)
  }

  const ask = async () => {
    stop()
    asking = new AbortController()
    const { signal } = asking
    const next = await request<T>(current, { signal }).then(
      (data): Asked<T> => ({ data }),
      (error: Error): Asked<T> => ({ ...answer, error: error.message }),
    )
    if (signal.aborted) return
    answer = next
    for (const listener of listeners) listener()
    const ms = pollAfter(answer)
    if (ms !== undefined) timer = setTimeout(ask, ms)
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      if (listeners.size === 1) ask()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) stop()
      }
    },
    snapshot: () => answer,
    ask(path = current) {
      current = path
      ask()
    },
  }
}
