import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { createQueue } from '../../src/sync/queue.ts'
import { emptyEmbedded, emptyPostgres } from '../database.ts'
import { freePort } from '../port.ts'
import { runProgram } from '../program.ts'
import { backend, connect, stored, syncEnd, truth } from '../stack.ts'

const API_KEY = 'an-api-key-for-the-tests'
const children: ChildProcess[] = []

function run(words: string[], env: Record<string, string>) {
  const program = runProgram(words, env)
  children.push(program.child)
  return program
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

const folders: string[] = []
const kept = (path: string) => {
  folders.push(path)
  return path
}
const folder = () => kept(mkdtempSync(join(tmpdir(), 'cc-cli-')))
/** One with a database that has nothing in it: a start need not make it. */
const madeFolder = () => kept(emptyEmbedded().dataDir)
afterAll(() => {
  for (const path of folders) {
    chmodSync(path, 0o700)
    rmSync(path, { recursive: true, force: true })
  }
})

describe('serve', () => {
  it('reports every problem of its configuration at once', async () => {
    const { code, output } = await run(['serve'], { PORT: 'x', PUBLIC_URL: 'y', LOG_LEVEL: 'z' }).ended()
    expect(code).toBe(2)
    for (const name of ['PORT', 'PUBLIC_URL', 'LOG_LEVEL']) expect(output).toContain(`- ${name} must`)
  })

  it('makes its database where there is none', async () => {
    const DATA_DIR = join(folder(), 'new')
    await run(['serve'], { PORT: String(await freePort()), DATA_DIR }).says('shown this once')
  })

  it('makes an API key at its first start, shows it once, and stops cleanly', async () => {
    const env = { PORT: String(await freePort()), DATA_DIR: madeFolder() }
    const first = run(['serve'], env)
    await first.says('shown this once')
    const key = /cck_[\w-]+/.exec(first.output())?.[0] ?? ''
    const call = backend(`http://127.0.0.1:${env.PORT}`, 'customer', key)
    expect((await call('GET', '/auth/v1/access_token')).status).toBe(200)
    first.child.kill('SIGTERM')
    expect((await first.ended()).code).toBe(0)
    const second = run(['serve'], env)
    await second.says('listens on')
    expect(second.output()).not.toContain('shown this once')
    expect((await call('GET', '/auth/v1/access_token')).status).toBe(200)
  })

  it('names the program that has its data folder', async () => {
    const DATA_DIR = madeFolder()
    const first = run(['serve'], { PORT: String(await freePort()), DATA_DIR })
    await first.says('listens on')
    const { code, output } = await run(['serve'], { PORT: String(await freePort()), DATA_DIR }).ended()
    expect(code).toBe(1)
    expect(output).toContain(`in use by process ${first.child.pid}`)
  })

  it('says which port is taken and what to set', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const { code, output } = await run(['serve'], { PORT: String(port), DATA_DIR: madeFolder() }).ended()
    taken.close()
    expect(code).toBe(1)
    expect(output).toMatch(new RegExp(`Port ${port} .* in use .*PORT`))
  })

  it('keeps the first API key for a start that works', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const env = { PORT: String(port), DATA_DIR: madeFolder() }
    expect((await run(['serve'], env).ended()).code).toBe(1)
    taken.close()
    await once(taken, 'close')
    await run(['serve'], env).says('shown this once')
  })

  it('says so when its data folder cannot be written', async () => {
    const parent = folder()
    const file = join(parent, 'a-file')
    writeFileSync(file, '')
    chmodSync(parent, 0o500)
    const { code, output } = await run(['serve'], {
      PORT: String(await freePort()),
      DATA_DIR: join(file, 'data'),
    }).ended()
    expect(code).toBe(1)
    expect(output).toMatch(/DATA_DIR/)
    expect(output).not.toMatch(/ {4}at /)
  })

  it('says so when DATABASE_URL leads nowhere', async () => {
    const { code, output } = await run(['serve'], {
      PORT: String(await freePort()),
      DATA_DIR: folder(),
      DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x',
    }).ended()
    expect(code).toBe(1)
    expect(output).toMatch(/DATABASE_URL .*nothing listens/)
    expect(output).not.toContain('hunter2')
  })

  it.each(['connections', 'jobs.queue'])(
    'ends, so that it can be started again, where the table %s is missing',
    async (table) => {
      const { databaseUrl, drop } = await emptyPostgres()
      const database = await openDatabase({ databaseUrl, dataDir: 'unused' })
      await (await createQueue(database.queue, pino({ level: 'silent' }))).stop()
      await database.close()
      const client = new pg.Client(databaseUrl)
      await client.connect()
      await client.query(`drop table ${table} cascade`)
      await client.end()
      const env = { PORT: String(await freePort()), DATA_DIR: folder(), DATABASE_URL: databaseUrl }
      const { code, output } = await run(['serve'], env).ended()
      expect(code).toBe(1)
      expect(output).toContain(`relation "${table}" does not exist`)
      await drop()
    },
  )
})

