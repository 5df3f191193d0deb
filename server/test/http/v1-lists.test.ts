import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databases, type TestDatabase } from '../database.ts'
import { backend, connectOnly, type Stack, startStack, syncEnd, type TruePage } from '../stack.ts'

interface Row {
  id: number
  externalId: string
  type?: string
  name?: string
  title?: string | null
  status?: string
  syncedAt?: string | null
  [key: string]: unknown
}

/** Titles of the first pages: their order is another one by case, and some are equal but for it. */
const TITLES = ['cherry', 'Banana', 'apple', 'Same', 'same', 'SAME', 'Zebra', 'émigré']
/** Ids that Confluence does not know: their files have no title and no dates. */
const UNKNOWN = ['999999999991', '999999999992', '999999999993']

describe.each(databases)('lists on the $kind database', ({ open }) => {
  let database: TestDatabase
  let stack: Stack
  let connection: number
  let pages: TruePage[]
  const call: ReturnType<typeof backend> = (...words) => backend(stack.url)(...words)
  const get = async (path: string, query: object = {}) =>
    call('GET', `${path}?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`)
  const rowsIn = (body: { items?: Row[]; pages?: Row[] }): Row[] => body.items ?? body.pages ?? []
  const whole = async (path: string, query: object): Promise<Row[]> => {
    const { status, body } = await get(path, { ...query, limit: 250, total: true })
    expect(status).toBe(200)
    expect(body).toMatchObject({ nextCursor: null, total: rowsIn(body).length })
    return rowsIn(body)
  }
  /** The same list, a few rows at a time. */
  const walk = async (path: string, query: object, limit = 7): Promise<Row[]> => {
    const found: Row[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { status, body } = await get(path, { ...query, limit, ...(cursor && { cursor }) })
      expect(status).toBe(200)
      expect(body.total).toBeNull()
      expect(rowsIn(body).length).toBeGreaterThan(0)
      found.push(...rowsIn(body))
      cursor = body.nextCursor
    }
    return found
  }
  const itemsPath = () => `/v1/connections/${connection}/items`
  const tidy = (rows: Row[]) => rows.map(({ id }) => id)
  /** Names among a list's, in the list's order. */
  const orderOf = (rows: Row[], names: string[]) =>
    rows.map(({ name, title }) => name ?? title ?? '').filter((name) => names.includes(name))

  beforeAll(async () => {
    database = await open()
    stack = await startStack({ databaseUrl: database.databaseUrl, dataDir: database.dataDir })
    const admin = `${stack.sandbox.url}/sandbox`
    const visible = async (): Promise<TruePage[]> =>
      (await call('GET', `${admin}/truth?site=acme`)).body.pages.filter(
        (page: TruePage) => page.status === 'current' && page.spaceStatus === 'current' && !page.restricted,
      )
    pages = await visible()
    for (const [index, title] of TITLES.entries())
      await call('PATCH', `${admin}/pages/${pages[index]?.id}`, { title: `${title} ${index}` })
    pages = await visible()
    connection = (await connectOnly(stack, call)).id
    const ids = pages.map(({ id }) => id)
    // Three have a record and no content, so they were never synced.
    await call('POST', '/integrations/files/sync', {
      data_source_id: connection,
      ids: ids.slice(0, 3),
      file_sync_config: { skip_file_processing: true },
    })
    await call('POST', `/v1/connections/${connection}/sync`, { pages: ids.slice(3) })
    await syncEnd(call, connection)
    await call('POST', `/v1/connections/${connection}/sync`, { pages: UNKNOWN })
    await syncEnd(call, connection)
  })
  afterAll(async () => {
    await stack.close()
    await database.drop()
  })

  describe('of items', () => {
    it('go from cursor to cursor, by id and by name, for spaces, for what lies in one, and for a search', async () => {
      const [space] = await whole(itemsPath(), {})
      const [home] = await whole(itemsPath(), { parent: space?.externalId })
      const parent = home?.externalId
      for (const where of [{}, { parent }, { search: 'e' }, { parent, search: 'e' }])
        for (const sort of ['id', 'name']) {
          const all = await whole(itemsPath(), { ...where, sort })
          expect(all.length).toBeGreaterThan(2)
          expect(tidy(await walk(itemsPath(), { ...where, sort }, 2))).toEqual(tidy(all))
        }
    })

    it('are by name whatever the case, and a search gives spaces first', async () => {
      const found = await walk(itemsPath(), { search: 'e', sort: 'name' }, 5)
      const kinds = found.map(({ type }) => type)
      expect(kinds).toEqual([...kinds].sort().reverse())
      expect(new Set(kinds)).toEqual(new Set(['SPACE', 'PAGE']))
      const names = ['apple 2', 'cherry 0']
      expect(orderOf(found, names)).toEqual(names)
      const same = await whole(itemsPath(), { search: 'same', sort: 'name' })
      expect(same.map(({ name }) => name)).toEqual(['Same 3', 'same 4', 'SAME 5'])
      const banana = await whole(itemsPath(), { search: 'BANANA' })
      expect(banana).toMatchObject([{ name: 'Banana 1', type: 'PAGE', selectable: true, fileId: expect.any(Number) }])
    })

    it('name the space of each page, however deep it lies, and none for a space', async () => {
      const all = await whole(itemsPath(), { search: 'e' })
      const spaces = new Map((await whole(itemsPath(), {})).map(({ externalId, name }) => [externalId, name]))
      const nested = all.filter(({ parentExternalId, spaceId }) => spaceId && parentExternalId !== spaceId)
      expect(nested.length).toBeGreaterThan(0)
      for (const { type, spaceId, spaceName } of all) {
        expect(spaceId === null).toBe(type === 'SPACE')
        expect(spaceName).toBe(spaces.get(String(spaceId)) ?? null)
      }
    })

    it('end at once where nothing matches, and after the last row where the limit is met exactly', async () => {
      expect((await get(itemsPath(), { search: 'no such name', sort: 'name', total: true })).body).toEqual({
        items: [],
        nextCursor: null,
        total: 0,
      })
      const all = await whole(itemsPath(), { search: 'same', sort: 'name' })
      const { body } = await get(itemsPath(), { search: 'same', sort: 'name', limit: all.length })
      expect(body.nextCursor).toBeNull()
    })

    it('take plain ids for cursors where they are by id', async () => {
      const all = await whole(itemsPath(), {})
      const { body } = await get(itemsPath(), { limit: 2 })
      expect(body.nextCursor).toBe(String(all[1]?.id))
    })

    it.each([
      ['by id', { sort: 'name' }, { sort: 'id' }],
      ['by name', { sort: 'id' }, { sort: 'name' }],
      ['of another search', { sort: 'name', search: 'e' }, { sort: 'name', search: 'a' }],
      ['of another parent', { sort: 'name' }, { sort: 'name', parent: '1' }],
    ])('answer a cursor of another list with 400, %s', async (_, of, on) => {
      const { body } = await get(itemsPath(), { ...of, limit: 1 })
      const refused = await get(itemsPath(), { ...on, cursor: body.nextCursor })
      expect(refused.status).toBe(400)
      expect(refused.body.error.message).toContain('another list')
    })

    it.each(['x', '99999999999', '', 'WyJhIl0', '[]', 'a'.repeat(5_000)])(
      'refuse the cursor %.20s with 422',
      async (cursor) => {
        expect((await get(itemsPath(), { sort: 'name', cursor })).status).toBe(422)
      },
    )
  })

  describe('of pages', () => {
    const sorts = ['id', 'title', 'status', 'createdAt', 'updatedAt', 'syncedAt'] as const

    it.each(sorts.flatMap((sort) => ['asc', 'desc'].map((direction) => [sort, direction])))(
      'go from cursor to cursor by %s %s, and what has no value comes last',
      async (sort, direction) => {
        const query = { sort, direction, connectionId: connection }
        const all = await whole('/v1/pages', query)
        expect(all.length).toBe(pages.length + UNKNOWN.length)
        expect(tidy(await walk('/v1/pages', query))).toEqual(tidy(all))
        expect(tidy(await walk('/v1/pages', query, 1))).toEqual(tidy(all))
        const hasValue = all.map((row) => row[sort ?? ''] !== null)
        expect(hasValue).toEqual([...hasValue].sort().reverse())
      },
    )

    it.each(sorts)('are the other way round by %s desc', async (sort) => {
      const values = async (direction: string) =>
        (await whole('/v1/pages', { sort, direction })).filter((row) => row[sort] !== null)
      expect(tidy(await values('desc'))).toEqual(tidy(await values('asc')).reverse())
    })

    it.each(['createdAt', 'updatedAt', 'syncedAt'])('are in the order of time by %s', async (sort) => {
      const times = (await whole('/v1/pages', { sort })).map((row) => row[sort]).filter((time) => time !== null)
      expect(times).toEqual([...times].sort())
    })

    it('are by title whatever the case', async () => {
      const found = await whole('/v1/pages', { sort: 'title' })
      const titles = ['apple 2', 'Banana 1', 'cherry 0', 'Same 3', 'same 4', 'SAME 5', 'Zebra 6']
      expect(orderOf(found, titles)).toEqual(titles)
    })

    it('are filtered by part of a title, by states in either form, and both', async () => {
      const titles = async (query: object) => (await whole('/v1/pages', query)).map(({ title }) => title)
      expect(await titles({ search: 'SAME', sort: 'title' })).toEqual(['Same 3', 'same 4', 'SAME 5'])
      expect((await titles({ search: '%' })).length).toBe(pages.filter(({ title }) => title.includes('%')).length)
      const failed = await whole('/v1/pages', { status: 'SYNC_ERROR' })
      expect(failed.map(({ externalId }) => externalId).sort()).toEqual(UNKNOWN)
      const both = await whole('/v1/pages', { status: 'SYNC_ERROR,READY_TO_SYNC', sort: 'status' })
      expect(both.map(({ status }) => status)).toEqual([
        ...UNKNOWN.map(() => 'READY_TO_SYNC'),
        ...UNKNOWN.map(() => 'SYNC_ERROR'),
      ])
      const repeated = await call('GET', '/v1/pages?status=SYNC_ERROR&status=READY_TO_SYNC&sort=status&limit=250')
      expect(tidy(repeated.body.pages)).toEqual(tidy(both))
      expect(await titles({ search: 'apple', status: 'READY' })).toEqual([])
      expect(await titles({ search: 'apple', status: 'READY_TO_SYNC' })).toEqual(['apple 2'])
    })

    it('take plain ids for cursors where they are by id from the first on', async () => {
      const all = await whole('/v1/pages', {})
      const { body } = await get('/v1/pages', { limit: 2 })
      expect(body.nextCursor).toBe(String(all[1]?.id))
      expect(tidy((await get('/v1/pages', { limit: 1, cursor: body.nextCursor })).body.pages)).toEqual([all[2]?.id])
    })

    it.each([
      ['id', { sort: 'title' }, { sort: 'id' }],
      ['title', {}, { sort: 'title' }],
      ['another direction', {}, { direction: 'desc' }],
      ['another direction of titles', { sort: 'title' }, { sort: 'title', direction: 'desc' }],
      ['another time', { sort: 'createdAt' }, { sort: 'updatedAt' }],
      ['another search', { sort: 'title', search: 'e' }, { sort: 'title' }],
      ['another state', { sort: 'title' }, { sort: 'title', status: 'READY' }],
    ])('answer a cursor of another list with 400: %s', async (_, of, on) => {
      const { body } = await get('/v1/pages', { ...of, limit: 1 })
      const refused = await get('/v1/pages', { ...on, cursor: body.nextCursor })
      expect(refused.status).toBe(400)
      expect(refused.body.error.message).toContain('another list')
    })

    it.each(['x', '0000-01-01T00:00:00', '2025-02-30T00:00:00', 'infinity'])(
      'refuse a cursor that somebody changed to %s',
      async (key) => {
        const { body } = await get('/v1/pages', { sort: 'createdAt', limit: 1 })
        const [list, part, , id] = JSON.parse(Buffer.from(body.nextCursor, 'base64url').toString())
        const cursor = Buffer.from(JSON.stringify([list, part, key, id])).toString('base64url')
        expect((await get('/v1/pages', { sort: 'createdAt', cursor })).status).toBe(400)
      },
    )

    it.each(['sort=name', 'direction=up', 'status=DONE', 'status=', 'total=maybe', 'limit=251'])(
      'refuse %s with 422',
      async (query) => {
        expect((await call('GET', `/v1/pages?${query}`)).status).toBe(422)
      },
    )

    it('show nobody else’s', async () => {
      const other = backend(stack.url, 'somebody-else')
      const { body } = await other('GET', `/v1/pages?connectionId=${connection}&sort=title&total=true`)
      expect(body).toEqual({ pages: [], nextCursor: null, total: 0 })
      expect((await other('GET', `${itemsPath()}?sort=name`)).status).toBe(404)
    })
  })
})
