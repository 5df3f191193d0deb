import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { databases } from '../database.ts'
import { Browser, backend, freePort, type Stack, signIn, startStack } from '../stack.ts'

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname

interface Item {
  id: string
  type: 'SPACE' | 'PAGE'
  name: string
  space: string | null
  spaceName: string | null
  isExpandable: boolean
  mark: { text: string; tone: string } | null
}

interface File {
  external_file_id: string
  tags: object
  request_id: string
  sync_status: string
  parsed_text_url: string
}

describe.each(databases)('the sync page on the $kind database', ({ open }) => {
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
  afterEach(async () => {
    vi.useRealTimers()
    await admin('DELETE', '/faults')
    await admin('POST', '/quota', { used: 0 })
  })

  let customers = 0
  /** A customer of their own, connected without a sync; with the tree, unless told otherwise. */
  async function customer({ tree = true, ...options }: { tree?: boolean; [option: string]: unknown } = {}) {
    customers += 1
    const call = backend(stack.url, `picker-${customers}`)
    const oauthUrl = async (body: object) =>
      (await call('POST', '/integrations/oauth_url', { service: 'CONFLUENCE', confluence_subdomain: 'acme', ...body }))
        .body.oauth_url as string
    const browser = new Browser()
    const signInUrl = await oauthUrl({
      connecting_new_account: true,
      sync_files_on_connection: false,
      sync_source_items: tree,
      tags: { from: 'connection' },
    })
    await browser.submit(await signIn(browser, signInUrl), {})
    const url = await oauthUrl({ connecting_new_account: false, ...options })
    /** Calls below the page, as its script does. */
    const page = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          'sec-fetch-site': 'same-origin',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      return { status: response.status, headers: response.headers, body: await response.json() }
    }
    const items = async (query = ''): Promise<{ items: Item[]; count: number }> =>
      (await page('GET', `/items${query}`)).body
    /** Waits for the end of everything that runs. */
    const quiet = async () => {
      for (let tries = 0; tries < 300; tries++) {
        const { body } = await page('GET', '/state')
        if (!body.running) return body
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error('The sync did not end in time.')
    }
    const files = async (): Promise<File[]> =>
      (
        await call('POST', '/user_files_v2', {
          pagination: { limit: 250 },
          include_tags: true,
          include_parsed_text_file: true,
        })
      ).body.results
    if (tree) await quiet()
    return { call, url, page, items, quiet, files }
  }

  it('says whose it is and which Confluence it shows, without a request beyond itself', async () => {
    const { url } = await customer()
    expect(url).toMatch(new RegExp(`^${stack.url}/oauth/sync/[\\w-]{43}$`))
    const response = await fetch(url)
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(text).toMatch(/<h1[^>]*>Choose what to sync to Acme Notes<\/h1>[\s\S]*Jane Doe[\s\S]*acme\.atlassian\.net/)
    expect(text).toContain('No pages synced yet')
    const { headers } = response
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('access-control-allow-origin')).toBeNull()
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+' 'sha256-[^ ]+'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    )
    const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)]
    expect(scripts).toHaveLength(1)
    expect(policy).toContain(
      createHash('sha256')
        .update(scripts[0]?.[1] ?? '')
        .digest('base64'),
    )
    expect(text.replaceAll(/<script>[\s\S]*?<\/script>/g, '')).not.toMatch(/ (src|href|style)=|url\(/)
  })

  it('reads the tree when it was never read, but not because somebody looks', async () => {
    const { url, page, items, quiet } = await customer({ tree: false })
    await fetch(url)
    expect((await page('GET', '/state')).body).toMatchObject({ running: null, isTreeRead: false })
    expect((await items()).count).toBe(0)
    const started = await page('POST', '/tree', {})
    expect(started).toMatchObject({
      status: 200,
      body: { state: { running: 'items', title: 'Confluence is being read' } },
    })
    expect(await quiet()).toMatchObject({ isTreeRead: true, spaces: (await items()).count })
    expect((await items()).items.every(({ type }) => type === 'SPACE')).toBe(true)
  })

  it('shows spaces, what is below them, and what a search finds, part by part', async () => {
    const { items } = await customer()
    const { items: spaces } = await items()
    const engineering = spaces.find(({ name }) => name === 'Engineering')
    expect(engineering).toMatchObject({ isExpandable: true, mark: { text: expect.stringMatching(/^\d+ pages$/) } })
    const below = await items(`?parent=${engineering?.id}`)
    expect(below.items.length).toBeGreaterThan(0)
    expect(below.items.every(({ type, space }) => type === 'PAGE' && space === engineering?.id)).toBe(true)
    expect(below.items[0]?.mark).toBeNull()

    const first = await items('?search=A')
    expect(first.items).toHaveLength(50)
    const rest = await items('?search=A&offset=50')
    const ids = [...first.items, ...rest.items].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(first.items.every(({ name }) => name.toLowerCase().includes('a'))).toBe(true)
    expect(first.items.find(({ type }) => type === 'PAGE')?.spaceName).toEqual(expect.any(String))
    const known = ids.slice(0, 3)
    expect((await items(`?ids=${known}`)).items.map(({ id }) => id).sort()).toEqual(known.toSorted())
    expect((await items('?search=no such page')).count).toBe(0)
  })

  it('syncs what was picked, with the options of the link', async () => {
    const { page, items, quiet, files } = await customer({
      tags: { team: 'docs' },
      request_id: 'request-7',
      file_sync_config: { parsed_text_format: 'MARKDOWN' },
    })
    const { items: spaces } = await items()
    const [space, other] = spaces.filter(({ isExpandable }) => isExpandable) as [Item, Item]
    const { items: pages } = await items(`?parent=${other.id}`)
    const [one] = pages as [Item]
    const answer = await page('POST', '/select', { ids: [space.id, one.id] })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        message: 'The sync of 1 space and 1 page has started.',
        state: { running: 'files', title: 'The chosen pages are being synced to Acme Notes' },
      },
    })
    expect(await quiet()).toMatchObject({ line: 'connected', title: 'Choose what to sync to Acme Notes' })
    const marks = new Map((await items(`?ids=${[space.id, other.id, one.id]}`)).items.map(({ id, mark }) => [id, mark]))
    const found = await files()
    expect(marks.get(space.id)).toEqual({
      text: found.length === 2 ? '1 page synced' : `All ${found.length - 1} pages synced`,
      tone: 'good',
    })
    expect(marks.get(other.id)?.text).toMatch(/^1 of \d+ pages synced$/)
    expect(marks.get(one.id)).toEqual({ text: 'Synced', tone: 'good' })
    expect(found.map(({ external_file_id }) => external_file_id)).toContain(one.id)
    for (const file of found)
      expect(file).toMatchObject({
        tags: { from: 'connection', team: 'docs' },
        request_id: 'request-7',
        sync_status: 'READY',
      })
    expect((await fetch(found[0]?.parsed_text_url ?? '')).headers.get('content-type')).toMatch(/markdown/)
  })

  it('only records what was picked where the link says so', async () => {
    const { page, items, files } = await customer({ file_sync_config: { skip_file_processing: true } })
    const page1 = (await items('?search=a')).items.find(({ type }) => type === 'PAGE') as Item
    const { body } = await page('POST', '/select', { ids: [page1.id] })
    expect(body).toMatchObject({
      message: '1 page added. The content follows when it is needed.',
      state: { running: null },
    })
    expect((await files()).map(({ sync_status }) => sync_status)).toEqual(['READY_TO_SYNC'])
    expect((await items(`?ids=${page1.id}`)).items[0]?.mark).toEqual({ text: 'Added', tone: 'plain' })
  })

  it('says how many pages a limit lets in', async () => {
    const { call, page, items } = await customer()
    await call('POST', '/update_users', { customer_ids: [`picker-${customers}`], max_files: 1 })
    const ids = (await items('?search=a')).items.filter(({ type }) => type === 'PAGE').map(({ id }) => id)
    const { body } = await page('POST', '/select', { ids: ids.slice(0, 3) })
    expect(body.message).toBe(
      'The sync of 3 pages has started. Only 1 page of 3 can be synced: a limit of Acme Notes is reached.',
    )
  })

  it('syncs everything, with the options of the link, and once at a time', async () => {
    const { page, quiet, files } = await customer({ tags: { team: 'docs' }, request_id: 'request-8' })
    await admin('POST', '/latency', { latencyMs: 300 })
    const first = await page('POST', '/everything', {})
    expect(first.body).toMatchObject({
      message: 'The sync of all pages has started.',
      state: { running: 'all', line: 'syncing', title: 'All pages are being synced to Acme Notes' },
    })
    expect((await page('POST', '/everything', {})).body.message).toBe('All pages are being synced already.')
    await admin('POST', '/latency', { latencyMs: 0 })
    const state = await quiet()
    const found = await files()
    expect(found).toHaveLength(Math.min(250, state.pages))
    expect(state.facts[0]).toBe(`${state.pages} pages synced, last sync `)
    for (const file of found)
      expect(file).toMatchObject({ tags: { from: 'connection', team: 'docs' }, request_id: 'request-8' })
  })

  it('syncs everything by its form where no script runs', async () => {
    const { url, quiet } = await customer()
    const browser = new Browser()
    const before = await browser.visit(url)
    const after = await browser.submit(before, {})
    expect(after).toMatchObject({ status: 200, url })
    expect((await quiet()).pages).toBeGreaterThan(0)
  })

  it('is over after an hour, and unknown links look the same', async () => {
    const { url, page } = await customer()
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
    const { page, items, files } = await customer()
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
    const { page } = await customer({ tree: false })
    const { status, body: answer } = await page('POST', path, body)
    expect([status, answer]).toEqual([400, { error: { code: 'unknown', message: expect.stringContaining('10,000') } }])
  })

  it.each(['?offset=-1', '?parent=x', '?ids=1,x', `?search=${'a'.repeat(201)}`, '?search=%00', '?offset=x'])(
    'refuses a question that makes no sense (%#)',
    async (query) => {
      const { page } = await customer({ tree: false })
      expect(await page('GET', `/items${query}`)).toMatchObject({
        status: 400,
        body: { error: { message: expect.any(String) } },
      })
    },
  )

  it('leaves out what is no longer in Confluence', async () => {
    const { page, items, files, quiet } = await customer()
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
    const title = `</script><img src=x onerror=alert(1)> "q' & ${customers}`
    await admin('POST', '/pages', { space: 'ENGI', title })
    const { url, items, page, quiet } = await customer()
    const found = (await items('?search=onerror')).items.find(({ name }) => name === title)
    await page('POST', '/select', { ids: [found?.id] })
    await quiet()
    expect(await (await fetch(url)).text()).not.toContain('<img')
  })

  it('says that Atlassian asked to wait, and until when', async () => {
    const { page, url } = await customer()
    await admin('POST', '/quota', { used: 1_000_000 })
    await page('POST', '/everything', {})
    await expect
      .poll(async () => (await page('GET', '/state')).body)
      .toMatchObject({
        line: 'waiting',
        title: 'Atlassian asked to wait',
        text: ['Syncing goes on by itself at ', { at: expect.stringMatching(/Z$/) }, '; you can close this page.'],
        running: 'all',
      })
    expect(await (await fetch(url)).text()).toMatch(/<time datetime="[^"]+Z">[^<]+ UTC<\/time>/)
  })

  it('says what went wrong, and what helps', async () => {
    const { page, quiet } = await customer({ tree: false })
    await admin('POST', '/faults', { status: 403, times: null })
    await page('POST', '/tree', {})
    expect(await quiet()).toMatchObject({
      line: 'broken',
      title: 'The last sync stopped early',
      text: [expect.stringContaining('Ask a Confluence admin')],
      hasFailed: true,
    })
  })

  it('says that the connection has ended, and syncs nothing any more', async () => {
    const { call, url, page } = await customer()
    const { id } = (await call('POST', '/user_data_sources', {})).body.results[0]
    await call('POST', '/revoke_access_token', { data_source_id: id })
    expect(await (await fetch(url)).text()).toMatch(/Confluence is disconnected[\s\S]*go back to Acme Notes/)
    for (const path of ['/everything', '/tree', '/select'])
      expect(await page('POST', path, { ids: ['1'] })).toMatchObject({
        status: 409,
        body: { error: { code: 'reconnect_needed', message: expect.stringContaining('Go back to Acme Notes') } },
      })
  })

  it('says that Atlassian ended the access', async () => {
    const { page, url, quiet } = await customer()
    await admin('POST', '/revoke', {})
    await page('POST', '/everything', {})
    expect(await quiet()).toMatchObject({ line: 'broken', isActive: false })
    expect(await (await fetch(url)).text()).toContain('Confluence must be connected again')
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