describe('other commands', () => {
  it('explain themselves', async () => {
    expect(await run(['--help'], {}).ended()).toMatchObject({ code: 0, output: expect.stringContaining('serve') })
    expect(await run(['--version'], {}).ended()).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
    expect(await run(['nonsense'], {}).ended()).toMatchObject({
      code: 2,
      output: expect.stringContaining('no command "nonsense"'),
    })
    expect(await run(['work'], { DATA_DIR: folder() }).ended()).toMatchObject({
      code: 2,
      output: expect.stringContaining('DATABASE_URL'),
    })
    expect(await run(['keys'], {}).ended()).toMatchObject({ code: 2 })
    expect(await run(['sandbox'], { PORT: 'x', SANDBOX_PAGES: '-1' }).ended()).toMatchObject({
      code: 2,
      output: expect.stringMatching(/PORT[\s\S]*SANDBOX_PAGES/),
    })
  })

  it('make, list and revoke API keys', { timeout: 120_000 }, async () => {
    const env = { DATA_DIR: madeFolder() }
    const created = await run(['keys', 'create', 'backend'], env).ended()
    expect(created.output).toMatch(/API key 1 \(backend\).*\n {2}cck_/)
    expect((await run(['keys', 'list'], env).ended()).output).toMatch(/1 {2}.*works {2}backend/)
    expect((await run(['keys', 'revoke', '1'], env).ended()).code).toBe(0)
    expect((await run(['keys', 'revoke', '1'], env).ended()).code).toBe(1)
    expect((await run(['keys', 'list'], env).ended()).output).toMatch(/revoked .*backend/)
  })
})

const SPACES = 4

describe.each(['embedded', 'PostgreSQL'])('a server on the %s database that is killed in mid-sync', (kind) => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>
  let postgres: Awaited<ReturnType<typeof emptyPostgres>> | undefined

  beforeAll(async () => {
    sandbox = await startSandbox({ pages: 2500, spaces: SPACES, latencyMs: 40, host: '127.0.0.1', port: 0 })
    postgres = kind === 'PostgreSQL' ? await emptyPostgres() : undefined
  })
  afterAll(async () => {
    await sandbox.close()
    await postgres?.drop()
  })

  it('goes on where it was, and has each page exactly once', { timeout: 120_000 }, async () => {
    const port = await freePort()
    const env = {
      PORT: String(port),
      DATA_DIR: madeFolder(),
      API_KEY,
      LOG_LEVEL: 'trace',
      ...(postgres && { DATABASE_URL: postgres.databaseUrl }),
      ATLASSIAN_AUTH_URL: sandbox.url,
      ATLASSIAN_API_URL: sandbox.url,
      ATLASSIAN_CLIENT_ID: 'sandbox-client',
      ATLASSIAN_CLIENT_SECRET: 'sandbox-secret',
    }
    const url = `http://localhost:${port}`
    const call = backend(url)
    const first = run(['serve'], env)
    await first.says('listens on')
    const { connection } = await connect({ url }, call)

    const progress = () => call('GET', `/v1/connections/${connection.id}/sync`)
    let before = 0
    // Half of them: starting over would take more requests than what was under way.
    for (let tries = 0; tries < 2000 && before < 1_250; tries++) before = (await progress()).body.pages.synced
    first.child.kill('SIGKILL')
    await first.ended()

    const second = run(['serve'], env)
    await second.says('listens on')
    const resumed = (await progress()).body
    expect(resumed.phase).toBe('pages')
    expect(resumed.pages.synced).toBeGreaterThanOrEqual(before)

    const ended = await syncEnd(call, connection.id)
    const expected = await truth({ sandbox }, 'acme')
    expect(ended).toMatchObject({ phase: 'done', pages: { synced: expected.length, failed: 0 } })
    expect(await stored(call)).toEqual(expected)
    // Nothing of a sign-in, of a credential or of a page was written down, at the most talkative level.
    const logs = first.output() + second.output()
    expect(logs).toContain('"job":"sync-lane"')
    expect(logs).not.toMatch(
      new RegExp(`${API_KEY}|eyJ[\\w-]{10}|Bearer|[?&](code|state|signature)=|jane@|DB Access|<p>`),
    )
    // Nothing that was stored was fetched again, but for what was under way when the server died: a request of each lane.
    const other = backend(url, 'customer-2')
    const undisturbed = await syncEnd(other, (await connect({ url }, other)).connection.id)
    expect(ended.requests).toBeLessThanOrEqual(undisturbed.requests + SPACES)
  })
})

describe('a server that starts where jobs were lost', () => {
  let sandbox: Awaited<ReturnType<typeof startSandbox>>
  beforeAll(async () => {
    sandbox = await startSandbox({ pages: 2500, spaces: SPACES, latencyMs: 40, host: '127.0.0.1', port: 0 })
  })
  afterAll(() => sandbox.close())

  it('picks up lanes whose jobs were given up', { timeout: 120_000 }, async () => {
    const port = await freePort()
    const database = await emptyPostgres()
    const env = {
      PORT: String(port),
      DATA_DIR: folder(),
      API_KEY,
      DATABASE_URL: database.databaseUrl,
      ATLASSIAN_AUTH_URL: sandbox.url,
      ATLASSIAN_API_URL: sandbox.url,
      ATLASSIAN_CLIENT_ID: 'sandbox-client',
      ATLASSIAN_CLIENT_SECRET: 'sandbox-secret',
    }
    const call = backend(`http://localhost:${port}`)
    const first = run(['serve'], env)
    await first.says('listens on')
    const { connection } = await connect({ url: `http://localhost:${port}` }, call)
    for (let synced = 0; synced === 0; )
      synced = (await call('GET', `/v1/connections/${connection.id}/sync`)).body.pages.synced
    first.child.kill('SIGKILL')
    await first.ended()

    const client = new pg.Client(database.databaseUrl)
    await client.connect()
    await client.query(
      "update jobs.job set state = 'failed' where name = 'sync-lane' and state in ('created', 'retry', 'active')",
    )
    await client.query("update syncs set updated_at = now() - interval '5 minutes'")
    await client.end()

    const second = run(['serve'], env)
    await second.says('listens on')
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done' })
    expect(await stored(call)).toEqual(await truth({ sandbox }, 'acme'))
    second.child.kill('SIGKILL')
    await second.ended()
    await database.drop()
  })
})
