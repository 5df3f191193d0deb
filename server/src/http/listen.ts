import type { Server } from 'node:http'
import { serve } from '@hono/node-server'

/** How long answers that are under way may take when the server stops. */
const GRACE_MS = 2_000

/**
 * How long an idle connection is kept. Load balancers keep theirs for 60 seconds (nginx, AWS) and answer 502 where the server closes one
 * at the moment of its next use, so the server has to be the more patient side. Node's own five seconds are less.
 */
const KEPT_MS = 65_000

export interface Listener {
  port: number
  /** Takes no new requests, and ends what is open. */
  close(): Promise<void>
}

/** The port or the address cannot be used; the message says what to set. */
export class ListenError extends Error {
  override name = 'ListenError' as const
}

const reasons: Record<string, (host: string, port: number) => string> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} on ${host} is in use by another program. Stop that program, or choose another port with PORT.`,
  EACCES: (_, port) => `Port ${port} needs more rights than this process has. Choose a port above 1023 with PORT.`,
  EADDRNOTAVAIL: (host) =>
    `This machine has no address ${host}. Set HOST to one that it has, like 127.0.0.1 or 0.0.0.0.`,
  ENOTFOUND: (host) =>
    `The host name ${host} does not exist. Set HOST to an address of this machine, like 127.0.0.1 or 0.0.0.0.`,
}

/**
 * Serves an application over HTTP.
 *
 * @param port 0 picks a free one
 * @throws ListenError
 */
export function listen(
  app: { fetch: (request: Request) => Response | Promise<Response> },
  { host, port }: { host: string; port: number },
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info) =>
      resolve({
        port: info.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeIdleConnections()
            // Event streams would hold the server open for as long as somebody watches.
            setTimeout(() => server.closeAllConnections(), GRACE_MS).unref()
          }),
      }),
    ) as Server
    server.keepAliveTimeout = KEPT_MS
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code && reasons[error.code]?.(host, port)
      reject(reason ? new ListenError(reason, { cause: error }) : error)
    })
  })
}
