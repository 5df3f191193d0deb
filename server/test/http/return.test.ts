import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { APP, Browser, backend, begin, type Stack, signIn, startStack } from '../stack.ts'

let stack: Stack
const call: ReturnType<typeof backend> = (...words) => backend(stack.url)(...words)
const other: ReturnType<typeof backend> = (...words) => backend(stack.url, 'somebody-else')(...words)
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

const HOME = `${APP}/settings?tab=apps%20all&flag#connect`

const start = async (wishes: object = {}) =>
  (await call('POST', '/v1/flows', { site: 'acme', completion: 'return', returnUrl: HOME, ...wishes })).body
const status = async (id: string) => (await call('GET', `/v1/flows/${id}`)).body
const complete = (id: string, proof: string, as = call) => as('POST', `/v1/flows/${id}/complete`, { proof })
const callback = () => `${stack.url}/integrations/confluence`
const later = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })

async function exchanges(): Promise<number> {
  const { body } = await admin('GET', '/counters')
  return Object.values<number>(body.routes['POST /oauth/token'] ?? {}).reduce((sum, count) => sum + count, 0)
}

/** What the page of the app finds in its address. */
function proofIn(url: string, id: string): string {
  expect(url.startsWith(`${APP}/`)).toBe(true)
  const [flowId, proof = ''] = (new URL(url).searchParams.get('cc_flow') ?? '').split('.')
  expect(flowId).toBe(id)
  return proof
}

/** A browser that opened the start address, up to Atlassian. */
async function leave(url: string, browser = new Browser()) {
  const response = await browser.request(url)
  expect(response.status).toBe(302)
  return { browser, authorizeUrl: response.headers.get('location') ?? '' }
}

/** A browser that signed in and is back at the app. */
async function comeBack(url: string, options: { account?: string; decision?: 'accept' | 'deny' } = {}) {
  const { browser, authorizeUrl } = await leave(url)
  const back = await signIn(browser, authorizeUrl, { ...options, stopAt: callback() })
  const home = await browser.visit(back.url, {}, APP)
  return { browser, callbackUrl: back.url, home: home.url }
}

describe('a sign-in that returns to the app', () => {
  it('keeps the code until the app completes it, then goes on as any other', async () => {
    const { flow, secret, url } = await start()
    expect(secret).toBe('')
    const { home } = await comeBack(url)
    const proof = proofIn(home, flow.id)
    expect(home).toBe(`${APP}/settings?tab=apps%20all&flag&cc_flow=${flow.id}.${proof}#connect`)
    expect(await exchanges()).toBe(0)
    expect((await status(flow.id)).status).toBe('authorizing')
    const completed = await complete(flow.id, proof)
    expect(completed.body).toMatchObject({ status: 'authorized', account: { name: 'Jane Doe' } })
    const { cloudId } = completed.body.sites[0]
    const connected = await call('POST', `/v1/flows/${flow.id}/confirm`, { cloudId })
    expect(connected.body).toMatchObject({ status: 'connected', connection: { site: { host: 'acme.atlassian.net' } } })
    expect((await complete(flow.id, proof)).body.status).toBe('connected')
    expect(await exchanges()).toBe(1)
  })

  it('exchanges the code once when it is completed several times at once', async () => {
    const { flow, url } = await start()
    const proof = proofIn((await comeBack(url)).home, flow.id)
    const answers = await Promise.all([1, 2, 3].map(() => complete(flow.id, proof)))
    expect(answers.map(({ body }) => body.status)).toEqual(['authorized', 'authorized', 'authorized'])
    expect(await exchanges()).toBe(1)
  })

  it('binds the browser by a cookie that scripts cannot read, and tells nobody where it was', async () => {
    const { flow, url } = await start()
    const response = await new Browser().request(url)
    expect(response.headers.get('set-cookie')).toMatch(
      new RegExp(`^cc_${flow.id}=[\\w-]{43}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax$`),
    )
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('location')?.startsWith(stack.sandbox.url)).toBe(true)
  })

  it('replaces what is left of an earlier return in the address', async () => {
    const { flow, url } = await start({ returnUrl: `${APP}/?cc_flow=f_old.x&a=1&cc_flow` })
    const { home } = await comeBack(url)
    expect(home).toBe(`${APP}/?a=1&cc_flow=${flow.id}.${proofIn(home, flow.id)}`)
  })

  it('comes back with the end of a sign-in that was denied', async () => {
    const { flow, url } = await start()
    const { home } = await comeBack(url, { decision: 'deny' })
    const completed = await complete(flow.id, proofIn(home, flow.id))
    expect(completed.body).toMatchObject({ status: 'failed', error: { code: 'access_denied' } })
    expect(await exchanges()).toBe(0)
  })

  it.each([
    ['/oauth/token', 500, 'provider_unavailable'],
    ['/me', 429, 'rate_limited'],
  ])('fails clearly when Atlassian’s %s answers %i', async (route, code, expected) => {
    const { flow, url } = await start()
    const { home } = await comeBack(url)
    await admin('POST', '/faults', { match: { route }, status: code })
    const completed = await complete(flow.id, proofIn(home, flow.id))
    expect(completed.body).toMatchObject({ status: 'failed', error: { code: expected } })
  })

  it('comes back to the app when it was cancelled meanwhile, and stays so', async () => {
    const { flow, url } = await start()
    const { browser, authorizeUrl } = await leave(url)
    await call('POST', `/v1/flows/${flow.id}/cancel`)
    const home = await signIn(browser, authorizeUrl, { stopAt: APP })
    expect((await complete(flow.id, proofIn(home.url, flow.id))).body.status).toBe('cancelled')
    expect(await exchanges()).toBe(0)
  })

  it('drops the kept code when it is cancelled or replaced', async () => {
    const first = await start()
    const proof = proofIn((await comeBack(first.url)).home, first.flow.id)
    const second = await start({ supersedes: first.flow.id })
    expect((await complete(first.flow.id, proof)).body).toMatchObject({
      status: 'cancelled',
      error: { code: 'flow_superseded' },
    })
    const next = proofIn((await comeBack(second.url)).home, second.flow.id)
    await call('POST', `/v1/flows/${second.flow.id}/cancel`)
    expect((await complete(second.flow.id, next)).body.status).toBe('cancelled')
    expect(await exchanges()).toBe(0)
  })
})

