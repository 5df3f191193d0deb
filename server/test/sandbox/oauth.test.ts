import { describe, expect, it } from 'vitest'
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts'
import {
  authorization,
  callback,
  consent,
  credentials,
  location,
  now,
  post,
  scopes,
  signIn,
  tokenRequest,
} from './support.ts'

const minute = 60_000
const refresh = (sandbox: Sandbox, refresh_token: string) =>
  tokenRequest(sandbox.app, { grant_type: 'refresh_token', refresh_token })
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })
const resources = async (sandbox: Sandbox, token: string) =>
  (await (await sandbox.app.request('/oauth/token/accessible-resources', bearer(token))).json()) as {
    id: string
    url: string
    scopes: string[]
  }[]

describe('the sign-in pages', () => {
  it('show every account with the first one filled in, then the scopes and the sites', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const signInPage = await (await sandbox.app.request(`/authorize?${authorization()}`)).text()
    expect(signInPage).toMatch(/value="jane" required checked/)
    for (const account of sandbox.world.accounts) expect(signInPage).toContain(account.name)
    const body = new URLSearchParams({ request: authorization().toString(), account: 'jane' })
    const consentPage = await (await sandbox.app.request('/login', { method: 'POST', body })).text()
    expect(consentPage).toContain('read:page:confluence')
    expect(consentPage).toContain('acme.atlassian.net')
    expect(consentPage).not.toContain('initech')
  })

  it.each([
    ['client_id', 'nobody', 'unauthorized_client'],
    ['redirect_uri', 'https://evil.example/integrations/confluence', 'Callback URL mismatch'],
    ['redirect_uri', 'http://localhost.evil.example/integrations/confluence', 'Callback URL mismatch'],
    ['redirect_uri', 'javascript:alert(1)', 'Callback URL mismatch'],
    ['response_type', 'token', 'response_type must be code'],
    ['audience', 'me', 'audience must be api.atlassian.com'],
    ['prompt', 'none', 'prompt must be consent'],
    ['scope', 'read:me write:page:confluence', 'invalid_scope'],
  ])('end on an error page where %s is %s', async (name, value, text) => {
    const { app } = await createSandbox({ pages: 0, now })
    const response = await app.request(`/authorize?${authorization({ [name]: value })}`)
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(await response.text()).toContain(text)
  })

  it('take exactly the callbacks given, where some are given', async () => {
    const { app } = await createSandbox({ pages: 0, redirectUris: ['https://app.example/cb'], now })
    expect((await app.request(`/authorize?${authorization({ redirect_uri: 'https://app.example/cb' })}`)).status).toBe(
      200,
    )
    expect((await app.request(`/authorize?${authorization()}`)).status).toBe(400)
  })

  it('escape what they are given', async () => {
    const { app } = await createSandbox({ pages: 0, now })
    const page = await (
      await app.request(`/authorize?${authorization({ redirect_uri: '<script>1</script>', state: '"><script>' })}`)
    ).text()
    expect(page).not.toContain('<script')
  })

  it('return to the app with a code and the state', async () => {
    const response = await consent(await createSandbox({ pages: 0, now }))
    expect(response.status).toBe(302)
    const url = location(response)
    expect(url.origin + url.pathname).toBe(callback)
    expect(url.searchParams.get('state')).toBe('st&te=1')
    expect(url.searchParams.get('code')).toMatch(/^[\w-]{32}$/)
  })

  it('return a denial in Atlassian’s words', async () => {
    const url = location(await consent(await createSandbox({ pages: 0, now }), { decision: 'deny' }))
    expect(url.search).toContain('error_description=User%20did%20not%20authorize%20the%20request')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'User did not authorize the request',
      state: 'st&te=1',
    })
  })

  it('never return where an admin has not approved the app', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const body = new URLSearchParams({ request: authorization().toString(), account: 'noor' })
    const page = await (await sandbox.app.request('/login', { method: 'POST', body })).text()
    expect(page).toContain('Your site admin must authorize this app for the site "acme.atlassian.net"')
    expect(page).not.toContain('<form')
    expect((await consent(sandbox, { account: 'noor' })).status).toBe(400)
    expect((await consent(sandbox, { account: 'jane', site: 'initech' })).status).toBe(400)
  })

  it('carry a Cross-Origin-Opener-Policy on demand', async () => {
    const { app } = await createSandbox({ pages: 0, now })
    const header = async () =>
      (await app.request(`/authorize?${authorization()}`)).headers.get('cross-origin-opener-policy')
    expect(await header()).toBeNull()
    await post(app, '/sandbox/coop', { value: 'same-origin' })
    expect(await header()).toBe('same-origin')
    await post(app, '/sandbox/coop', { value: null })
    expect(await header()).toBeNull()
  })
})

