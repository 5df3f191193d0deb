import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { CUSTOMER } from './seed.ts'

const API_KEY = 'an-api-key-for-the-benchmark'
const LISTENS = /listens on (\S+)/

export interface BenchServer {
  url: string
  /** Calls the server as the big customer's backend and gives the answer's text. */
  call(path: string, body: unknown): Promise<string>
  close(): Promise<void>
}

/** The server in a process of its own, started as users start it. */
export async function startServerProcess(env: Record<string, string>): Promise<BenchServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../server/src/cli/main.ts'), 'serve'], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      PUBLIC_URL: 'http://localhost:8000',
      API_KEY,
      LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output += part
      const [, found] = LISTENS.exec(output) ?? []
      if (found) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`The server ended with code ${code} before it listened.`)))
  })
  return {
    url,
    async call(path, body) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${API_KEY}`,
          'customer-id': CUSTOMER,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      })
      const text = await response.text()
      if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text}`)
      return text
    },
    async close() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
