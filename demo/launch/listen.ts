import { once } from 'node:events'
import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'

/** Serves a web-standard app on 127.0.0.1. Resolves to a function that stops it. */
export async function listen(
  app: { fetch: (request: Request) => Response | Promise<Response> },
  port: number,
): Promise<() => Promise<void>> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
}
