import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.ts'

/** One address at which sandboxes come and go: a server keeps its configuration while each run has a world of its own. */
export interface Stage {
  url: string
  /** Puts a new world behind the address. */
  set(options: SandboxOptions): Promise<Sandbox>
  /** Called before each request of a server is answered, with how many there were. */
  onRequest(listener: (count: number) => Promise<void>): void
  /** Whether the newest tokens are in use: whoever asked for them has got and kept them. */
  hasNewestTokens(): boolean
  close(): Promise<void>
}

/** What servers ask, without the screens of a sign-in. */
const asked = /^\/(ex\/confluence\/|oauth\/token$)/

/** The access token of an answer; undefined where there is none, or it is spoilt. */
async function tokensIn(answer: Response) {
  const body = await answer
    .clone()
    .json()
    .catch(() => undefined)
  return body?.access_token ? { access: String(body.access_token), isUsed: false } : undefined
}

export async function openStage(): Promise<Stage> {
  let sandbox = await createSandbox({ pages: 0 })
  let count = 0
  let listen: (count: number) => Promise<void> = async () => {}
  let newest: { access: string; isUsed: boolean } | undefined
  const server = createAdaptorServer({
    async fetch(request, env) {
      const { pathname } = new URL(request.url)
      const isForTokens = pathname === '/oauth/token'
      if (isForTokens) newest = undefined
      if (newest && request.headers.get('authorization') === `Bearer ${newest.access}`) newest.isUsed = true
      if (asked.test(pathname)) {
        count += 1
        await listen(count)
      }
      const answer = await sandbox.app.fetch(request, env)
      if (isForTokens) newest = await tokensIn(answer)
      return answer
    },
  }) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async set(options) {
      sandbox = await createSandbox(options)
      newest = undefined
      return sandbox
    },
    hasNewestTokens: () => newest?.isUsed ?? false,
    onRequest(listener) {
      count = 0
      listen = listener
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
