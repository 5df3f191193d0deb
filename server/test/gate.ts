import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands between the server and Atlassian, so that a test can act at the very moment of a request. */
export interface Gate {
  url: string
  /** Requests that came through. */
  requests: number
  /** Called with each request before it goes on, and awaited: nothing is answered meanwhile. */
  before: (request: IncomingMessage) => Promise<void> | void
  /** Called once a request has been answered, and awaited before the answer goes back: what it says grows old meanwhile. */
  after: (request: IncomingMessage) => Promise<void> | void
  close(): Promise<void>
}

/** @param target where requests go; known only when Atlassian's stand-in runs */
export async function startGate(target: () => string): Promise<Gate> {
  const server = createServer(async (request, response) => {
    gate.requests += 1
    await gate.before(request)
    const { authorization = '' } = request.headers
    const answer = await fetch(target() + request.url, { headers: { accept: 'application/json', authorization } })
    const body = Buffer.from(await answer.arrayBuffer())
    await gate.after(request)
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const gate: Gate = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: 0,
    before: () => {},
    after: () => {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return gate
}
