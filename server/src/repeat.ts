import { setTimeout as delay } from 'node:timers/promises'

/** What a process does over and over. */
export interface Repeated {
  /** Ends the pause, and waits for what is being done. */
  stop(): Promise<void>
}

/**
 * Does something over and over, with a pause in between, until it is stopped.
 *
 * @param step has errors of its own, and gives the pause that follows, in milliseconds
 */
export function repeat(step: (stopping: AbortSignal) => Promise<number>): Repeated {
  const stopping = new AbortController()

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const pause = await step(stopping.signal)
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  const running = run()
  return {
    stop() {
      stopping.abort()
      return running
    },
  }
}
