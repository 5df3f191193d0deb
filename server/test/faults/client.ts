import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, backend } from '../stack.ts'

/** Calls a server as one customer's backend does. */
export type Client = ReturnType<typeof backend>

/** Longer than a server needs to start on a loaded machine. */
const PATIENCE_MS = 600_000

/** A client that tries again while the server is down. */
export function patientClient(url: string, customerId: string): Client {
  const call = backend(url, customerId)
  return async (...given) => {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const answer: Answer | Error = await call(...given).catch((error: Error) => error)
      if (!(answer instanceof Error)) return answer
      if (Date.now() > deadline) throw answer
      await delay(100)
    }
  }
}
