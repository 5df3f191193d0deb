import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases, type TestDatabase } from '../database.ts'
import { backend, connect, connectOnly, type Stack, startStack, syncEnd } from '../stack.ts'

interface Page {
  id: number
  externalId: string
  title: string
  status: string
  error: string | null
  tags: Record<string, unknown>
  syncedAt: string
}

interface Delivery {
  type: string
  data: { is_resync?: boolean }
}

describe.each(databases)('what is done with pages of the $kind database', ({ open }) => {
  let database: TestDatabase
  let stack: Stack
  let customer = 0
  let connection: number
  let hook: number
  const call: ReturnType<typeof backend> = (...words) => backend(stack.url, `customer-${customer}`)(...words)
  const organisation: ReturnType<typeof backend> = (...words) => backend(stack.url, '')(...words)
  const admin = (method: string, path: string, body?: object) =>
    call(method, `${stack.sandbox.url}/sandbox${path}`, body)
  const act = (action: 'resync' | 'delete', body: unknown) =>
    call('POST', `/v1/connections/${connection}/pages/${action}`, body)
  const pages = async (query = ''): Promise<Page[]> =>
    (await call('GET', `/v1/pages?limit=250&connectionId=${connection}${query}`)).body.pages
  const settled = async (): Promise<Page[]> => {
    for (let tries = 0; tries < 200; tries++) {
      const found = await pages()
      if (!found.some(({ status }) => /QUEUED|SYNCING|RATE_LIMITED/.test(status))) return found
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('The pages did not settle.')
  }
  const told = async (type: string): Promise<number> => {
    const { body } = await organisation('GET', `/v1/webhooks/${hook}/deliveries?limit=250`)
    return body.deliveries.filter((delivery: Delivery) => delivery.type === type).length
  }
  /** How often it was told that these are ready. */
  const toldReady = async (files: (number | undefined)[]): Promise<number> => {
    const events = await stack.server.services.db
      .selectFrom('webhook_deliveries')
      .innerJoin('webhook_events', 'webhook_events.id', 'webhook_deliveries.event_id')
      .select('webhook_events.id')
      .where('webhook_deliveries.webhook_id', '=', hook)
      .where('webhook_events.type', '=', 'FILE_READY')
      .where(
        'webhook_deliveries.order_key',
        'in',
        files.map((id) => `file:${id}`),
      )
      .execute()
    return events.length
  }
  const ids = (of: Page[]) => of.map(({ id }) => id)

  beforeAll(async () => {
    database = await open()
    stack = await startStack({
      databaseUrl: database.databaseUrl,
      dataDir: database.dataDir,
      env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' },
    })
  })
  afterAll(async () => {
    await stack.close()
    await database.drop()
  })
  beforeEach(async () => {
    customer += 1
    connection = (await connect(stack, call)).connection.id
    await syncEnd(call, connection)
    // Nobody listens there: what is to be sent can be counted.
    hook = (await organisation('POST', '/v1/webhooks', { url: `http://127.0.0.1:9/${customer}` })).body.webhook.id
  })
  afterEach(async () => {
    await organisation('DELETE', `/v1/webhooks/${hook}`)
    await admin('DELETE', '/faults')
    await admin('POST', '/latency', { held: false })
  })

  describe('resync', () => {
    it('fetches the pages that are named again, at once shown as waiting, and keeps their tags', async () => {
      // Pages that name others may be told of once more when those are known.
      const naming = await stack.server.services.db.selectFrom('page_references').select('file_id').execute()
      const others = new Set(naming.map(({ file_id }) => file_id))
      const [first, second, third] = (await pages()).filter(({ id }) => !others.has(id))
      const wanted = [first?.id, second?.id]
      await call('POST', '/create_user_file_tags', { organization_user_file_id: first?.id, tags: { a: 'b' } })
      await admin('PATCH', `/pages/${first?.externalId}`, { title: 'Named anew' })
      await admin('POST', '/latency', { held: true })
      expect(await act('resync', { ids: wanted })).toMatchObject({ status: 200, body: { count: 2 } })
      const waiting = await pages('&status=QUEUED_FOR_SYNC,SYNCING')
      expect(ids(waiting)).toEqual(wanted)
      await admin('POST', '/latency', { held: false })
      const after = new Map((await settled()).map((page) => [page.id, page]))
      const now = (page: Page | undefined) => after.get(page?.id ?? 0)
      expect(now(first)).toMatchObject({ status: 'READY', title: 'Named anew', tags: { a: 'b' } })
      expect(now(second)?.syncedAt).not.toBe(second?.syncedAt)
      expect(now(third)?.syncedAt).toBe(third?.syncedAt)
      // Pages that show the first one are told of as well.
      expect(await toldReady(wanted)).toBe(2)
      expect(await told('upload.processed')).toBe(1)
    })

    it('leaves those out that are being synced already, so that a second click does nothing', async () => {
      await admin('POST', '/latency', { held: true })
      const all = await pages()
      const first = await act('resync', { all: {} })
      expect(first.body).toEqual({ count: all.length })
      expect((await act('resync', { all: {} })).body).toEqual({ count: 0 })
      expect((await act('resync', { ids: ids(all) })).body).toEqual({ count: 0 })
      await admin('POST', '/latency', { held: false })
      expect((await settled()).every(({ status }) => status === 'READY')).toBe(true)
    })

    it('takes all that match but a few', async () => {
      const all = await pages()
      const word = all[0]?.title.slice(0, 4) ?? ''
      const matching = all.filter(({ title }) => title.toLowerCase().includes(word.toLowerCase()))
      const kept = matching[0]
      await admin('POST', '/latency', { held: true })
      const { body } = await act('resync', { all: { search: word, status: ['READY'] }, except: [kept?.id] })
      expect(body).toEqual({ count: matching.length - 1 })
      expect(ids(await pages('&status=QUEUED_FOR_SYNC,SYNCING'))).toEqual(ids(matching.slice(1)))
      expect((await act('resync', { all: { status: ['SYNC_ERROR'] } })).body).toEqual({ count: 0 })
      expect((await act('resync', { all: { status: [] } })).body).toEqual({ count: 0 })
      await admin('POST', '/latency', { held: false })
      await settled()
    })

    it('needs an active connection', async () => {
      await call('POST', `/v1/connections/${connection}/disconnect`, { deletePages: false })
      const refused = await act('resync', { all: {} })
      expect(refused).toMatchObject({ status: 409, body: { error: { code: 'reconnect_needed' } } })
      expect((await pages()).every(({ status }) => status === 'READY')).toBe(true)
    })
  })

  describe('deletion', () => {
    it('deletes the pages that are named, once, and tells of them when asked to', async () => {
      const all = await pages()
      const gone = ids(all.slice(0, 3))
      expect((await act('delete', { ids: gone, sendWebhook: true })).body).toEqual({ count: 3 })
      expect((await act('delete', { ids: gone, sendWebhook: true })).body).toEqual({ count: 0 })
      expect(ids(await pages())).toEqual(ids(all.slice(3)))
      expect(await told('file.deleted')).toBe(3)
      expect((await act('delete', { ids: [all[3]?.id] })).body).toEqual({ count: 1 })
      expect(await told('file.deleted')).toBe(3)
    })

    it('deletes all that match but a few', async () => {
      const all = await pages()
      const kept = ids(all.slice(4, 7))
      expect((await act('delete', { all: { search: 'no such title' } })).body).toEqual({ count: 0 })
      expect((await act('delete', { all: {}, except: kept })).body).toEqual({ count: all.length - 3 })
      expect(ids(await pages())).toEqual(kept)
      expect((await act('delete', { all: {} })).body).toEqual({ count: 3 })
      expect(await pages()).toEqual([])
    })

    it('is for disconnected accounts as well, and only for the one that is named', async () => {
      const other = (await connect(stack, call, { site: 'globex' })).connection.id
      await syncEnd(call, other)
      const ofOther = (await call('GET', `/v1/pages?connectionId=${other}&limit=250`)).body.pages
      const mine = await pages()
      await call('POST', `/v1/connections/${connection}/disconnect`, { deletePages: false })
      expect((await act('delete', { ids: ids(ofOther) })).body).toEqual({ count: 0 })
      expect((await act('delete', { all: {} })).body).toEqual({ count: mine.length })
      expect((await call('GET', `/v1/pages?connectionId=${other}&limit=250`)).body.pages).toEqual(ofOther)
    })

    it('does not lose the place of who is reading the list', async () => {
      const all = (await call('GET', '/v1/pages?sort=title&limit=250')).body.pages
      const { body } = await call('GET', '/v1/pages?sort=title&limit=5')
      await act('delete', { ids: ids(body.pages) })
      const rest = await call('GET', `/v1/pages?sort=title&limit=250&cursor=${body.nextCursor}`)
      expect(ids(rest.body.pages)).toEqual(ids(all.slice(5)))
    })
  })

  it('refuses what it does not understand with 422', async () => {
    const bodies = [
      {},
      [],
      null,
      { ids: 'all' },
      { ids: [0] },
      { ids: [1.5] },
      { ids: [2 ** 31] },
      { ids: Array.from({ length: 10_001 }, (_, id) => id + 1) },
      { all: true },
      { all: { status: ['DONE'] } },
      { all: {}, except: ['x'] },
      { all: { serach: 'a' } },
      { all: {}, excpet: [1] },
      { all: {}, ids: [1] },
    ]
    for (const body of bodies)
      for (const action of ['resync', 'delete'] as const)
        expect((await act(action, body)).status, `${action} ${JSON.stringify(body).slice(0, 40)}`).toBe(422)
  })

  describe('stopping', () => {
    const stop = () => call('POST', `/v1/connections/${connection}/sync/cancel`)

    it('ends walks and picks, says how far they came, and can be repeated', async () => {
      await admin('POST', '/latency', { held: true })
      await call('POST', `/v1/connections/${connection}/sync`, {})
      await act('resync', { all: {} })
      const stopped = await stop()
      expect(stopped).toMatchObject({ status: 200, body: { phase: 'cancelled', connectionId: connection } })
      expect(stopped.body.finishedAt).not.toBeNull()
      expect(new Set((await pages()).map(({ status }) => status))).toEqual(new Set(['SYNC_ABORTED']))
      expect((await stop()).body).toEqual(stopped.body)
      expect(await told('connection.cancelled')).toBe(1)
      await admin('POST', '/latency', { held: false })
      expect((await act('resync', { all: { status: ['SYNC_ABORTED'] } })).body.count).toBeGreaterThan(0)
      expect((await settled()).every(({ status }) => status === 'READY')).toBe(true)
    })

    it('changes nothing where nothing runs', async () => {
      const before = (await call('GET', `/v1/connections/${connection}/sync`)).body
      expect((await stop()).body).toEqual(before)
      expect(await told('connection.cancelled')).toBe(0)
    })
  })

  it('reads the tree anew, and fetches no page', async () => {
    const [page] = await pages()
    const path = `/v1/connections/${connection}/items`
    await admin('PATCH', `/pages/${page?.externalId}`, { title: 'Only in the tree' })
    const started = await call('POST', `${path}/sync`)
    expect(started).toMatchObject({ status: 200, body: { fileIds: [], syncId: expect.any(Number) } })
    await expect
      .poll(async () => (await call('GET', `${path}?search=Only in the tree`)).body.items, { timeout: 10_000 })
      .toMatchObject([{ externalId: page?.externalId, fileId: page?.id }])
    expect((await pages())[0]?.title).toBe(page?.title)
  })

  describe('somebody else’s connection', () => {
    it('is not there, and stays as it is', async () => {
      const before = [await pages(), (await call('GET', '/v1/connections')).body]
      const other = backend(stack.url, 'somebody-else')
      for (const [path, body] of [
        ['pages/resync', { all: {} }],
        ['pages/delete', { all: {} }],
        ['sync', {}],
        ['sync/cancel', undefined],
        ['items/sync', undefined],
        ['disconnect', {}],
      ] as const) {
        const answer = await other('POST', `/v1/connections/${connection}/${path}`, body)
        expect(answer, path).toMatchObject({ status: 404, body: { error: { code: 'unknown' } } })
        expect(answer.body, path).toEqual((await other('POST', `/v1/connections/999999/${path}`, body)).body)
        expect([await pages(), (await call('GET', '/v1/connections')).body], path).toEqual(before)
      }
    })

    it('lends its pages to nobody by their ids', async () => {
      const before = await pages()
      const other = backend(stack.url, 'somebody-else')
      const { id: own } = await connectOnly(stack, other)
      for (const action of ['resync', 'delete'])
        expect((await other('POST', `/v1/connections/${own}/pages/${action}`, { ids: ids(before) })).body).toEqual({
          count: 0,
        })
      expect(await pages()).toEqual(before)
    })
  })
})