describe('the token endpoint', () => {
  const badCode = { error: 'invalid_request', error_description: 'authorization_code is invalid' }

  it('gives tokens for a code once', async () => {
    const { app, ...rest } = await createSandbox({ pages: 0, now })
    const code = location(await consent({ app, ...rest })).searchParams.get('code') ?? ''
    const exchange = () => tokenRequest(app, { grant_type: 'authorization_code', code, redirect_uri: callback })
    const first = await exchange()
    expect(first.status).toBe(200)
    expect(await first.json()).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 3600,
      token_type: 'Bearer',
      scope: scopes,
    })
    const second = await exchange()
    expect(second.status).toBe(400)
    expect(await second.json()).toEqual(badCode)
  })

  it('takes a form as well as JSON, and gives no refresh token without offline_access', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const code = location(await consent(sandbox, { scope: 'read:me' })).searchParams.get('code') ?? ''
    const body = new URLSearchParams({ ...credentials, grant_type: 'authorization_code', code, redirect_uri: callback })
    const tokens = await (await sandbox.app.request('/oauth/token', { method: 'POST', body })).json()
    expect(tokens).toMatchObject({ scope: 'read:me' })
    expect(tokens).not.toHaveProperty('refresh_token')
  })

  it('refuses a code after ten minutes, and for another callback', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const code = async () => location(await consent(sandbox)).searchParams.get('code') ?? ''
    const elsewhere = { grant_type: 'authorization_code', code: await code(), redirect_uri: `${callback}/` }
    expect(await (await tokenRequest(sandbox.app, elsewhere)).json()).toEqual(badCode)
    const late = await code()
    sandbox.clock.advance(10 * minute)
    const response = await tokenRequest(sandbox.app, {
      grant_type: 'authorization_code',
      code: late,
      redirect_uri: callback,
    })
    expect(await response.json()).toEqual(badCode)
  })

  it.each([
    [{ client_secret: 'wrong' }, 400, 'invalid_client'],
    [{ client_id: 'wrong' }, 400, 'invalid_client'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('refuses %j', async (fields, status, error) => {
    const { app } = await createSandbox({ pages: 0, now })
    const response = await tokenRequest(app, { grant_type: 'refresh_token', ...fields })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error })
  })

  it('refuses a body that is no JSON', async () => {
    const { app } = await createSandbox({ pages: 0, now })
    const response = await app.request('/oauth/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{',
    })
    expect(response.status).toBe(400)
  })
})

