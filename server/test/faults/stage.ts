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
  close(): Promise<void>
}

/** What servers ask, without the screens of a sign-in. */
const asked = /^\/(ex\/confluence\/|oauth\/token$)/

export async function openStage(): Promise<Stage> {
  let sandbox = await createSandbox({ pages: 0 })
  let count = 0
  let listen: (count: number) => Promise<void> = async () => {}
  const server = createAdaptorServer({
    async fetch(request, env) {
      if (asked.test(new URL(request.url).pathname)) {
        count += 1
        await listen(count)
      }
      return sandbox.app.fetch(request, env)
    },
  }) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async set(options) {
      sandbox = await createSandbox(options)
      return sandbox
    },
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