describe('attacks on a sign-in that returns to the app', () => {
  it('a start address that somebody else opened gives nobody anything', async () => {
    const { flow, url } = await start()
    const proof = proofIn((await comeBack(url, { account: 'sam' })).home, flow.id)
    // The attacker made the flow and may ask as often as he likes: what the other browser came back with he does not know.
    expect((await complete(flow.id, '')).status).toBe(409)
    expect((await complete(flow.id, new URL(url).searchParams.get('ticket') ?? '')).status).toBe(409)
    // The victim's page completes as the victim.
    expect((await complete(flow.id, proof, other)).status).toBe(404)
    // From then on not even the proof helps.
    expect((await complete(flow.id, proof)).body).toMatchObject({
      status: 'failed',
      error: { code: 'session_invalid' },
    })
    expect(await exchanges()).toBe(0)
  })

  it('another user can neither complete nor end it without the proof', async () => {
    const { flow, url } = await start()
    const proof = proofIn((await comeBack(url)).home, flow.id)
    expect((await complete(flow.id, 'made-up', other)).status).toBe(404)
    expect((await complete(flow.id, proof)).body.status).toBe('authorized')
    expect((await complete(flow.id, proof, other)).status).toBe(404)
    expect((await status(flow.id)).status).toBe('authorized')
  })

  it('an authorisation address that another browser finished fails, and that browser is not sent to the app', async () => {
    const { flow, url } = await start()
    const { authorizeUrl } = await leave(url)
    const page = await signIn(new Browser(), authorizeUrl)
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('browser_mismatch') })
    expect(await status(flow.id)).toMatchObject({ status: 'failed', error: { code: 'browser_mismatch' } })
    expect(await exchanges()).toBe(0)
  })

  it('a ticket starts one browser', async () => {
    const { url } = await start()
    const [one, two] = await Promise.all([new Browser().request(url), new Browser().request(url)])
    expect([one.status, two.status].sort()).toEqual([302, 400])
    expect(await new Browser().visit(url)).toMatchObject({
      status: 400,
      text: expect.stringContaining('state_invalid'),
    })
  })

  it.each(['', '?ticket=', '?ticket=made-up', '?ticket=%00'])('refuses to start by %j', async (query) => {
    const response = await new Browser().request(`${stack.url}/oauth/return-start${query}`)
    expect([response.status, response.headers.get('set-cookie')]).toEqual([400, null])
    expect(await response.text()).toContain('state_invalid')
  })

  it('a ticket is no secret of a popup, and a secret is no ticket', async () => {
    const { url } = await start()
    const ticket = new URL(url).searchParams.get('ticket') ?? ''
    expect(await begin(stack, new Browser(), ticket)).toMatchObject({ status: 400, code: 'state_invalid' })
    const popup = (await call('POST', '/v1/flows', { site: 'acme' })).body
    expect(popup.url).toBeNull()
    const started = await new Browser().request(`${stack.url}/oauth/return-start?ticket=${popup.secret}`)
    expect(started.status).toBe(400)
    expect((await complete(popup.flow.id, '')).status).toBe(409)
  })

  it('a ticket that is a minute old starts nothing, and the app learns it', async () => {
    const { flow, url } = await start()
    later(61_000)
    expect(await new Browser().visit(url)).toMatchObject({ status: 400, text: expect.stringContaining('flow_expired') })
    expect(await status(flow.id)).toMatchObject({ status: 'failed', error: { code: 'flow_expired' } })
  })

  it('a sign-in that took too long is exchanged neither by the callback nor by the app', async () => {
    const slow = await start()
    const { browser, authorizeUrl } = await leave(slow.url)
    const back = await signIn(browser, authorizeUrl, { stopAt: callback() })
    const kept = await start()
    const proof = proofIn((await comeBack(kept.url)).home, kept.flow.id)
    later(16 * 60_000)
    const home = await browser.visit(back.url, {}, APP)
    expect((await complete(slow.flow.id, proofIn(home.url, slow.flow.id))).body.status).toBe('expired')
    expect((await complete(kept.flow.id, proof)).body.status).toBe('expired')
    expect(await exchanges()).toBe(0)
  })

  it('the callback answers the browser that it bound again and again, and no other one', async () => {
    const { flow, url } = await start()
    const { browser, authorizeUrl } = await leave(url)
    const back = await signIn(browser, authorizeUrl, { stopAt: callback() })
    const pages = await Promise.all([1, 2, 3].map(() => browser.visit(back.url, {}, APP)))
    expect(new Set(pages.map((page) => page.url)).size).toBe(1)
    const proof = proofIn(pages[0]?.url ?? '', flow.id)
    expect(await new Browser().visit(back.url)).toMatchObject({
      status: 400,
      text: expect.stringContaining('state_invalid'),
    })
    expect((await complete(flow.id, proof)).body.status).toBe('authorized')
    expect((await browser.visit(back.url, {}, APP)).url).toBe(pages[0]?.url)
    expect(await exchanges()).toBe(1)
  })

  it.each([
    'https://evil.example/',
    `${APP}.evil.example/`,
    `${APP}@evil.example/`,
    'http://localhost:3001/',
    'https://localhost:3000/',
    '//evil.example/',
    '/\\evil.example',
    '/settings',
    '',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:http://localhost:3000/1',
    'file:///etc/passwd',
  ])('never comes back to %j', async (returnUrl) => {
    const { status: code, body } = await call('POST', '/v1/flows', { site: 'acme', completion: 'return', returnUrl })
    expect(code).toBe(400)
    expect(body.error.code).toMatch(/^(unknown|origin_not_allowed)$/)
  })

  it('needs an address to come back to, of at most 2000 characters, and an allowed origin', async () => {
    const ask = (wishes: object, origin = APP) =>
      call('POST', '/v1/flows', { site: 'acme', completion: 'return', ...wishes }, { origin })
    expect((await ask({})).status).toBe(400)
    expect((await ask({ returnUrl: `${APP}/${'x'.repeat(2000)}` })).status).toBe(422)
    expect((await ask({ returnUrl: 'https://evil.example/' }, 'https://evil.example')).status).toBe(403)
    expect((await ask({ returnUrl: 'null' }, 'null')).status).toBe(403)
    expect((await ask({ completion: 'other', returnUrl: HOME })).status).toBe(422)
  })
})

