import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from './settings.ts'

/** How often a held answer looks whether it may go. */
const LOOK_MS = 10

/**
 * Keeps an answer back for as long as the settings say. Whoever hangs up ends it.
 *
 * @param objects the pages or spaces in the answer
 */
export async function delay(settings: Settings, objects: number, signal: AbortSignal): Promise<void> {
  const ms = settings.latencyMs + settings.latencyPerPageMs * objects
  try {
    if (ms > 0) await sleep(ms, undefined, { signal })
    while (settings.held) await sleep(LOOK_MS, undefined, { signal })
  } catch {
    // Nobody waits for this answer any more.
  }
}
