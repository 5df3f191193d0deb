import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type Client, connect, type List, post, type Row } from './support.ts'

const hour = 3_600_000
const admin = async (client: Client, path: string, body: unknown = {}, method = 'POST') => {
  const response = await post(client.sandbox.app, `/sandbox${path}`, body, method)
  return { status: response.status, body: await response.json() }
}
const read = async (client: Client, path: string, method = 'GET') =>
  (await client.sandbox.app.request(`/sandbox${path}`, { method })).json()
const page = (client: Client, id: string) => client.json<Row>(`/pages/${id}?body-format=storage`)

describe('people at work', () => {
  it('edit: a new version with a new time', async () => {
    const client = await connect({ now: () => Date.UTC(2026, 10, 1) })
    const before = await page(client, '544178405')
    await admin(client, '/pages/544178405', { title: 'New title', body: '<p>new</p>', minorEdit: true }, 'PATCH')
    const after = await page(client, '544178405')
    expect(after).toMatchObject({ title: 'New title', body: { storage: { value: '<p>new</p>' } } })
    expect(after.version).toMatchObject({
      number: before.version.number + 1,
      createdAt: '2026-11-01T00:00:00.000Z',
      minorEdit: true,
    })
    expect(after.createdAt).toBe(before.createdAt)
  })

  it('edit without saying what: the text names the new version, in real and generated pages', async () => {
    const client = await connect()
    const generated = (await client.all('/pages?sort=id&limit=3'))[2]?.id as string
    for (const id of ['544178405', generated]) {
      const before = await page(client, id)
      await admin(client, `/pages/${id}`, {}, 'PATCH')
      const after = await page(client, id)
      expect(after.body.storage?.value).not.toBe(before.body.storage?.value)
      expect(after.body.storage?.value).toContain(`This is version ${before.version.number + 1} of the page.`)
    }
  })

  it('edit in place: as live docs do, the text changes and the version does not', async () => {
    const client = await connect({ pages: 0 })
    await admin(client, '/pages/98307', { body: '', keepVersion: true }, 'PATCH')
    expect(await page(client, '98307')).toMatchObject({ version: { number: 1 }, body: { storage: { value: '' } } })
  })

  it('move: parent and space change, the version does not', async () => {
    const client = await connect()
    const before = await page(client, '544178405')
    const child = (await admin(client, '/pages', { space: 'DOCS', title: 'Child', parentId: '544178405' })).body.id
    const moved = await admin(client, '/pages/544178405/move', { space: 'ENGI' })
    expect(moved.body.space).toBe('ENGI')
    const after = await page(client, '544178405')
    expect(after.version).toEqual(before.version)
    expect(after.spaceId).not.toBe(before.spaceId)
    expect((await page(client, child)).spaceId).toBe(after.spaceId)
    expect((await admin(client, '/pages/544178405/move', { parentId: child })).status).toBe(400)
    expect((await admin(client, '/pages/544178405/move', {})).status).toBe(400)
    expect((await admin(client, '/pages/544178405/move', { space: 'NONE' })).status).toBe(404)
  })

  it('create, archive, trash, restore, restrict and delete', async () => {
    const client = await connect({ pages: 0 })
    const made = await admin(client, '/pages', { space: 'DOCS', title: 'Fresh', body: '<p>1</p>' })
    expect(made.status).toBe(201)
    const { id } = made.body
    expect(Number(id)).toBeGreaterThan(1_911_652_402)
    expect(await page(client, id)).toMatchObject({ title: 'Fresh', parentId: '98307', version: { number: 1 } })
    const listed = async (status: string) => (await client.all(`/pages?id=${id}&status=${status}`)).length
    for (const [call, status] of [
      ['archive', 'archived'],
      ['trash', 'trashed'],
      ['restore', 'current'],
    ] as const) {
      await admin(client, `/pages/${id}/${call}`)
      expect(await listed(status)).toBe(1)
    }
    await admin(client, `/pages/${id}/restrict`)
    expect(await listed('current')).toBe(0)
    await admin(client, `/pages/${id}/unrestrict`)
    expect(await listed('current')).toBe(1)
    await read(client, `/pages/${id}`, 'DELETE')
    expect((await client.get(`/pages/${id}`)).status).toBe(404)
  })

  it('delete a parent: the children move up', async () => {
    const client = await connect({ pages: 0 })
    const parent = (await admin(client, '/pages', { space: 'DOCS', title: 'Parent' })).body.id
    const child = (await admin(client, '/pages', { space: 'DOCS', title: 'Child', parentId: parent })).body.id
    await read(client, `/pages/${parent}`, 'DELETE')
    expect((await page(client, child)).parentId).toBe('98307')
  })

  it('cannot give two pages of a space one title', async () => {
    const client = await connect()
    expect((await admin(client, '/pages', { space: 'DOCS', title: 'Identity Providers' })).status).toBe(409)
    expect((await admin(client, '/pages/98307', { title: 'Identity Providers' }, 'PATCH')).status).toBe(409)
    expect((await admin(client, '/pages', { space: 'ENGI', title: 'Identity Providers' })).status).toBe(201)
  })

  it('are seen in the truth', async () => {
    const client = await connect()
    const truth = await read(client, '/truth?site=acme')
    const rows = await client.all('/pages?limit=250&status=current&status=archived&status=trashed')
    expect(truth.pages.map((each: { id: string }) => each.id)).toEqual(rows.map((row) => row.id))
    expect(truth.pages[0]).toMatchObject({
      id: '98307',
      space: 'DOCS',
      title: 'Product documentation home',
      status: 'current',
      version: 1,
    })
    expect(await read(client, '/pages/98307')).toMatchObject({ id: '98307', body: expect.stringContaining('Welcome') })
  })
})