describe('refresh tokens', () => {
  const ended = { error: 'unauthorized_client', error_description: 'refresh_token is invalid' }
  const unknown = { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' }

  it('rotate, and may be repeated for ten minutes', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const { refresh_token: first } = await signIn(sandbox)
    const second = (await (await refresh(sandbox, first)).json()).refresh_token
    expect(second).not.toBe(first)
    sandbox.clock.advance(10 * minute)
    expect((await refresh(sandbox, first)).status).toBe(200)
    expect((await refresh(sandbox, second)).status).toBe(200)
  })

  it('end their whole family when one is used again later', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const other = await signIn(sandbox, { site: 'globex' })
    const { refresh_token: first } = await signIn(sandbox)
    const second = await (await refresh(sandbox, first)).json()
    sandbox.clock.advance(10 * minute + 1)
    const reuse = await refresh(sandbox, first)
    expect(reuse.status).toBe(403)
    expect(await reuse.json()).toEqual(ended)
    expect(await (await refresh(sandbox, second.refresh_token)).json()).toEqual(ended)
    expect((await sandbox.app.request('/me', bearer(second.access_token))).status).toBe(401)
    expect((await refresh(sandbox, other.refresh_token)).status).toBe(200)
  })

  it('expire after 90 days without use', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const { refresh_token } = await signIn(sandbox)
    sandbox.clock.advance(89 * 24 * 60 * minute)
    const { refresh_token: next } = await (await refresh(sandbox, refresh_token)).json()
    sandbox.clock.advance(90 * 24 * 60 * minute + 1)
    const late = await refresh(sandbox, next)
    expect(late.status).toBe(403)
    expect(await late.json()).toEqual(unknown)
  })

  it('are refused when made up, or when they are access tokens', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const { access_token, refresh_token } = await signIn(sandbox)
    for (const token of ['', 'x', `${refresh_token}x`, access_token]) {
      const response = await refresh(sandbox, token)
      expect(response.status).toBe(403)
      expect(await response.json()).toEqual(unknown)
    }
  })

  it('go on after a restart of the sandbox', async () => {
    const { refresh_token, access_token } = await signIn(await createSandbox({ pages: 0, now }))
    const restarted = await createSandbox({ pages: 0, now })
    expect(await resources(restarted, access_token)).toHaveLength(1)
    expect((await refresh(restarted, refresh_token)).status).toBe(200)
    const foreign = await createSandbox({ pages: 0, now, seed: 9 })
    expect((await refresh(foreign, refresh_token)).status).toBe(403)
  })

  it('stop with the consent', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const { refresh_token, access_token } = await signIn(sandbox)
    await post(sandbox.app, '/sandbox/revoke', { account: 'jane' })
    expect(await (await refresh(sandbox, refresh_token)).json()).toEqual(ended)
    expect((await sandbox.app.request('/me', bearer(access_token))).status).toBe(401)
    expect((await refresh(sandbox, (await signIn(sandbox)).refresh_token)).status).toBe(200)
  })
})

describe('grants', () => {
  it('reach the one site that was picked, with an ordinary account', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const { access_token } = await signIn(sandbox, { site: 'globex' })
    const list = await resources(sandbox, access_token)
    expect(list).toMatchObject([
      { url: 'https://globex.atlassian.net', scopes: ['read:page:confluence', 'read:space:confluence'] },
    ])
    expect(Object.keys(list[0] ?? {}).sort()).toEqual(['avatarUrl', 'id', 'name', 'scopes', 'url'])
  })

  it('reach all sites with an account-level one, which names one site twice', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const { access_token } = await signIn(sandbox, { account: 'sam', site: 'globex' })
    const list = await resources(sandbox, access_token)
    const confluence = list.filter((each) => each.scopes.some((scope) => scope.endsWith(':confluence')))
    expect(confluence.map((each) => each.url).sort()).toEqual([
      'https://acme.atlassian.net',
      'https://globex.atlassian.net',
      'https://initech.atlassian.net',
    ])
    expect(list).toHaveLength(4)
    expect(new Set(list.map((each) => each.id)).size).toBe(3)
  })

  it('take the scopes of the latest consent', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const { access_token } = await signIn(sandbox)
    await signIn(sandbox, { scope: 'read:me' })
    expect((await resources(sandbox, access_token))[0]?.scopes).toEqual([])
  })

  it('tell who signed in, where read:me was granted', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const me = await sandbox.app.request('/me', bearer((await signIn(sandbox)).access_token))
    expect(await me.json()).toMatchObject({
      account_id: sandbox.world.accounts[0]?.id,
      email: 'jane@acme.example',
      name: 'Jane Doe',
      account_type: 'atlassian',
    })
    const without = await signIn(sandbox, { account: 'sam', scope: 'read:page:confluence' })
    const refused = await sandbox.app.request('/me', bearer(without.access_token))
    expect(refused.status).toBe(401)
    expect(await refused.json()).toEqual({ code: 401, message: 'Unauthorized; scope does not match' })
    expect((await sandbox.app.request('/oauth/token/accessible-resources')).status).toBe(401)
  })

  it('do not list a site whose admin has uninstalled the app', async () => {
    const sandbox = await createSandbox({ pages: 0, now })
    const { access_token } = await signIn(sandbox)
    await post(sandbox.app, '/sandbox/uninstall', { site: 'acme' })
    expect(await resources(sandbox, access_token)).toEqual([])
  })
})
