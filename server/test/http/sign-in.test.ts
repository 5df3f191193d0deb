import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { cookieName } from '../../src/oauth/flow-cookie.ts'
import { APP, Browser, backend, begin, connect, type Stack, signIn, startStack } from '../stack.ts'

let stack: Stack
const call: ReturnType<typeof backend> = (...words) => backend(stack.url)(...words)
const admin: ReturnType<typeof backend> = (method, path, body) =>
  call(method, `${stack.sandbox.url}/sandbox${path}`, body)

beforeAll(async () => {
  stack = await startStack({ sandbox: { pages: 20 } })
})
afterAll(() => stack.close())
beforeEach(() => admin('DELETE', '/counters'))
afterEach(async () => {
  vi.useRealTimers()
  await admin('DELETE', '/faults')
})

const start = async (site = 'acme') => (await call('POST', '/v1/flows', { site })).body
const status = async (id: string) => (await call('GET', `/v1/flows/${id}`)).body
const callback = () => `${stack.url}/integrations/confluence`

/** How often a code or a refresh token was exchanged since the test began. */
async function exchanges(): Promise<number> {
  const { body } = await admin('GET', '/counters')
  return Object.values<number>(body.routes['POST /oauth/token'] ?? {}).reduce((sum, count) => sum + count, 0)
}

