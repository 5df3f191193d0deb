import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { ListeningOptions } from './options.ts'
import { createSandbox } from './sandbox.ts'

/** A sandbox that listens. */
export interface RunningSandbox {
  /** Where it is reached, `http://127.0.0.1:8100`. */
  url: string
  /** Stops listening and ends open connections. */
  close(): Promise<void>
}

/** How long an idle connection is kept. */
const KEPT_MS = 65_000

const hints: Record<string, string> = {
  EADDRINUSE: 'another program is listening there. Set PORT to a free port, or to 0 for any.',
  EACCES: 'this needs rights that the process does not have. Set PORT to a number above 1023.',
  EADDRNOTAVAIL: 'this machine has no such address. Set HOST to 127.0.0.1.',
  ENOTFOUND: 'this machine has no such address. Set HOST to 127.0.0.1.',
}

/**
 * Starts a sandbox on a port.
 *
 * @throws where it cannot listen, with a message that says on which port, why and what to set; or where `content` cannot be read
 */
export async function startSandbox(options: ListeningOptions): Promise<RunningSandbox> {
  const { app } = await createSandbox(options)
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  // A page of many megabytes keeps this process busy for longer than the usual five seconds: its caller's connection is not idle for that.
  server.keepAliveTimeout = KEPT_MS
  server.listen(options.port, options.host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    throw new Error(`The sandbox cannot listen on ${options.host}:${options.port}: ${hints[code] ?? message}`, {
      cause,
    })
  }
  const { address, port, family } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
