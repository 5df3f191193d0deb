import { afterEach, describe, expect, it } from 'vitest'
import { startSandbox } from '../../src/sandbox/index.ts'
import { emptyEmbedded, emptyPostgres } from '../database.ts'
import { freePort } from '../port.ts'
import { runProgram } from '../program.ts'
import { API_KEY, backend, connect, stored, syncEnd, truth } from '../stack.ts'

/** What a test leaves behind, to be cleared away in turn. */
const leftovers: (() => unknown)[] = []
afterEach(async () => {
  for (const clear of leftovers.splice(0).reverse()) await clear()
})

/** A server in a process of its own, which answers when it is there. */
async function serve(env: Record<string, string>) {
  const program = runProgram(['serve'], env)
  leftovers.push(() => program.child.kill('SIGKILL'))
  await program.says('listens on')
  return {
    async kill() {
      program.child.kill('SIGKILL')
      await program.ended()
    },
  }
}

async function start(kind: string) {
  const sandbox = await startSandbox({ pages: 400, spaces: 4, host: '127.0.0.1', port: 0 })
  leftovers.push(() => sandbox.close())
  const postgres = kind === 'PostgreSQL' ? await emptyPostgres() : undefined
  if (postgres) leftovers.push(() => postgres.drop())
  const { dataDir, drop } = emptyEmbedded()
  leftovers.push(drop)
  const env = {
    PORT: String(await freePort()),
    DATA_DIR: dataDir,
    API_KEY,
    LOG_LEVEL: 'info',
    ...(postgres && { DATABASE_URL: postgres.databaseUrl }),
    ATLASSIAN_AUTH_URL: sandbox.url,
    ATLASSIAN_API_URL: sandbox.url,
    ATLASSIAN_CLIENT_ID: 'sandbox-client',
    ATLASSIAN_CLIENT_SECRET: 'sandbox-secret',
  }
  const url = `http://localhost:${env.PORT}`
  const call = backend(url)
  const admin = (method: string, path: string, body: object = {}) =>
    call(method, `${sandbox.url}/sandbox${path}`, method === 'GET' ? undefined : body)
  const server = await serve(env)
  const { connection } = await connect({ url }, call)
  await syncEnd(call, connection.id)
  const path = `/v1/connections/${connection.id}/sync`
  return { sandbox, server, env, call, admin, path }
}

describe.each(['embedded', 'PostgreSQL'])('a server on the %s database that is killed', (kind) => {
  it.each(['changes', 'sweep'])(
    'during %s goes on where it was, and loses and repeats nothing',
    { timeout: 180_000 },
    async (walk) => {
      const { sandbox, server, env, call, admin, path } = await start(kind)
      const pages = (await admin('GET', '/truth?site=acme')).body.pages.filter(
        (page: { status: string; spaceStatus: string; restricted: boolean }) =>
          page.status === 'current' && page.spaceStatus === 'current' && !page.restricted,
      )
      const parents = new Set(pages.map(({ parentId }: { parentId: string }) => parentId))
      const leaves = pages.filter(({ id }: { id: string }) => !parents.has(id))
      for (const { id } of pages.slice(0, 300)) await admin('PATCH', `/pages/${id}`)
      if (walk === 'sweep') for (const { id } of leaves.slice(0, 5)) await admin('POST', `/pages/${id}/trash`)
      await admin('POST', '/latency', { latencyMs: 400 })
      await admin('DELETE', '/counters')
      const { body: started } = await call('POST', path, { walk })
      // Three responses are on their way or stored: it is in the middle.
      const asked = async () => (await admin('GET', '/counters')).body.sites.acme?.requests ?? 0
      await expect.poll(asked, { timeout: 30_000, interval: 50 }).toBeGreaterThanOrEqual(3)
      await server.kill()
      await admin('POST', '/latency', { latencyMs: 0 })

      await serve(env)
      const progress = async () => (await call('GET', `${path}?syncId=${started.syncId}`)).body
      await expect.poll(async () => (await progress()).phase, { timeout: 60_000, interval: 200 }).toBe('done')
      expect(await stored(call)).toEqual(await truth({ sandbox }, 'acme'))
      // Each edit was stored once, although a response may have been asked for twice.
      expect((await progress()).pages.synced).toBe(walk === 'sweep' ? 295 : 300)
      // What it stored is known: the walk after the next one finds nothing to do.
      for (const points of [expect.any(Number), 2]) {
        const { body: again } = await call('POST', path, { walk: 'changes' })
        await expect
          .poll(async () => (await call('GET', `${path}?syncId=${again.syncId}`)).body, { timeout: 30_000 })
          .toMatchObject({ phase: 'done', points, pages: { synced: 0 } })
      }
    },
  )
})