describe('bad admin calls', () => {
  it.each<[string, string, unknown, number, RegExp]>([
    ['POST', '/pages', { title: 'x' }, 400, /space/],
    ['PATCH', '/pages/98307', { tittle: 'x' }, 400, /tittle/],
    ['PATCH', '/pages/5', {}, 404, /no page with id 5/],
    ['POST', '/revoke', { account: 'nobody' }, 404, /jane/],
    ['POST', '/uninstall', { site: 'nowhere' }, 404, /globex/],
    ['POST', '/clock', { advanceMs: -1 }, 400, /advanceMs/],
    ['POST', '/coop', { value: 'open' }, 400, /same-origin/],
    ['POST', '/faults', { status: 200 }, 400, /status/],
    ['POST', '/nothing', {}, 404, /no such call/],
  ])('are explained: %s %s %j', async (method, path, body, status, message) => {
    const client = await connect({ pages: 0 })
    const answer = await admin(client, path, body, method)
    expect(answer.status).toBe(status)
    expect(answer.body.error.message).toMatch(message)
  })

  it('must be JSON', async () => {
    const { sandbox } = await connect({ pages: 0 })
    const plain = await sandbox.app.request('/sandbox/clock', { method: 'POST', body: '{"advanceMs":1}' })
    expect(plain.status).toBe(400)
    const broken = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{' }
    expect((await sandbox.app.request('/sandbox/clock', broken)).status).toBe(400)
    expect((await sandbox.app.request('/sandbox/truth?site=none')).status).toBe(404)
  })
})

describe('the quota', () => {
  it('takes a point for each request and each object', async () => {
    const client = await connect({ pages: 100 })
    await client.get('/pages?limit=100')
    await client.get('/pages/98307')
    await client.get('/spaces?limit=3')
    await client.get('/pages/1')
    const counters = await read(client, '/counters')
    expect(counters).toMatchObject({
      points: 101 + 2 + 4 + 1,
      quota: { limit: 65_000, used: 108, remaining: 64_892 },
      sites: { acme: { requests: 4, points: 108 } },
    })
    expect(counters.routes['GET /wiki/api/v2/pages/{id}']).toEqual({ 200: 1, 404: 1 })
    expect(counters.routes['POST /oauth/token']).toEqual({ 200: 1 })
    await read(client, '/counters', 'DELETE')
    expect(await read(client, '/counters')).toMatchObject({ requests: 0, points: 0, routes: {} })
  })

  it('warns near the end, refuses at the end and starts again at the hour', async () => {
    let now = Date.UTC(2026, 9, 8, 14, 29, 13)
    const client = await connect({ now: () => now })
    const fresh = (await client.get('/spaces?limit=1')).headers
    expect(fresh.get('x-ratelimit-limit')).toBe('65000')
    expect(fresh.get('x-ratelimit-remaining')).toBe('64998')
    expect(fresh.get('x-ratelimit-reset')).toBe('2026-10-08T15:00:00Z')
    expect(fresh.get('ratelimit-policy')).toBe('"global-app-quota";q=65000;w=3600')
    for (const name of ['x-ratelimit-nearlimit', 'ratelimit', 'retry-after']) expect(fresh.get(name)).toBeNull()

    await admin(client, '/quota', { used: 64_000 })
    const near = (await client.get('/spaces?limit=1')).headers
    expect(near.get('x-ratelimit-nearlimit')).toBe('true')
    expect(near.get('ratelimit')).toBe('"global-app-quota";r=998;t=1847')

    await admin(client, '/quota', { used: 65_000 })
    const refused = await client.get('/spaces')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('1847')
    expect(refused.headers.get('ratelimit-reason')).toBe('confluence-quota-global-based')
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')

    now += 1847_000
    expect((await client.get('/spaces')).status).toBe(200)
  })
})

describe('faults', () => {
  it('strike where they match, after so many and so many times', async () => {
    const client = await connect()
    await admin(client, '/faults', {
      match: { route: '/wiki/api/v2/pages', method: 'get', site: 'acme' },
      status: 503,
      retryAfter: 7,
      after: 1,
      times: 2,
    })
    const statuses = []
    for (let count = 0; count < 5; count += 1) statuses.push((await client.get('/pages?limit=1')).status)
    expect(statuses).toEqual([200, 503, 503, 200, 200])
    expect((await client.get('/spaces')).status).toBe(200)
    expect(await read(client, '/faults')).toEqual({ faults: [] })
  })

  it('carry Retry-After or none, and 404 looks like a rejected credential', async () => {
    const client = await connect()
    await admin(client, '/faults', { status: 429, retryAfter: 3 })
    expect((await client.get('/spaces')).headers.get('retry-after')).toBe('3')
    await admin(client, '/faults', { status: 429 })
    const bare = await client.get('/spaces')
    expect(bare.status).toBe(429)
    expect(bare.headers.get('retry-after')).toBeNull()
    expect(bare.headers.get('x-failure-category')).toBe('FAILURE CLIENT RATE LIMITED')
    await admin(client, '/faults', { status: 404 })
    expect(await (await client.get('/spaces')).json()).toMatchObject({ errors: [{ title: 'Not Found' }] })
  })

  it('happen before anything else does: a refresh that fails uses no token up', async () => {
    const client = await connect({ pages: 0 })
    await admin(client, '/faults', { match: { route: '/oauth/token' }, status: 500 })
    const body = {
      client_id: 'sandbox-client',
      client_secret: 'sandbox-secret',
      grant_type: 'refresh_token',
      refresh_token: client.tokens.refresh_token,
    }
    expect((await post(client.sandbox.app, '/oauth/token', body)).status).toBe(500)
    client.sandbox.clock.advance(hour)
    expect((await post(client.sandbox.app, '/oauth/token', body)).status).toBe(200)
  })

  it('follow one page through lists of any size', async () => {
    const client = await connect()
    await admin(client, '/faults', { match: { pageId: '544178405' }, status: 500, times: null })
    const status = async (path: string) => (await client.get(path)).status
    expect(await status('/pages?space-id=98306&limit=250')).toBe(500)
    expect(await status('/pages?id=544178405')).toBe(500)
    expect(await status('/pages/544178405')).toBe(500)
    expect(await status('/pages?id=98307')).toBe(200)
    await read(client, '/faults', 'DELETE')
    expect(await status('/pages/544178405')).toBe(200)
  })

  it('cut JSON off, and are counted', async () => {
    const client = await connect()
    await admin(client, '/faults', { kind: 'truncate' })
    const response = await client.get('/spaces')
    expect(response.status).toBe(200)
    await expect(response.json()).rejects.toThrow()
    expect((await read(client, '/counters')).routes['GET /wiki/api/v2/spaces']).toEqual({ truncate: 1 })
  })

  it('let a body come slowly but whole', async () => {
    const client = await connect()
    await admin(client, '/faults', { kind: 'slow', delayMs: 40 })
    expect(((await (await client.get('/spaces')).json()) as List).results.length).toBeGreaterThan(1)
  })

  it('break a connection off', async () => {
    const client = await connect()
    await admin(client, '/faults', { kind: 'reset' })
    await expect((await client.get('/spaces')).text()).rejects.toThrow()
  })
})

describe('the rest of the admin API', () => {
  it('shows the world and the time, and sets the time forward', async () => {
    const client = await connect({ now: () => 0 })
    expect((await read(client, '/world')).sites.map((site: { key: string }) => site.key)).toEqual([
      'acme',
      'globex',
      'initech',
    ])
    expect(await read(client, '/clock')).toEqual({ now: '1970-01-01T00:00:00.000Z' })
    await admin(client, '/clock', { advanceMs: 1500 })
    expect(await read(client, '/clock')).toEqual({ now: '1970-01-01T00:00:01.500Z' })
  })

  it('answers with fewer rows than asked for, and goes on from there', async () => {
    const client = await connect()
    const whole = await client.all('/pages?sort=id&limit=250')
    await admin(client, '/rows', { max: 7 })
    expect((await client.json('/pages?sort=id&limit=250')).results).toHaveLength(7)
    expect(await client.all('/pages?sort=id&limit=250')).toEqual(whole)
    expect((await client.json('/pages?sort=id&limit=3')).results).toHaveLength(3)
    expect((await admin(client, '/rows', { max: 0 })).status).toBe(400)
  })

  it('sets latency and expires one person’s tokens only', async () => {
    const client = await connect()
    expect((await admin(client, '/latency', { latencyMs: 1, latencyPerPageMs: 0.1 })).body).toEqual({
      latencyMs: 1,
      latencyPerPageMs: 0.1,
      held: false,
    })
    expect((await client.get('/spaces')).status).toBe(200)
    await admin(client, '/expire-tokens', { account: 'sam' })
    expect((await client.get('/spaces')).status).toBe(200)
    await admin(client, '/expire-tokens', { account: 'jane' })
    expect((await client.get('/spaces')).status).toBe(401)
  })

  it('keeps answers back until they are let go, refusals among them', async () => {
    const client = await connect()
    await admin(client, '/latency', { held: true })
    await admin(client, '/faults', { match: { route: '/wiki/api/v2/spaces' }, status: 503 })
    const answered: number[] = []
    const asked = ['/spaces', '/pages?limit=1'].map(async (path) => answered.push((await client.get(path)).status))
    await sleep(60)
    expect(answered).toEqual([])
    await admin(client, '/latency', { held: false })
    await Promise.all(asked)
    expect(answered.sort()).toEqual([200, 503])
  })

  it('ends a held request whose caller hangs up', async () => {
    const client = await connect()
    await admin(client, '/latency', { held: true })
    const gone = new AbortController()
    const asked = client.sandbox.app.request('/ex/confluence/unknown/wiki/api/v2/pages', { signal: gone.signal })
    gone.abort()
    expect((await asked).status).toBe(401)
  })

  it('has a page for people', async () => {
    const { sandbox } = await connect({ pages: 0 })
    const text = await (await sandbox.app.request('/')).text()
    for (const word of ['sandbox-client', 'sandbox-secret', 'globex.atlassian.net', 'Noor Haddad', '/sandbox/faults'])
      expect(text).toContain(word)
  })
})
