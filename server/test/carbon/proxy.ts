import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { checkAnswer, operationOf } from './contract.ts'

/** A server that passes everything on and reads along. */
export interface CheckingProxy {
  port: number
  /** Where requests go from now on. */
  target(port: number): void
  /** What did not fit Carbon's document, in order. */
  violations: string[]
  close(): Promise<void>
}

/** The rest would only repeat it. */
const MAX_KEPT = 100

const decoders: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

const decoded = ({ headers }: IncomingMessage, chunks: Buffer[]): string => {
  const bytes = Buffer.concat(chunks)
  const decode = decoders[headers['content-encoding'] ?? '']
  return (decode ? decode(bytes) : bytes).toString('utf8')
}

/**
 * Starts a proxy that changes nothing: neither headers, `Host` among them, nor the moment at which bytes arrive, so that event
 * streams work. Connections that break on one side are broken on the other.
 */
export async function startCheckingProxy(): Promise<CheckingProxy> {
  // A connection for each request: one that is kept may be closed by the server at the moment of its next use.
  const agent = new Agent({ keepAlive: false })
  const violations: string[] = []
  let targetPort = 0

  function check(incoming: IncomingMessage, answer: IncomingMessage, chunks: Buffer[]) {
    const { method = '', url: path = '' } = incoming
    const verdict = checkAnswer({
      method,
      path,
      status: answer.statusCode ?? 0,
      contentType: answer.headers['content-type'],
      body: decoded(answer, chunks),
    })
    for (const violation of verdict?.violations ?? [])
      if (violations.length < MAX_KEPT) violations.push(`${method} ${path}: ${violation}`)
  }

  function passOn(incoming: IncomingMessage, outgoing: ServerResponse) {
    const { method, url: path, rawHeaders: headers } = incoming
    const onward = request({ host: '127.0.0.1', port: targetPort, method, path, headers, agent })
    onward.on('response', (answer) => {
      outgoing.sendDate = false
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders)
      outgoing.flushHeaders()
      // Only Carbon's operations are kept in memory: other answers may be endless.
      if (operationOf(incoming.method ?? '', incoming.url ?? '')) {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => check(incoming, answer, chunks))
      }
      answer.on('error', () => outgoing.destroy())
      answer.pipe(outgoing)
    })
    // An answer may come before the whole request was read; what breaks after that is seen on the answer.
    onward.on('error', () => {
      if (!outgoing.headersSent) outgoing.destroy()
    })
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) onward.destroy()
    })
    incoming.pipe(onward)
  }

  const server = createServer(passOn)
  // A proxy that gives up before the server does would hide what the server does.
  server.requestTimeout = 0
  // Nor may it close what its caller still uses: a stalled process looks idle to itself.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    target(port) {
      targetPort = port
    },
    violations,
    close: () =>
      new Promise((closed) => {
        agent.destroy()
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

/** Throws what did not fit, if anything did not. */
export function assertFits({ violations }: Pick<CheckingProxy, 'violations'>): void {
  if (violations.length === 0) return
  const shown = [...new Set(violations)].slice(0, 20)
  throw new Error(`${violations.length} answers do not fit Carbon's document:\n${shown.join('\n')}`)
}