describe('a sign-in by popup', () => {
  it('goes from created to connected', async () => {
    const { flow, secret } = await start('https://ACME.atlassian.net/wiki/spaces/X')
    expect(flow).toMatchObject({
      status: 'created',
      requestedSite: 'acme.atlassian.net',
      account: null,
      sites: [],
      error: null,
    })
    const browser = new Browser()
    const { url } = await begin(stack, browser, secret)
    expect((await status(flow.id)).status).toBe('authorizing')
    const page = await signIn(browser, url)
    expect(page.text).toContain('You are signed in')
    expect(page.text).toContain('You can close this window.')
    const authorized = await status(flow.id)
    expect(authorized).toMatchObject({
      status: 'authorized',
      account: { name: 'Jane Doe', email: 'jane@acme.example' },
      sites: [{ host: 'acme.atlassian.net' }],
    })
    const confirm = () => call('POST', `/v1/flows/${flow.id}/confirm`, { cloudId: authorized.sites[0].cloudId })
    const connected = (await confirm()).body
    expect(connected).toMatchObject({ status: 'connected', connection: { site: { host: 'acme.atlassian.net' } } })
    expect((await confirm()).body.connection.id).toBe(connected.connection.id)
  })

  it('is confirmed once when two tabs confirm at a time', async () => {
    const { flow, secret } = await start()
    const browser = new Browser()
    await signIn(browser, (await begin(stack, browser, secret)).url)
    const { cloudId } = (await status(flow.id)).sites[0]
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', `/v1/flows/${flow.id}/confirm`, { cloudId })))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    expect(new Set(answers.map((answer) => answer.body.connection.id)).size).toBe(1)
  })

  it('binds the browser by a cookie that scripts cannot read', async () => {
    const { secret, flow } = await start()
    const response = await new Browser().request(`${stack.url}/oauth/begin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: stack.url },
      body: JSON.stringify({ secret, origin: APP }),
    })
    expect(response.headers.get('set-cookie')).toMatch(
      new RegExp(`^cc_${flow.id}=[\\w-]{43}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax$`),
    )
    expect(cookieName('https://c.example.com', 'f_1')).toBe('__Host-cc_f_1')
  })

  it('hands its secret over once', async () => {
    const { secret } = await start()
    expect((await begin(stack, new Browser(), secret)).status).toBe(200)
    expect(await begin(stack, new Browser(), secret)).toMatchObject({ status: 400, code: 'state_invalid' })
    expect(await begin(stack, new Browser(), 'made-up')).toMatchObject({ status: 400, code: 'state_invalid' })
  })

  it('refuses a page that did not make the flow', async () => {
    const { secret } = await start()
    expect(await begin(stack, new Browser(), secret, 'https://evil.example')).toMatchObject({
      status: 400,
      code: 'origin_not_allowed',
    })
  })

  it('asks for no scope that a page wants of the server’s own app', async () => {
    const { secret } = (await call('POST', '/v1/flows', { site: 'acme', scopes: ['write:page:confluence'] })).body
    expect((await begin(stack, new Browser(), secret)).url).not.toContain('write')
  })

  it('refuses pages of other origins to begin or to make flows', async () => {
    const { secret } = await start()
    const foreign = await new Browser().request(`${stack.url}/oauth/begin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      body: JSON.stringify({ secret, origin: APP }),
    })
    expect(foreign.status).toBe(403)
    const { status, body } = await call('POST', '/v1/flows', { site: 'acme' }, { origin: 'https://evil.example' })
    expect([status, body.error.code]).toEqual([403, 'origin_not_allowed'])
  })

  it('fails when it is finished in another browser, without exchanging the code', async () => {
    const { flow, secret } = await start()
    const { url } = await begin(stack, new Browser(), secret)
    const page = await signIn(new Browser(), url)
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('browser_mismatch') })
    expect(await status(flow.id)).toMatchObject({ status: 'failed', error: { code: 'browser_mismatch' } })
    expect(await exchanges()).toBe(0)
  })

  it('takes a callback once', async () => {
    const { flow, secret } = await start()
    const browser = new Browser()
    const { url } = await begin(stack, browser, secret)
    const back = await signIn(browser, url, { stopAt: callback() })
    expect((await browser.visit(back.url)).text).toContain('You are signed in')
    expect(await browser.visit(back.url)).toMatchObject({ status: 400, text: expect.stringContaining('state_invalid') })
    expect((await status(flow.id)).status).toBe('authorized')
    expect(await exchanges()).toBe(1)
  })

  it('exchanges the code once when the callback comes twice at a time', async () => {
    const { secret } = await start()
    const browser = new Browser()
    const { url } = await begin(stack, browser, secret)
    const back = await signIn(browser, url, { stopAt: callback() })
    const pages = await Promise.all([browser.visit(back.url), browser.visit(back.url), browser.visit(back.url)])
    expect(pages.map((page) => page.status).sort()).toEqual([200, 400, 400])
    expect(await exchanges()).toBe(1)
  })

  it.each(['?state=forged&code=x', '?code=x', '', '?state=forged&error=access_denied'])(
    'refuses the callback %j',
    async (query) => {
      const page = await new Browser().visit(callback() + query)
      expect(page).toMatchObject({ status: 400, text: expect.stringContaining('state_invalid') })
      expect(await exchanges()).toBe(0)
    },
  )

  it('ends as denied when the person says no', async () => {
    const { flow, secret } = await start()
    const browser = new Browser()
    const { url } = await begin(stack, browser, secret)
    const page = await signIn(browser, url, { decision: 'deny' })
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('access_denied') })
    expect(await status(flow.id)).toMatchObject({ status: 'failed', error: { code: 'access_denied' } })
  })

  it('expires when it is abandoned for 20 minutes, and the late callback changes nothing', async () => {
    const { flow, secret } = await start()
    const browser = new Browser()
    const { url } = await begin(stack, browser, secret)
    const back = await signIn(browser, url, { stopAt: callback() })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 20 * 60_000 })
    expect((await status(flow.id)).status).toBe('expired')
    expect(await browser.visit(back.url)).toMatchObject({ status: 400, text: expect.stringContaining('flow_expired') })
    expect(await exchanges()).toBe(0)
  })

  it('stays cancelled when the callback comes after all', async () => {
    const { flow, secret } = await start()
    const browser = new Browser()
    const { url } = await begin(stack, browser, secret)
    expect((await call('POST', `/v1/flows/${flow.id}/cancel`)).body.status).toBe('cancelled')
    const page = await signIn(browser, url)
    expect(page.text).toContain('flow_cancelled')
    expect(await exchanges()).toBe(0)
  })

  it('ends the flow that a newer one supersedes', async () => {
    const { flow, secret } = await start()
    await call('POST', '/v1/flows', { site: 'acme', supersedes: flow.id })
    expect(await status(flow.id)).toMatchObject({ status: 'cancelled', error: { code: 'flow_superseded' } })
    expect(await begin(stack, new Browser(), secret)).toMatchObject({ code: 'flow_cancelled' })
  })

  it('belongs to its user alone', async () => {
    const { flow } = await start()
    const other = backend(stack.url, 'somebody-else')
    expect((await other('GET', `/v1/flows/${flow.id}`)).status).toBe(404)
    expect((await other('POST', `/v1/flows/${flow.id}/cancel`)).status).toBe(404)
    expect((await other('POST', `/v1/flows/${flow.id}/confirm`, { cloudId: 'x' })).status).toBe(404)
    await other('POST', '/v1/flows', { site: 'acme', supersedes: flow.id })
    expect((await status(flow.id)).status).toBe('created')
  })

  it('offers every granted site, and connects only one of those', async () => {
    const { flow, secret } = await start()
    const browser = new Browser()
    const { url } = await begin(stack, browser, secret)
    await signIn(browser, url, { account: 'sam' })
    const { sites } = await status(flow.id)
    expect(sites.map((site: { host: string }) => site.host)).toEqual([
      'acme.atlassian.net',
      'globex.atlassian.net',
      'initech.atlassian.net',
    ])
    const wrong = await call('POST', `/v1/flows/${flow.id}/confirm`, { cloudId: 'another' })
    expect([wrong.status, wrong.body.error.code]).toEqual([409, 'site_mismatch'])
    expect(
      (await call('POST', `/v1/flows/${flow.id}/confirm`, { cloudId: sites[2].cloudId })).body.connection.site.host,
    ).toBe('initech.atlassian.net')
  })

  it('says so when the account has no Confluence', async () => {
    const { flow, secret } = await start()
    const browser = new Browser()
    const { url } = await begin(stack, browser, secret)
    await signIn(browser, url, { account: 'lee' })
    const { sites } = await status(flow.id)
    const answer = await call('POST', `/v1/flows/${flow.id}/confirm`, { cloudId: sites[0].cloudId })
    expect([answer.status, answer.body.error.code]).toEqual([409, 'no_confluence_access'])
  })

  it.each([
    ['/oauth/token', 500, 'provider_unavailable'],
    ['/oauth/token', 429, 'rate_limited'],
    ['/me', 503, 'provider_unavailable'],
    ['/oauth/token/accessible-resources', 500, 'provider_unavailable'],
  ])('fails clearly when Atlassian’s %s answers %i', async (route, code, expected) => {
    const { flow, secret } = await start()
    const browser = new Browser()
    const { url } = await begin(stack, browser, secret)
    await admin('POST', '/faults', { match: { route }, status: code })
    await signIn(browser, url)
    expect(await status(flow.id)).toMatchObject({ status: 'failed', error: { code: expected } })
  })

  it.each(['', '   ', 'a b', 'https://', '../x'])('refuses the site %j', async (site) => {
    const { status, body } = await call('POST', '/v1/flows', { site })
    expect([status, body.error.code]).toEqual([400, 'site_not_found'])
  })
})

