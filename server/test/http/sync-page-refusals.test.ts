import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { databases } from '../database.ts'
import { freePort } from '../port.ts'
import { backend, type Stack, startStack } from '../stack.ts'
import { type Item, syncLink } from './sync-link.ts'

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname

describe.each(databases)('what the sync page refuses on the $kind database', ({ open }) => {
  let stack: Stack
  let drop: () => Promise<void>
  const admin = (method: string, path: string, body?: unknown) =>
    backend(stack.url)(method, `${stack.sandbox.url}/sandbox${path}`, body)

  beforeAll(async () => {
    const options = await open()
    drop = options.drop
    stack = await startStack({ ...options, sandbox: { pages: 150, spaces: 4 } })
  })
  afterAll(async () => {
    await stack.close()
    await drop()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is over after an hour, and unknown links look the same', async () => {
    const { url, page } = await syncLink(stack)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61 * 60_000 })
    for (const link of [url, `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`, `${stack.url}/oauth/sync/x`]) {
      const response = await fetch(link)
      expect(response.status).toBe(404)
      expect(await response.text()).toMatch(/This link has expired[\s\S]*Go back to Acme Notes/)
      expect(response.headers.get('cache-control')).toBe('no-store')
    }
    for (const [method, path] of [
      ['GET', '/state'],
      ['GET', '/items'],
      ['POST', '/select'],
      ['POST', '/everything'],
      ['POST', '/tree'],
    ] as const)
      expect(await page(method, path, method === 'POST' ? { ids: ['1'] } : undefined)).toMatchObject({
        status: 404,
        body: { error: { code: 'flow_expired', message: expect.stringContaining('Go back to Acme Notes') } },
      })
  })

  it('answers no page of another origin', async () => {
    const { page, items, files } = await syncLink(stack)
    const [space] = (await items()).items as [Item]
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    for (const [method, path, body] of [
      ['GET', '/state', undefined],
      ['GET', '/items', undefined],
      ['POST', '/select', { ids: [space.id] }],
      ['POST', '/everything', {}],
      ['POST', '/tree', {}],
    ] as const) {
      const answer = await page(method, path, body, foreign)
      expect([answer.status, answer.body.error.code]).toEqual([403, 'origin_not_allowed'])
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
    expect((await page('GET', '/state')).body.running).toBeNull()
    expect(await files()).toEqual([])
  })

  it.each([
    ['/select', { ids: [] }],
    ['/select', {}],
    ['/select', { ids: ['1 or 1=1'] }],
    ['/select', { ids: [7] }],
    ['/select', { ids: Array.from({ length: 10_001 }, (_, index) => String(index)) }],
    ['/select', 'not JSON'],
  ])('refuses what nobody can pick (%#)', async (path, body) => {
    const { page } = await syncLink(stack, { tree: false })
    const { status, body: answer } = await page('POST', path, body)
    expect([status, answer]).toEqual([400, { error: { code: 'unknown', message: expect.stringContaining('10,000') } }])
  })

  it.each(['?offset=-1', '?parent=x', '?ids=1,x', `?search=${'a'.repeat(201)}`, '?search=%00', '?offset=x'])(
    'refuses a question that makes no sense (%#)',
    async (query) => {
      const { page } = await syncLink(stack, { tree: false })
      expect(await page('GET', `/items${query}`)).toMatchObject({
        status: 400,
        body: { error: { message: expect.any(String) } },
      })
    },
  )

  it('leaves out what is no longer in Confluence', async () => {
    const { page, items, files, quiet } = await syncLink(stack)
    const [one] = (await items('?search=a')).items.filter(({ type }) => type === 'PAGE') as [Item]
    expect(await page('POST', '/select', { ids: ['999999999999'] })).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('no longer in Confluence') } },
    })
    const { body } = await page('POST', '/select', { ids: [one.id, '999999999999'] })
    expect(body.message).toBe('The sync of 1 page has started. What is no longer in Confluence was left out.')
    await quiet()
    expect(await files()).toHaveLength(1)
  })

  it('shows titles as what they are: text', async () => {
    const title = `</script><img src=x onerror=alert(1)> "q' & ${stack.url}`
    await admin('POST', '/pages', { space: 'ENGI', title })
    const { url, items, page, quiet } = await syncLink(stack)
    const found = (await items('?search=onerror')).items.find(({ name }) => name === title)
    await page('POST', '/select', { ids: [found?.id] })
    await quiet()
    expect(await (await fetch(url)).text()).not.toContain('<img')
  })
})

it('keeps the token of a link out of the log', async () => {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'cc-log-'))
  const child = spawn(process.execPath, [main, 'serve'], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      API_KEY: 'an-api-key-for-the-tests',
      LOG_LEVEL: 'debug',
      ATLASSIAN_CLIENT_ID: 'id',
      ATLASSIAN_CLIENT_SECRET: 'secret',
      ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 9).toString('base64')}`,
    },
  })
  let log = ''
  child.stdout.on('data', (chunk) => (log += chunk))
  child.stderr.on('data', (chunk) => (log += chunk))
  try {
    await vi.waitFor(() => expect(log).toContain('listens on'), { timeout: 25_000 })
    const token = 'a-token_'.padEnd(43, 'x')
    await fetch(`http://localhost:${port}/oauth/sync/${token}/state`)
    await vi.waitFor(() => expect(log).toContain('"path":"/oauth/sync/[secret]/state"'))
    expect(log).not.toContain(token)
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})
