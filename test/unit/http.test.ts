// @vitest-environment node
import { describe, expect, it, vi } from 'vitest'
import { createHttpBackend } from '../../src/index.ts'
import { json, serve } from './server.ts'

const tokens = (...values: string[]) => {
  let next = 0
  return vi.fn(async () => ({ access_token: values[Math.min(next++, values.length - 1)] ?? '' }))
}

const failing = (code: string) => expect.objectContaining({ name: 'ConnectError', code })

describe('createHttpBackend', () => {
  it('asks for nothing before it is used', () => {
    const tokenFetcher = tokens('t1')
    createHttpBackend({ apiURL: 'http://localhost:1', tokenFetcher })
    expect(tokenFetcher).not.toHaveBeenCalled()
  })

  it('sends each call as the server expects it', async () => {
    const server = await serve((request, response) =>
      json(response, request.path === '/base/v1/connections' ? { connections: [] } : {}),
    )
    const backend = createHttpBackend({ apiURL: `${server.url}/base/`, tokenFetcher: tokens('t1') })
    await backend.createFlow({ site: 'acme.atlassian.net', tags: { team: 'a' } })
    await backend.getFlow('f/1')
    await backend.confirmFlow('f1', { cloudId: 'c1' })
    await backend.cancelFlow('f1')
    expect(await backend.listConnections()).toEqual([])
    await backend.getSync(7)
    await backend.disconnect(7)
    expect(server.received.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/base/v1/flows', { site: 'acme.atlassian.net', tags: { team: 'a' } }],
      ['GET', '/base/v1/flows/f%2F1', undefined],
      ['POST', '/base/v1/flows/f1/confirm', { cloudId: 'c1' }],
      ['POST', '/base/v1/flows/f1/cancel', undefined],
      ['GET', '/base/v1/connections', undefined],
      ['GET', '/base/v1/connections/7/sync', undefined],
      ['POST', '/base/v1/connections/7/disconnect', undefined],
    ])
    expect(backend.signInUrl).toBe(`${server.url}/base/oauth/popup`)
    for (const { headers } of server.received) expect(headers.authorization).toBe('Token t1')
  })

  it('fetches one token for calls that come together', async () => {
    const server = await serve((_, response) => json(response, {}))
    const tokenFetcher = tokens('t1')
    const backend = createHttpBackend({ apiURL: server.url, tokenFetcher })
    await Promise.all([backend.getFlow('1'), backend.getFlow('2'), backend.getSync(3)])
    expect(tokenFetcher).toHaveBeenCalledTimes(1)
  })

  it('fetches another token after a 401, and repeats the call once', async () => {
    const server = await serve((request, response) =>
      json(response, {}, request.headers.authorization === 'Token t2' ? 200 : 401),
    )
    const tokenFetcher = tokens('t1', 't2')
    const backend = createHttpBackend({ apiURL: server.url, tokenFetcher })
    await Promise.all([backend.getFlow('1'), backend.getFlow('2')])
    await backend.getFlow('3')
    expect(tokenFetcher).toHaveBeenCalledTimes(2)
    expect(server.received).toHaveLength(5)
  })

  it('gives up after a second 401', async () => {
    const server = await serve((_, response) => json(response, {}, 401))
    const backend = createHttpBackend({ apiURL: server.url, tokenFetcher: tokens('t1', 't2') })
    await expect(backend.getFlow('1')).rejects.toEqual(failing('session_expired'))
    expect(server.received).toHaveLength(2)
  })

  it('does not blame the session when tokenFetcher has no connection, or hangs', async () => {
    const server = await serve((_request, response) => json(response, {}))
    const offline = createHttpBackend({
      apiURL: server.url,
      tokenFetcher: () => Promise.reject(new TypeError('Failed to fetch')),
    })
    expect(await offline.getFlow('1').catch((reason: unknown) => reason)).toEqual(failing('network'))
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => AbortSignal.abort())
    const hanging = createHttpBackend({ apiURL: server.url, tokenFetcher: () => new Promise(() => {}) })
    expect(await hanging.getFlow('1').catch((reason: unknown) => reason)).toEqual(failing('network'))
    timeout.mockRestore()
  })

  it.each([
    ['throws', () => Promise.reject(new Error('secret-of-the-host'))],
    [
      'throws at once',
      () => {
        throw new Error('x')
      },
    ],
    ['gives nothing', async () => undefined],
    ['gives an empty token', async () => ({ access_token: '' })],
    ['gives something else', async () => ({ token: 't' })],
  ])('says that the session is invalid when tokenFetcher %s, and asks again next time', async (_, broken) => {
    const server = await serve((_request, response) => json(response, {}))
    const tokenFetcher = vi.fn(async () => ({ access_token: 't1' })).mockImplementationOnce(broken as never)
    const backend = createHttpBackend({ apiURL: server.url, tokenFetcher })
    const error = await backend.getFlow('1').catch((reason: unknown) => reason)
    expect(error).toEqual(failing('session_invalid'))
    expect(String(error)).not.toContain('secret-of-the-host')
    await expect(backend.getFlow('1')).resolves.toEqual({})
  })

  it('has the error of the server', async () => {
    const server = await serve((_, response) =>
      json(response, { error: { code: 'site_not_found', message: 'No such site.' } }, 400),
    )
    const backend = createHttpBackend({ apiURL: server.url, tokenFetcher: tokens('t1') })
    await expect(backend.createFlow({ site: 'x' })).rejects.toMatchObject({
      code: 'site_not_found',
      message: 'No such site.',
      retryable: true,
    })
  })

  it.each([
    [400, '{"error":{"code":"brand_new","message":"x"}}', 'unknown'],
    [400, 'oops', 'unknown'],
    [502, '<h1>Bad gateway</h1>', 'network'],
    [200, '<!doctype html><title>Our app</title>', 'network'],
    [200, '{"half":', 'network'],
  ])('maps status %i with %j to %s', async (status, body, code) => {
    const server = await serve((_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(body))
    const backend = createHttpBackend({ apiURL: server.url, tokenFetcher: tokens('t1') })
    await expect(backend.createFlow({ site: 'x' })).rejects.toEqual(failing(code))
  })

  it('knows that a flow or a sync is not there', async () => {
    const server = await serve((_, response) => json(response, { error: { code: 'state_invalid', message: '' } }, 404))
    const backend = createHttpBackend({ apiURL: server.url, tokenFetcher: tokens('t1') })
    expect(await backend.getFlow('gone')).toBeNull()
    expect(await backend.getSync(1)).toBeNull()
  })

  it('says that the network is the reason when nobody listens', async () => {
    const backend = createHttpBackend({ apiURL: 'http://127.0.0.1:9', tokenFetcher: tokens('t1') })
    await expect(backend.getFlow('1')).rejects.toEqual(failing('network'))
  })

  it('stops when the caller does, also while a token is fetched', async () => {
    const stop = new AbortController()
    const backend = createHttpBackend({
      apiURL: 'http://127.0.0.1:9',
      tokenFetcher: () => new Promise(() => undefined),
    })
    const call = backend.getFlow('1', { signal: stop.signal })
    stop.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('refuses a base URL that is none', () => {
    expect(() => createHttpBackend({ apiURL: '/api', tokenFetcher: tokens('t1') })).toThrow(
      /apiURL must be an absolute URL/,
    )
  })
})