describe('a sign-in in whatever browser opens its link', () => {
  const linked = async () => (await call('POST', '/v1/flows', { site: 'acme', completion: 'link' })).body

  it('asks there who receives access, and the app sees the end', async () => {
    const { flow, url } = await linked()
    const { browser, authorizeUrl } = await leave(url)
    const ask = await signIn(browser, authorizeUrl)
    expect(ask.text).toMatch(/Acme Notes[\s\S]*customer-1[\s\S]*acme\.atlassian\.net/)
    expect(await exchanges()).toBe(0)
    expect((await status(flow.id)).status).toBe('authorizing')
    expect((await browser.submit(ask, {})).text).toContain('Confluence is connected')
    expect(await status(flow.id)).toMatchObject({
      status: 'connected',
      connection: { site: { host: 'acme.atlassian.net' } },
    })
  })

  it('leaves the choice of a site to that person', async () => {
    const { flow, url } = await linked()
    const { browser, authorizeUrl } = await leave(url)
    const choice = await browser.submit(await signIn(browser, authorizeUrl, { account: 'sam' }), {})
    expect(choice.text).toContain('Which site')
    expect(await status(flow.id)).toMatchObject({ status: 'authorizing', account: null, sites: [] })
    const cloudId = /name="cloudId" value="([^"]+)"/.exec(choice.text)?.[1] ?? ''
    expect((await call('POST', `/v1/flows/${flow.id}/confirm`, { cloudId })).status).toBe(409)
    await browser.submit(choice, { cloudId })
    expect((await status(flow.id)).status).toBe('connected')
  })

  it('starts late, but once, and ends in the browser that started', async () => {
    const { flow, url } = await linked()
    later(10 * 60_000)
    const { authorizeUrl } = await leave(url)
    expect((await new Browser().request(url)).status).toBe(400)
    expect((await signIn(new Browser(), authorizeUrl)).text).toContain('browser_mismatch')
    expect((await status(flow.id)).error.code).toBe('browser_mismatch')
    expect(await exchanges()).toBe(0)
  })

  it('ends when the app cancels it, or when its person says no', async () => {
    const cancelled = await linked()
    await call('POST', `/v1/flows/${cancelled.flow.id}/cancel`)
    expect(await new Browser().visit(cancelled.url)).toMatchObject({
      status: 400,
      text: expect.stringContaining('flow_cancelled'),
    })
    const { flow, url } = await linked()
    const { browser, authorizeUrl } = await leave(url)
    expect((await signIn(browser, authorizeUrl, { decision: 'deny' })).text).toContain('access_denied')
    expect((await status(flow.id)).error.code).toBe('access_denied')
  })
})
