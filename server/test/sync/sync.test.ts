import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import {
  Browser,
  backend,
  begin,
  connect,
  type Stack,
  signIn,
  startStack,
  stored,
  syncEnd,
  type TruePage,
  truth,
} from '../stack.ts'

describe.each(databases)('syncing to the $kind database', ({ open }) => {
  let stack: Stack
  let drop: () => Promise<void>
  let customer = 0
  let call: ReturnType<typeof backend>
  const admin: ReturnType<typeof backend> = (method, path, body) =>
    call(method, `${stack.sandbox.url}/sandbox${path}`, body)

  beforeAll(async () => {
    const options = await open()
    drop = options.drop
    stack = await startStack({ ...options, sandbox: { pages: 250, spaces: 4 } })
  })
  afterAll(async () => {
    await stack.close()
    await drop()
  })
  beforeEach(async () => {
    customer += 1
    call = backend(stack.url, `customer-${customer}`)
    await admin('DELETE', '/counters')
  })
  afterEach(async () => {
    await admin('DELETE', '/faults')
    await admin('POST', '/install', { site: 'acme' })
    await admin('POST', '/rows', { max: 250 })
  })

  const expected = () => truth(stack, 'acme')
  const found = () => stored(call)

  it.each<[string, object, number]>([
    ['429 with Retry-After', { status: 429, retryAfter: 1 }, 3],
    ['429 without Retry-After', { status: 429 }, 1],
    ['500', { status: 500 }, 2],
    ['503', { status: 503 }, 2],
    ['404 of an edge that is overloaded', { status: 404 }, 2],
    ['403 of an edge that is overloaded', { status: 403 }, 2],
    ['a connection that breaks', { kind: 'reset' }, 2],
    ['a body that is cut off', { kind: 'truncate' }, 2],
  ])('survives %s', async (_, fault, times) => {
    await admin('POST', '/faults', { match: { route: '/wiki/api/v2/pages', site: 'acme' }, after: 3, times, ...fault })
    const { connection } = await connect(stack, call)
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done', pages: { failed: 0 } })
    expect(await found()).toEqual(await expected())
    expect((await admin('GET', '/faults')).body.faults).toEqual([])
  })

  it('tells until when Atlassian asked to wait', async () => {
    await admin('POST', '/faults', {
      match: { route: '/wiki/api/v2/pages', site: 'acme' },
      after: 2,
      times: 1,
      status: 429,
      retryAfter: 4,
    })
    const { connection } = await connect(stack, call)
    let limited: string | null = null
    for (let tries = 0; tries < 100 && !limited; tries++) {
      limited = (await call('GET', `/v1/connections/${connection.id}/sync`)).body.rateLimitedUntil
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(Date.parse(limited ?? '')).toBeGreaterThan(Date.now())
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done', rateLimitedUntil: null })
  })

  it.each([401, 404])('refreshes a token that Atlassian no longer takes and answers %i', async (answer) => {
    await admin('POST', '/faults', {
      match: { route: '/wiki/api/v2/pages', site: 'acme' },
      times: 1,
      status: 429,
      retryAfter: 1,
    })
    const { connection } = await connect(stack, call)
    await admin('POST', '/expire-tokens', { answer })
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done' })
    expect(await found()).toEqual(await expected())
  })

  it('asks to connect again when the grant is gone, and keeps what it has', async () => {
    await admin('POST', '/faults', {
      match: { route: '/wiki/api/v2/pages', site: 'acme' },
      after: 3,
      times: 1,
      status: 429,
      retryAfter: 1,
    })
    const { connection } = await connect(stack, call)
    const organisation = backend(stack.url, '')
    const hook = { url: 'http://127.0.0.1:9/nobody-listens', events: ['connection.disconnected'] }
    const { webhook } = (await organisation('POST', '/v1/webhooks', hook)).body
    await admin('POST', '/revoke', {})
    const ended = await syncEnd(call, connection.id)
    expect(ended).toMatchObject({ phase: 'failed', error: { code: 'reconnect_needed' } })
    expect(ended.error.message).toMatch(/connect again|refused/i)
    expect((await call('GET', '/v1/connections')).body.connections[0].status).toBe('reconnect_needed')
    const { deliveries } = (await organisation('GET', `/v1/webhooks/${webhook.id}/deliveries`)).body
    // Two lanes find out at once, and one tells.
    expect(deliveries).toMatchObject([{ type: 'connection.disconnected', customerId: `customer-${customer}` }])
    await organisation('DELETE', `/v1/webhooks/${webhook.id}`)
    const renewed = await connect(stack, call)
    expect(renewed.connection).toMatchObject({ id: connection.id, status: 'active' })
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done' })
    expect(await found()).toEqual(await expected())
  })

  it('fails with what to do when the app was removed from the site', async () => {
    await admin('POST', '/faults', {
      match: { route: '/wiki/api/v2/pages', site: 'acme' },
      times: 1,
      status: 429,
      retryAfter: 1,
    })
    const { connection } = await connect(stack, call)
    await admin('POST', '/uninstall', { site: 'acme' })
    expect(await syncEnd(call, connection.id)).toMatchObject({
      phase: 'failed',
      error: { code: 'no_confluence_access' },
    })
    expect((await call('POST', '/user_data_sources', {})).body.results[0].sync_status).toBe('SYNC_ERROR')
  })

  it('stores pages whose titles and bodies hold U+0000 and every script', async () => {
    const { body: world } = await admin('GET', '/truth?site=acme')
    const space = world.pages.find(
      (page: TruePage) => page.status === 'current' && page.spaceStatus === 'current',
    ).space
    const title = 'nul\u0000 עברית 日本語 ✓ "quotes" <b>'
    const { body: page } = await admin('POST', '/pages', {
      site: 'acme',
      space,
      title,
      body: '<p>before\u0000after &amp; <strong>bold</strong></p>',
    })
    const { connection } = await connect(stack, call)
    await syncEnd(call, connection.id)
    const { body } = await call('POST', '/user_files_v2', {
      filters: { external_file_ids: [page.id] },
      include_raw_file: true,
      include_parsed_text_file: true,
    })
    expect(body.results[0].name).toBe(title.replace('\u0000', ''))
    expect(await (await fetch(body.results[0].parsed_text_url)).text()).toContain('beforeafter & bold')
    expect(await (await fetch(body.results[0].presigned_url)).text()).toContain(
      '<title>nul עברית 日本語 ✓ &quot;quotes&quot; &lt;b></title>',
    )
    await admin('DELETE', `/pages/${page.id}`)
  })

  it('leaves no page behind when it is disconnected in mid-sync', async () => {
    await admin('POST', '/latency', { latencyMs: 60 })
    const { connection } = await connect(stack, call)
    const progress = () => call('GET', `/v1/connections/${connection.id}/sync`)
    for (let synced = 0; synced === 0; ) synced = (await progress()).body.pages.synced
    await call('POST', `/v1/connections/${connection.id}/disconnect`, {})
    expect((await progress()).body.phase).toBe('cancelled')
    // Long enough for every response that was under way to arrive.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await admin('POST', '/latency', { latencyMs: 0 })
    expect(await found()).toEqual([])
  })

  it('walks a lane again whose cursor Atlassian no longer takes', async () => {
    await admin('POST', '/rows', { max: 100 })
    await admin('POST', '/faults', {
      match: { route: '/wiki/api/v2/pages', site: 'acme', continues: true },
      times: 1,
      status: 400,
    })
    const { connection } = await connect(stack, call)
    expect(await syncEnd(call, connection.id)).toMatchObject({
      phase: 'done',
      pages: { synced: (await expected()).length, failed: 0 },
    })
    expect(await found()).toEqual(await expected())
    expect((await admin('GET', '/faults')).body.faults).toEqual([])
  })

  it('gives up a lane whose cursor is refused again and again', async () => {
    await admin('POST', '/rows', { max: 100 })
    await admin('POST', '/faults', {
      match: { route: '/wiki/api/v2/pages', site: 'acme', continues: true },
      times: null,
      status: 400,
    })
    const { connection } = await connect(stack, call)
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'failed', error: { code: 'sync_failed' } })
    expect((await admin('GET', '/counters')).body.sites.acme.requests).toBeLessThan(40)
  })

  it.each([400, 401, 403, 500])(
    'does not take a token endpoint that answers %i for a customer’s fault',
    async (status) => {
      await admin('POST', '/faults', {
        match: { route: '/wiki/api/v2/pages', site: 'acme' },
        after: 2,
        times: 1,
        status: 429,
        retryAfter: 1,
      })
      const { connection } = await connect(stack, call)
      await admin('POST', '/expire-tokens', {})
      await admin('POST', '/faults', { match: { route: '/oauth/token' }, times: 1, status })
      expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done', error: null })
      expect(await found()).toEqual(await expected())
    },
  )

  it('answers others while Atlassian is slow to refresh a token', async () => {
    await admin('POST', '/faults', {
      match: { route: '/wiki/api/v2/pages', site: 'acme' },
      after: 2,
      times: 1,
      status: 429,
      retryAfter: 1,
    })
    const { connection } = await connect(stack, call)
    await admin('POST', '/expire-tokens', {})
    await admin('POST', '/faults', { match: { route: '/oauth/token' }, kind: 'slow', delayMs: 6000, times: 1 })
    const refreshing = async () => (await admin('GET', '/counters')).body.routes['GET /wiki/api/v2/pages']?.['401'] ?? 0
    for (let tries = 0; tries < 100 && (await refreshing()) === 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50))
    const ready = call('GET', '/ready').then(() => 'answered')
    const late = new Promise((resolve) => setTimeout(() => resolve('late'), 3000))
    expect(await Promise.race([ready, late])).toBe('answered')
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done' })
  })

  it('passes tags and the request id on to every page', async () => {
    const { body } = await call('POST', '/v1/flows', {
      site: 'acme',
      tags: { team: 'docs' },
      requestId: 'request-1',
      dataSourceTags: { plan: 'pro' },
    })
    expect(body.flow.status).toBe('created')
    const browser = new Browser()
    await signIn(browser, (await begin(stack, browser, body.secret)).url)
    const { sites } = (await call('GET', `/v1/flows/${body.flow.id}`)).body
    const { connection } = (await call('POST', `/v1/flows/${body.flow.id}/confirm`, { cloudId: sites[0].cloudId })).body
    await syncEnd(call, connection.id)
    const { body: files } = await call('POST', '/user_files_v2', { filters: { request_ids: ['request-1'] } })
    expect(files.count).toBe((await expected()).length)
    expect(files.results[0]).toMatchObject({ tags: { team: 'docs' }, request_id: 'request-1' })
    const tagged = await call('POST', '/user_data_sources', { filters: { tags: { plan: 'pro' } } })
    expect(tagged.body.count).toBe(1)
    expect((await call('POST', '/user_data_sources', { filters: { tags: { plan: 'free' } } })).body.count).toBe(0)
  })
})
