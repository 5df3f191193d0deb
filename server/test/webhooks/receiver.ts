import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A request as a receiver sees it. */
export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** A real HTTP server that takes webhooks. */
export interface Receiver {
  url: string
  port: number
  received: Received[]
  connections: number
  /** What it answers; 200 unless set. */
  answer: (request: Received, response: ServerResponse) => void
  /** Forgets what it received and answers 200 again. */
  reset(): void
  /** Stops listening, or listens again at the same port. */
  vanish(): Promise<void>
  comeBack(): Promise<void>
}

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

export async function startReceiver(host = '127.0.0.1'): Promise<Receiver> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    read(request).then(
      (body) => {
        const seen = { path: request.url ?? '', headers: request.headers, body }
        receiver.received.push(seen)
        receiver.answer(seen, response)
      },
      // The sender went away.
      () => {},
    )
  })
  server.on('connection', (socket) => {
    receiver.connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => resolve())
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    port,
    received: [],
    connections: 0,
    answer: (_, response) => response.end(),
    reset() {
      receiver.received.length = 0
      receiver.connections = 0
      receiver.answer = (_, response) => response.end()
    },
    vanish: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
    comeBack: () => listen(port),
  }
  return receiver
}

/** Answers with a status and nothing else. */
export const status =
  (code: number, headers: Record<string, string> = {}): Receiver['answer'] =>
  (_, response) =>
    response.writeHead(code, headers).end()
