import { Agent, request } from 'node:http'
import type { WireRequest } from './transport.ts'

/** An answer, or what came in its place. */
export type Sent =
  | { ok: true; status: number; contentType: string | undefined; body: string }
  | { ok: false; reason: string }

/** A longer body may be refused before it was read, which is no good end for a connection that others use. */
const MAX_SHARED_BODY = 60_000

/** Sends bytes as they are to one port: fetch would mend or refuse what is broken on purpose. */
export function createSender(port: number, limitMs: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })

  const send = ({ method, path, headers, body }: WireRequest): Promise<Sent> =>
    new Promise((resolve) => {
      const length = body || method !== 'GET' ? { 'content-length': String(body?.length ?? 0) } : {}
      const outgoing = request({
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: (body?.length ?? 0) > MAX_SHARED_BODY ? false : agent,
        headers: { ...headers, ...length },
      })
      const timer = setTimeout(() => {
        resolve({ ok: false, reason: `no answer within ${limitMs / 1000} s` })
        outgoing.destroy()
      }, limitMs)
      const finish = (sent: Sent) => {
        clearTimeout(timer)
        resolve(sent)
      }
      outgoing.on('error', (error) => finish({ ok: false, reason: `the connection broke: ${error.message}` }))
      outgoing.on('response', (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('error', (error) => finish({ ok: false, reason: `the answer broke off: ${error.message}` }))
        answer.on('end', () =>
          finish({ ok: true, status: answer.statusCode ?? 0, contentType: answer.headers['content-type'], body: text }),
        )
      })
      outgoing.end(body)
    })

  return { send, close: () => agent.destroy() }
}

/** Runs over all items, so many at a time. */
export async function forEachOf<T>(items: readonly T[], width: number, run: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of rest) await run(item)
    }),
  )
}
