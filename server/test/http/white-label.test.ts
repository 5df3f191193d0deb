import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { API_KEY, Browser, backend, begin, type Stack, signIn, startStack } from '../stack.ts'

let stack: Stack
const call: ReturnType<typeof backend> = (...words) => backend(stack.url)(...words)
const link = async (extra = {}) =>
  (
    await call('POST', '/integrations/oauth_url', {
      service: 'CONFLUENCE',
      confluence_subdomain: 'acme',
      connecting_new_account: true,
      ...extra,
    })
  ).body.oauth_url as string
const app = (credentials = {}) => ({
  data_source_type: 'CONFLUENCE',
  credentials: {
    client_id: 'sandbox-client',
    client_secret: 'sandbox-secret',
    redirect_uri: `${stack.url}/integrations/confluence`,
    ...credentials,
  },
})

beforeAll(async () => {
  // The server has no app of its own: whatever works, works by the organisation's.
  stack = await startStack({ env: { ATLASSIAN_CLIENT_ID: '', ATLASSIAN_CLIENT_SECRET: '' } })
})
afterAll(() => stack.close())
beforeEach(async () => {
  const { results } = (await call('POST', '/white_label/list', { pagination: { limit: 100 } })).body
  await call('POST', '/white_label/delete', { ids: results.map(({ id }: { id: number }) => id) })
})

describe('an OAuth app of the organisation’s own', () => {
  it('is what its customers sign in with, and what refreshes their tokens', async () => {
    expect(
      (await call('POST', '/integrations/oauth_url', { service: 'CONFLUENCE', confluence_subdomain: 'acme' })).status,
    ).toBe(400)
    expect((await call('POST', '/white_label/create', [app()])).body).toEqual({ success: true })
    const browser = new Browser()
    const connected = await browser.submit(await signIn(browser, await link({ sync_files_on_connection: false })), {})
    expect(connected.text).toContain('Confluence is connected')
    expect(connected.text).toContain('Choose in Acme Notes what to sync')
    const { results } = (await call('POST', '/user_data_sources', {})).body
    await fetch(`${stack.sandbox.url}/sandbox/expire-tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    await call('POST', '/integrations/items/sync', { data_source_id: results[0].id })
    let [source] = results
    for (let tries = 0; tries < 100 && source.source_items_synced_at === results[0].source_items_synced_at; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      ;[source] = (await call('POST', '/user_data_sources', {})).body.results
    }
    expect(source).toMatchObject({ sync_status: 'READY', revoked_access: false })
  })

  it('adds the scopes that were asked for to those that a sync needs', async () => {
    await call('POST', '/white_label/create', [app()])
    const scopes = (url: string) => new URL(url).searchParams.get('scope')?.split(' ')
    expect(scopes(await link())).toEqual(['read:me', 'read:page:confluence', 'read:space:confluence', 'offline_access'])
    expect(scopes(await link({ scopes: ['read:label:confluence', 'read:me'] }))).toContain('read:label:confluence')
    expect(scopes(await link({ scope: 'read:a:confluence read:b:confluence' }))).toContain('read:b:confluence')
    const { secret } = (await call('POST', '/v1/flows', { site: 'acme', scopes: ['read:c:confluence'] })).body
    expect(scopes((await begin(stack, new Browser(), secret)).url)).toContain('read:c:confluence')
  })

  it('comes back to a host name of the organisation’s and is led to the one that holds the cookie', async () => {
    await call('POST', '/white_label/create', [
      app({ redirect_uri: 'http://connect.localhost:9/integrations/confluence' }),
    ])
    const browser = new Browser()
    const back = await signIn(browser, await link({ sync_files_on_connection: false }), {
      stopAt: 'http://connect.localhost:9',
    })
    const arrived = new URL(back.url)
    // The organisation's host name leads to this server: the same request, by that name.
    const { port } = new URL(stack.url)
    const { request } = await import('node:http')
    const relayed = await new Promise<string>((resolve, reject) =>
      request(
        { host: '127.0.0.1', port, path: arrived.pathname + arrived.search, headers: { host: 'connect.localhost:9' } },
        (response) => {
          response.resume()
          resolve(response.headers.location ?? '')
        },
      )
        .on('error', reject)
        .end(),
    )
    expect(relayed).toBe(`${stack.url}${arrived.pathname}${arrived.search}`)
    const asked = await browser.visit(relayed)
    expect(asked.text).toContain('Let Acme Notes read your Confluence?')
    expect((await browser.submit(asked, {})).text).toContain('Confluence is connected')
  })

  it('is told without its secret, and keeps it where only the address changes', async () => {
    await call('POST', '/white_label/create', [app()])
    const listed = await call('POST', '/white_label/list', {})
    expect(listed.body.results[0].credentials).toEqual({
      client_id: 'sandbox-client',
      redirect_uri: `${stack.url}/integrations/confluence`,
      client_secret: null,
      has_client_secret: true,
    })
    const { client_secret: _, ...withoutSecret } = app().credentials
    await call('POST', '/white_label/update', { data_source_type: 'CONFLUENCE', credentials: withoutSecret })
    const has = async () =>
      (await call('POST', '/white_label/list', {})).body.results[0].credentials.has_client_secret as boolean
    expect(await has()).toBe(true)
    await call('POST', '/white_label/update', {
      data_source_type: 'CONFLUENCE',
      credentials: { ...withoutSecret, client_id: 'another' },
    })
    expect(await has()).toBe(false)
    // Without a secret nobody can sign in with it.
    expect(
      (
        await call('POST', '/integrations/oauth_url', {
          service: 'CONFLUENCE',
          confluence_subdomain: 'acme',
          connecting_new_account: true,
        })
      ).status,
    ).toBe(400)
  })

  it.each([
    ['another source', { data_source_type: 'NOTION' }, {}, /CONFLUENCE/],
    ['another path', {}, { redirect_uri: 'https://connect.example.com/callback' }, /path \/integrations\/confluence/],
    ['no https', {}, { redirect_uri: 'http://connect.example.com/integrations/confluence' }, /https/],
    ['no URL', {}, { redirect_uri: 'connect' }, /https/],
    ['a query', {}, { redirect_uri: 'https://connect.example.com/integrations/confluence?x=1' }, /https/],
  ])('refuses %s', async (_, body, credentials, message) => {
    const answer = await call('POST', '/white_label/create', [{ ...app(credentials), ...body }])
    expect(answer.status).toBe(400)
    expect(answer.body.detail).toMatch(message)
  })

  it('is one', async () => {
    await call('POST', '/white_label/create', [app()])
    expect((await call('POST', '/white_label/create', [app()])).status).toBe(409)
    expect((await call('POST', '/white_label/create', [app(), app()])).status).toBe(400)
    await call('POST', '/white_label/delete', { ids: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] })
    expect((await call('POST', '/white_label/update', app())).status).toBe(404)
  })

  it('is not for access tokens', async () => {
    const { access_token } = (await call('GET', '/auth/v1/access_token')).body
    const answer = await call('POST', '/white_label/list', {}, { authorization: `Token ${access_token}` })
    expect(answer.status).toBe(401)
    expect((await call('POST', '/white_label/list', {}, { authorization: `Token x, Bearer ${API_KEY}` })).status).toBe(
      200,
    )
  })
})
