// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { createTokenHandler } from '../../src/token.ts'
import { json, serve } from './server.ts'

const apiKey = 'key-that-nobody-may-see'
const request = new Request('http://app.example/api/token', { headers: { cookie: 'user=jane' } })
const customerId = (from: Request) => from.headers.get('cookie')?.split('=')[1] ?? null

describe('createTokenHandler', () => {
  it('asks the server for a token of the customer, and gives it on', async () => {
    const server = await serve((_, response) => json(response, { access_token: 't1', refresh_token: 'r1' }))
    const handle = createTokenHandler({ serverUrl: `${server.url}/`, apiKey, customerId })
    const response = await handle(request)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ access_token: 't1' })
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(server.received[0]).toMatchObject({
      method: 'GET',
      path: '/auth/v1/access_token',
      headers: { authorization: `Bearer ${apiKey}`, 'customer-id': 'jane' },
    })
  })

  it.each([null, undefined, ''])('answers 401 when the customer is %j', async (nobody) => {
    const server = await serve((_, response) => json(response, {}))
    const response = await createTokenHandler({ serverUrl: server.url, apiKey, customerId: async () => nobody })(
      request,
    )
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ error: { code: 'not_signed_in', message: 'Nobody is signed in.' } })
    expect(server.received).toEqual([])
  })

  it.each([
    ['refuses the key', 401, `{"detail":"bad key ${apiKey}"}`, 'Check apiKey'],
    ['fails', 500, `trace with ${apiKey}`, 'status 500'],
    ['answers HTML', 200, '<h1>Hello</h1>', 'without an access token'],
    ['answers an empty token', 200, '{"access_token":""}', 'without an access token'],
  ])('answers 502 with a reason, and without the key, when the server %s', async (_, status, body, reason) => {
    const server = await serve((_request, response) => response.writeHead(status).end(body))
    const response = await createTokenHandler({ serverUrl: server.url, apiKey, customerId })(request)
    const text = await response.text()
    expect(response.status).toBe(502)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(JSON.parse(text).error.message).toContain(reason)
    expect(text).not.toContain(apiKey)
  })

  it('answers 502 when nobody listens', async () => {
    const response = await createTokenHandler({ serverUrl: 'http://127.0.0.1:9', apiKey, customerId })(request)
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('could not be reached') } })
  })

  it('tells a developer at once what is missing', () => {
    expect(() => createTokenHandler({ serverUrl: 'localhost', apiKey, customerId })).toThrow(
      /serverUrl must be an absolute URL/,
    )
    expect(() => createTokenHandler({ serverUrl: 'http://localhost:8000', apiKey: '', customerId })).toThrow(
      /apiKey is empty/,
    )
  })
})
