import { setTimeout as delay } from 'node:timers/promises'
import { meteredSender } from '../metrics/metered.ts'
import type { Services } from '../services.ts'
import { createDispatcher } from './dispatcher.ts'
import { rescueWaiting } from './due.ts'
import { createSender } from './sender.ts'

/** How often a process looks for what is due. */
const LOOK_MS = 500
/** After an error of the database: it needs time, and the log does not need a line for every look. */
const RECOVER_MS = 5_000

/** How often what a process that died had set aside is brought back. */
const RESCUE_MS = 10 * 60_000

/** Sends webhooks from this process until it stops. Any number of processes share the work. */
export function startDispatching({ db, keyring, config, log, metrics }: Services): { stop(): Promise<void> } {
  const sender = meteredSender(createSender({ allowed: config.webhookAllowedNetworks }), metrics)
  const dispatcher = createDispatcher({ db, keyring, log, sender })
  const stopping = new AbortController()

  async function look(): Promise<void> {
    let rescueAt = 0
    while (!stopping.signal.aborted) {
      let wait = LOOK_MS
      try {
        if (Date.now() >= rescueAt) {
          await rescueWaiting(db)
          rescueAt = Date.now() + RESCUE_MS
        }
        if (await dispatcher.fill()) wait = 0
      } catch (error) {
        log.error({ error: (error as Error).message }, 'webhooks')
        wait = RECOVER_MS
      }
      await delay(wait, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  const looking = look()
  return {
    async stop() {
      stopping.abort()
      await looking
      await dispatcher.stop()
    },
  }
}
