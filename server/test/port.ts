import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what systems give to outgoing connections (32768 and up on Linux, 49152 and up elsewhere), above what services have. */
const [FIRST, LAST] = [20_000, 32_000]
const MAX_TRIES = 100

/** @returns whether nobody listens there */
async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1')
  const heard = await once(probe, 'listening').catch(() => undefined)
  if (heard === undefined) return false
  probe.close()
  await once(probe, 'close')
  return true
}

/**
 * A port that is free, for a program that has to know its address before it listens. No outgoing connection takes it meanwhile, nor
 * while the program is killed and started again.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (await isFree(port)) return port
  }
  throw new Error(`Of ${MAX_TRIES} ports between ${FIRST} and ${LAST} none was free.`)
}
