import { Agent, request } from 'node:http'
import { startServerProgram } from '../programs.ts'
import { CUSTOMER } from './seed.ts'

const API_KEY = 'an-api-key-for-the-benchmark'

export interface BenchServer {
  /** Calls the server as the big customer's backend and gives the answer's text. */
  call(path: string, body: unknown): Promise<string>
  /** A call that needs no SQL: what HTTP alone costs. */
  ping(): Promise<string>
  close(): Promise<void>
}

/** Node's plain client on a connection that stays open: what a client costs beyond that is not the server's. */
const send = (agent: Agent, url: string, body?: string) =>
  new Promise<string>((resolve, reject) => {
    const call = request(url, {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'customer-id': CUSTOMER, 'content-type': 'application/json' },
    })
    call.once('error', reject)
    call.once('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve(text) : reject(new Error(`${url} answered ${answer.statusCode}: ${text}`)),
      )
    })
    call.end(body)
  })

/** The server in a process of its own, started as users start it. */
export async function startServerProcess(env: Record<string, string>): Promise<BenchServer> {
  const { url, close } = await startServerProgram('serve', {
    PORT: '0',
    PUBLIC_URL: 'http://localhost:8000',
    API_KEY,
    LOG_LEVEL: 'error',
    RATE_LIMIT_PER_MINUTE: '0',
    ...env,
  })
  const agent = new Agent({ keepAlive: true })
  return {
    call: (path, body) => send(agent, url + path, JSON.stringify(body)),
    ping: () => send(agent, `${url}/health`),
    async close() {
      agent.destroy()
      await close()
    },
  }
}