describe('a sign-in by link', () => {
  const link = async (extra = {}) =>
    (
      await call('POST', '/integrations/oauth_url', {
        service: 'CONFLUENCE',
        confluence_subdomain: 'acme',
        connecting_new_account: true,
        ...extra,
      })
    ).body.oauth_url as string

  it('names who receives access and asks, before the code is exchanged', async () => {
    const browser = new Browser()
    const ask = await signIn(browser, await link())
    expect(ask.text).toMatch(/Acme Notes[\s\S]*customer-1[\s\S]*acme\.atlassian\.net/)
    expect(await exchanges()).toBe(0)
    const done = await browser.submit(ask, {})
    expect(done.text).toContain('Confluence is connected')
    expect(await exchanges()).toBe(1)
    expect(
      (await call('POST', '/user_data_sources', {})).body.results.some((source: { data_source_external_id: string }) =>
        source.data_source_external_id.endsWith('/acme'),
      ),
    ).toBe(true)
  })

  it('says the same to a button that is pressed twice and to a page that is loaded again', async () => {
    const browser = new Browser()
    const back = await signIn(browser, await link(), { stopAt: callback() })
    const first = await browser.visit(back.url)
    const again = await browser.visit(back.url)
    expect(again.text).toContain('Let Acme Notes read your Confluence?')
    expect((await browser.submit(first, {})).text).toContain('state_invalid')
    const answers = await Promise.all([browser.submit(again, {}), browser.submit(again, {})])
    expect(answers.map(({ text }) => /<h1>(.*?)<\/h1>/.exec(text)?.[1])).toEqual([
      'Confluence is connected',
      'Confluence is connected',
    ])
    expect((await browser.visit(back.url)).text).toContain('Confluence is connected')
    expect(await exchanges()).toBe(1)
  })

  it('asks which site when another one was granted', async () => {
    const browser = new Browser()
    const choice = await browser.submit(await signIn(browser, await link(), { site: 'globex' }), {})
    expect(choice.text).toMatch(/Which site[\s\S]*globex\.atlassian\.net/)
    const cloudId = /name="cloudId" value="([^"]+)"/.exec(choice.text)?.[1] ?? ''
    expect((await browser.submit(choice, { cloudId })).text).toContain('globex.atlassian.net')
  })

  it('connects nothing in another browser, twice, or after a no', async () => {
    const browser = new Browser()
    const ask = await signIn(browser, await link())
    expect((await new Browser().submit(ask, {})).text).toContain('browser_mismatch')
    const again = await signIn(browser, await link())
    const declined = await browser.visit(`${stack.url}/oauth/decline`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `ticket=${/name="ticket" value="([^"]+)"/.exec(again.text)?.[1]}`,
    })
    expect(declined.text).toContain('Nothing was connected')
    expect((await browser.submit(again, {})).text).toContain('state_invalid')
    expect(await exchanges()).toBe(0)
  })

  it('escapes what the organisation chose as customer id', async () => {
    const hostile = backend(stack.url, '<img src=x onerror=alert(1)>')
    const { body } = await hostile('POST', '/integrations/oauth_url', {
      service: 'CONFLUENCE',
      confluence_subdomain: 'acme',
    })
    expect((await signIn(new Browser(), body.oauth_url)).text).not.toContain('<img')
  })

  it.each([
    [{ service: 'NOTION' }, /Confluence only/],
    [{ confluence_subdomain: null }, /confluence_subdomain/],
    [{ confluence_subdomain: '<b>' }, /confluence_subdomain/],
  ])('refuses %j with a text that echoes nothing', async (extra, message) => {
    const { status, body } = await call('POST', '/integrations/oauth_url', {
      service: 'CONFLUENCE',
      confluence_subdomain: 'acme',
      connecting_new_account: true,
      ...extra,
    })
    expect(status).toBe(400)
    expect(body.detail).toMatch(message)
    expect(body.detail).not.toMatch(/NOTION|<b>/)
  })
})

describe('a page of a foreign origin', () => {
  it('can read why it is refused, and nothing else', async () => {
    const origin = 'https://evil.example'
    const preflight = await fetch(`${stack.url}/v1/connections`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin)
    const answer = await call('GET', '/v1/connections', undefined, { origin })
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect([answer.status, answer.body]).toEqual([
      403,
      { error: { code: 'origin_not_allowed', message: expect.any(String) } },
    ])
    expect((await call('POST', '/user_files_v2', {}, { origin })).headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('the popup page', () => {
  it('keeps its opener, is never framed and runs only its own script', async () => {
    const { headers } = await new Browser().request(`${stack.url}/oauth/popup`)
    expect(headers.get('cross-origin-opener-policy')).toBeNull()
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'sha256-[^;]+; .*frame-ancestors 'none'/,
    )
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })
})

it('one account’s sign-in on two servers’ worth of users makes two connections', async () => {
  const [a, b] = [backend(stack.url, 'tenant-a'), backend(stack.url, 'tenant-b')]
  const first = await connect(stack, a)
  const second = await connect(stack, b)
  expect(first.connection.id).not.toBe(second.connection.id)
})
