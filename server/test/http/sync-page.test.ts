import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import { Browser, backend, type Stack, startStack } from '../stack.ts'
import { type Item, syncLink } from './sync-link.ts'

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
    await admin('DELETE', '/faults')
    await admin('POST', '/install', { site: 'acme' })
  })

  it('says whose it is and which Confluence it shows, without a request beyond itself', async () => {
    const { url } = await syncLink(stack)
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
    const { url, page, items, quiet } = await syncLink(stack, { tree: false })
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
    const { items } = await syncLink(stack)
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
    const { page, items, quiet, files } = await syncLink(stack, {
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
    const { page, items, files } = await syncLink(stack, { file_sync_config: { skip_file_processing: true } })
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
    const { customerId, call, page, items } = await syncLink(stack)
    await call('POST', '/update_users', { customer_ids: [customerId], max_files: 1 })
    const ids = (await items('?search=a')).items.filter(({ type }) => type === 'PAGE').map(({ id }) => id)
    const { body } = await page('POST', '/select', { ids: ids.slice(0, 3) })
    expect(body.message).toBe(
      'The sync of 3 pages has started. Only 1 page of 3 can be synced: a limit of Acme Notes is reached.',
    )
  })

  it('syncs everything, with the options of the link, and once at a time', async () => {
    const { page, quiet, files } = await syncLink(stack, { tags: { team: 'docs' }, request_id: 'request-8' })
    await admin('POST', '/latency', { held: true })
    const first = await page('POST', '/everything', {})
    expect(first.body).toMatchObject({
      message: 'The sync of all pages has started.',
      state: { running: 'all', line: 'syncing', title: 'All pages are being synced to Acme Notes' },
    })
    expect((await page('POST', '/everything', {})).body.message).toBe('All pages are being synced already.')
    await admin('POST', '/latency', { held: false })
    const state = await quiet()
    const found = await files()
    expect(found).toHaveLength(Math.min(250, state.pages))
    expect(state.facts[0]).toBe(`${state.pages} pages synced, last sync `)
    for (const file of found)
      expect(file).toMatchObject({ tags: { from: 'connection', team: 'docs' }, request_id: 'request-8' })
  })

  it('syncs everything by its form where no script runs', async () => {
    const { url, quiet } = await syncLink(stack)
    const browser = new Browser()
    const before = await browser.visit(url)
    const after = await browser.submit(before, {})
    expect(after).toMatchObject({ status: 200, url })
    expect((await quiet()).pages).toBeGreaterThan(0)
  })

  it('says what went wrong, and what helps', async () => {
    const { page, quiet } = await syncLink(stack, { tree: false })
    await admin('POST', '/uninstall', { site: 'acme' })
    await page('POST', '/tree', {})
    expect(await quiet()).toMatchObject({
      line: 'broken',
      title: 'The last sync stopped early',
      text: [expect.stringContaining('Ask a Confluence admin')],
      hasFailed: true,
    })
  })

  it('says that the connection has ended, and syncs nothing any more', async () => {
    const { call, url, page } = await syncLink(stack)
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
    const { page, url, quiet } = await syncLink(stack)
    await admin('POST', '/revoke', {})
    await page('POST', '/everything', {})
    expect(await quiet()).toMatchObject({ line: 'broken', isActive: false })
    expect(await (await fetch(url)).text()).toContain('Confluence must be connected again')
  })

  // Last: the site is left alone from then on.
  it('says that Atlassian asked to wait, and until when', async () => {
    const { page, url } = await syncLink(stack)
    await admin('POST', '/faults', { match: { route: '/wiki/*' }, status: 429, retryAfter: 600 })
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
})
