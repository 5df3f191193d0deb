import { meteredSender } from '../metrics/metered.ts'
import { type Repeated, repeat } from '../repeat.ts'
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
export function startDispatching({ db, keyring, config, log, metrics }: Services): Repeated {
  const sender = meteredSender(createSender({ allowed: config.webhookAllowedNetworks }), metrics)
  const dispatcher = createDispatcher({ db, keyring, log, sender })
  let rescueAt = 0
  const looking = repeat(async () => {
    try {
      if (Date.now() >= rescueAt) {
        await rescueWaiting(db)
        rescueAt = Date.now() + RESCUE_MS
      }
      return (await dispatcher.fill()) ? 0 : LOOK_MS
    } catch (error) {
      log.error({ error: (error as Error).message }, 'webhooks')
      return RECOVER_MS
    }
  })
  return {
    async stop() {
      await looking.stop()
      await dispatcher.stop()
    },
  }
}
