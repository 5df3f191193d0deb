import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import { backend, connect, connectOnly, type Stack, startStack, stored, syncEnd, truth } from '../stack.ts'

let stack: Stack
let receiver: Server
let url: string
let answer = 200
const received: {
  headers: Record<string, unknown>
  body: { id: string; type: string; customerId: string; data: object }
}[] = []
const organisation = (method: string, path: string, body?: object) => backend(stack.url, '')(method, path, body)

async function until<T>(look: () => Promise<T> | T, enough: (found: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await look()
    if (enough(found)) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('It did not happen.')
}

beforeAll(async () => {
  stack = await startStack()
  receiver = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    response.statusCode = answer
    response.end()
    if (answer === 200) received.push({ headers: request.headers, body: JSON.parse(text) })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
})
afterAll(async () => {
  await new Promise((resolve) => receiver.close(resolve))
  await stack.close()
})

describe('Carbon’s webhook calls', () => {
  it.each([
    ['no URL', 'nowhere', 400],
    ['another scheme', 'ftp://example.com/x', 400],
    ['a user name', 'https://me:secret@example.com/x', 400],
    ['a private address', 'http://10.0.0.1/hook', 400],
    ['the metadata service', 'http://169.254.169.254/latest', 400],
    ['an address in another form', 'http://0xa9fea9fe/latest', 400],
    ['nothing', '', 400],
  ])('refuse %s', async (_, bad, status) => {
    const refused = await organisation('POST', '/add_webhook', { url: bad })
    expect(refused.status).toBe(status)
    expect(refused.body.detail).not.toContain('secret')
  })

  it('add, list and delete', async () => {
    const { body } = await organisation('POST', '/add_webhook', { url: 'https://example.com/hook' })
    expect(body).toMatchObject({ url: 'https://example.com/hook', status: 'ACTIVE', status_reason: null })
    expect((await organisation('POST', '/add_webhook', { url: 'https://example.com/hook' })).status).toBe(409)
    for (const filters of [{}, { ids: [] }, { ids: null }, { ids: [String(body.id)] }])
      expect((await organisation('POST', '/webhooks', { filters })).body).toMatchObject({
        count: 1,
        results: [{ id: body.id }],
      })
    expect((await organisation('POST', '/webhooks', { filters: { ids: [999_999] } })).body.count).toBe(0)
    expect((await organisation('DELETE', `/delete_webhook/${body.id}`)).body).toEqual({ success: true })
    expect((await organisation('DELETE', `/delete_webhook/${body.id}`)).status).toBe(404)
    expect((await organisation('DELETE', '/delete_webhook/x')).status).toBe(422)
  })

  it('are not for access tokens', async () => {
    const { body } = await backend(stack.url)('GET', '/auth/v1/access_token')
    const answered = await fetch(`${stack.url}/webhooks`, {
      method: 'POST',
      headers: { authorization: `Token ${body.access_token}`, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(answered.status).toBe(401)
  })
})

describe('webhooks of our own', () => {
  it('get the chosen events, one object each', async () => {
    const { body } = await organisation('POST', '/v1/webhooks', {
      url,
      events: ['connection.added', 'connection.ready'],
    })
    expect(body.secret).toMatch(/^whsec_/)
    expect(body.webhook).toMatchObject({
      url,
      format: 'v1',
      status: 'active',
      events: ['connection.added', 'connection.ready'],
    })
    const connection = await connectOnly(stack, backend(stack.url, 'customer-1'))
    await until(
      () => received.map((each) => each.body.type),
      (types) => types.includes('connection.ready'),
    )
    expect(received.map((each) => each.body)).toMatchObject([
      { type: 'connection.added', customerId: 'customer-1', data: { connectionId: connection.id } },
      { type: 'connection.ready', customerId: 'customer-1', data: { connectionId: connection.id } },
    ])
    expect(received[0]?.headers['webhook-id']).toBe(received[0]?.body.id)
    const listed = (await organisation('GET', `/v1/webhooks/${body.webhook.id}/deliveries?limit=1`)).body
    expect(listed.deliveries).toMatchObject([
      { type: 'connection.ready', state: 'delivered', attempts: 1, lastStatus: 200 },
    ])
    const older = await organisation(
      'GET',
      `/v1/webhooks/${body.webhook.id}/deliveries?limit=1&cursor=${listed.nextCursor}`,
    )
    expect(older.body.deliveries).toMatchObject([{ type: 'connection.added' }])
  })

  it('tell what went wrong, and are sent again when asked to', async () => {
    const [webhook] = (await organisation('GET', '/v1/webhooks')).body.webhooks
    answer = 503
    await organisation('POST', `/v1/webhooks/${webhook.id}/test`)
    const look = async () =>
      (await organisation('GET', `/v1/webhooks/${webhook.id}/deliveries?state=pending`)).body.deliveries
    const [failing] = await until(look, ([first]) => Boolean(first?.lastError))
    expect(failing).toMatchObject({
      type: 'webhook.test',
      lastStatus: 503,
      lastError: { code: 'status_503', message: expect.stringContaining('503') },
      nextAttemptAt: expect.any(String),
    })
    answer = 200
    const before = received.length
    expect((await organisation('POST', `/v1/webhooks/${webhook.id}/deliveries/${failing.id}/resend`)).status).toBe(200)
    await until(
      () => received.length,
      (count) => count > before,
    )
    expect(received.at(-1)?.body.id).toBe(failing.eventId)
    expect((await organisation('POST', `/v1/webhooks/${webhook.id}/resend`)).body).toEqual({ resent: 0 })
    expect((await organisation('POST', `/v1/webhooks/${webhook.id}/deliveries/999999/resend`)).status).toBe(404)
  })

  it('end', async () => {
    const [webhook] = (await organisation('GET', '/v1/webhooks')).body.webhooks
    expect((await organisation('DELETE', `/v1/webhooks/${webhook.id}`)).body).toEqual({ success: true })
    expect((await organisation('GET', `/v1/webhooks/${webhook.id}/deliveries`)).status).toBe(404)
    expect((await organisation('POST', '/v1/webhooks', { url, events: ['nothing.such'] })).status).toBe(422)
  })
})

describe.each(databases)('receivers of every bad kind, on the $kind database', ({ open }) => {
  it('delay no sync and lose no event', async () => {
    const database = await open()
    const own = await startStack({ databaseUrl: database.databaseUrl, dataDir: database.dataDir })
    const sockets: Socket[] = []
    /** Fails, hangs, redirects to nowhere, breaks off, or answers with another protocol, by its path. */
    const bad = createServer((request, response) => {
      sockets.push(request.socket)
      if (request.url === '/fails') response.writeHead(500).end()
      if (request.url === '/redirects') response.writeHead(302, { location: '/elsewhere' }).end()
      if (request.url === '/breaks') request.socket.destroy()
      if (request.url === '/upgrades') request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n')
    })
    await new Promise<void>((resolve) => bad.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(bad.address() as AddressInfo).port}`
    const asOrganisation = backend(own.url, '')
    try {
      const ids: number[] = []
      for (const path of ['/fails', '/hangs', '/redirects', '/breaks', '/upgrades'])
        ids.push((await asOrganisation('POST', '/v1/webhooks', { url: base + path })).body.webhook.id)
      const call = backend(own.url)
      const { connection } = await connect(own, call)
      expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done' })
      expect(await stored(call)).toEqual(await truth(own, 'acme'))
      const pages = (await stored(call)).length
      for (const id of ids) {
        const waiting = new Set<string>()
        for (let cursor: string | null = ''; cursor !== null; ) {
          const path = `/v1/webhooks/${id}/deliveries?state=pending&limit=250${cursor && `&cursor=${cursor}`}`
          const { body } = await asOrganisation('GET', path)
          for (const { eventId } of body.deliveries) waiting.add(eventId)
          cursor = body.nextCursor
        }
        // Two for each page, and at least the connection's, the lists' and the upload's.
        expect(waiting.size).toBeGreaterThanOrEqual(2 * pages + 4)
      }
    } finally {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => bad.close(resolve))
      await own.close()
      await database.drop()
    }
  })
})
