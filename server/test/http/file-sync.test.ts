import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases, type TestDatabase } from '../database.ts'
import { API_KEY, backend, connect, connectOnly, type Stack, startStack, syncEnd, type TruePage } from '../stack.ts'

interface File {
  id: number
  external_file_id: string
  sync_status: string
  sync_error_message: string | null
  request_id: string
  parent_id: number | null
  presigned_url: string | null
  tags: Record<string, unknown>
  file_contents_deleted: boolean
}

describe.each(databases)('files on the $kind database', ({ open }) => {
  let database: TestDatabase
  let stack: Stack
  let source: number
  let customer = 0
  const call: ReturnType<typeof backend> = (...words) => backend(stack.url, `customer-${customer}`)(...words)
  const admin = (method: string, path: string, body?: object) =>
    call(method, `${stack.sandbox.url}/sandbox${path}`, body)
  const files = async (filters: object = {}): Promise<File[]> =>
    (
      await call('POST', '/user_files_v2', {
        pagination: { limit: 250 },
        order_by: 'id',
        filters,
        include_raw_file: true,
      })
    ).body.results
  const settled = async (filters: object, count: number): Promise<File[]> => {
    for (let tries = 0; tries < 300; tries++) {
      const found = await files(filters)
      const waiting = found.filter(({ sync_status }) => /QUEUED|SYNCING|RATE_LIMITED/.test(sync_status))
      if (found.length >= count && waiting.length === 0) return found
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`Not settled: ${JSON.stringify((await files(filters)).map(({ sync_status }) => sync_status))}`)
  }
  const sync = (ids: (string | undefined)[], extra: object = {}) =>
    call('POST', '/integrations/files/sync', { data_source_id: source, ids, ...extra })
  let pages: TruePage[]

  beforeAll(async () => {
    database = await open()
    stack = await startStack({ databaseUrl: database.databaseUrl, dataDir: database.dataDir })
  })
  afterAll(async () => {
    await stack.close()
    await database.drop()
  })
  beforeEach(async () => {
    customer += 1
    source = (await connectOnly(stack, call)).id
    const { body } = await admin('GET', '/truth?site=acme')
    pages = body.pages.filter(
      (page: TruePage) => page.status === 'current' && page.spaceStatus === 'current' && !page.restricted,
    )
  })
  afterEach(async () => {
    await admin('DELETE', '/faults')
    await admin('POST', '/install', { site: 'acme' })
    await admin('POST', '/latency', { held: false })
  })

  it('takes ids as text, numbers or objects, each once, and ignores what it does not know', async () => {
    const [one, two, three] = pages.map(({ id }) => id)
    const ids = [one, Number(two), { id: three, root_id: null }, one]
    const answer = await call('POST', '/integrations/files/sync', {
      data_source_id: String(source),
      ids,
      request_id: 'r',
      embedding_model: null,
      file_sync_config: {},
      sync_files_on_connection: true,
      scopes: [],
    })
    expect(answer.body).toEqual({ success: true })
    const found = await settled({ request_ids: ['r'] }, 3)
    expect(found.map(({ external_file_id }) => external_file_id).sort()).toEqual([one, two, three].sort())
    expect(found.every(({ sync_status, presigned_url }) => sync_status === 'READY' && presigned_url)).toBe(true)
  })

  it('marks what Confluence does not show, and fetches the rest', async () => {
    await sync([pages[0]?.id, '999999999'], { request_id: 'r' })
    const found = await settled({ request_ids: ['r'] }, 2)
    expect(found.map(({ sync_status }) => sync_status).sort()).toEqual(['READY', 'SYNC_ERROR'])
    expect(found.find(({ sync_status }) => sync_status === 'SYNC_ERROR')?.sync_error_message).toMatch(/no current page/)
  })

  it('refuses to sync nothing, what is not there, and ids that are none', async () => {
    const refused = async (ids: unknown, data_source_id = source) =>
      (await call('POST', '/integrations/files/sync', { data_source_id, ids })).status
    expect(await refused([])).toBe(400)
    expect(await refused(['1'], 999_999)).toBe(404)
    expect(await refused(['abc'])).toBe(422)
    expect(await refused(Array.from({ length: 10_001 }, (_, index) => String(index)))).toBe(422)
    expect(await refused('x')).toBe(422)
  })

  it('only makes records when told to skip processing, and fetches them later', async () => {
    const id = pages[0]?.id
    await sync([id], { request_id: 'r', file_sync_config: { skip_file_processing: true } })
    const [record] = await files({ request_ids: ['r'] })
    expect(record).toMatchObject({ sync_status: 'READY_TO_SYNC', presigned_url: null, file_contents_deleted: false })
    const { body } = await call('POST', '/resync_file', { file_id: record?.id })
    expect(body).toMatchObject({ id: record?.id, sync_status: 'QUEUED_FOR_SYNC', request_id: 'r' })
    expect(await settled({ ids: [record?.id] }, 1)).toMatchObject([{ sync_status: 'READY' }])
  })

  it('only makes records of everything when a connection is made so, and overwrites nothing', async () => {
    await sync([pages[0]?.id], { request_id: 'r' })
    await settled({ request_ids: ['r'] }, 1)
    const { connection } = await connect(stack, call, { wishes: { fileSyncConfig: { skip_file_processing: true } } })
    await syncEnd(call, connection.id)
    const found = await files()
    expect(found).toHaveLength(pages.length)
    const statuses = (of: (file: File) => boolean) => new Set(found.filter(of).map(({ sync_status }) => sync_status))
    expect(statuses(({ external_file_id }) => external_file_id === pages[0]?.id)).toEqual(new Set(['READY']))
    expect(statuses(({ external_file_id }) => external_file_id !== pages[0]?.id)).toEqual(new Set(['READY_TO_SYNC']))
  })

  it('does not resync what is being synced', async () => {
    await admin('POST', '/latency', { held: true })
    await sync([pages[0]?.id], { request_id: 'r' })
    const [file] = await files({ request_ids: ['r'] })
    const answer = await call('POST', '/resync_file', { file_id: file?.id })
    expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining('not ready to be resynced') } })
    await admin('POST', '/latency', { held: false })
    await settled({ request_ids: ['r'] }, 1)
  })

  it('leaves unchanged pages alone when incremental', async () => {
    const [one, two] = pages.map(({ id }) => id)
    await sync([one, two], { request_id: 'first' })
    const before = await settled({ request_ids: ['first'] }, 2)
    await admin('PATCH', `/pages/${two}`, { body: '<p>Changed</p>' })
    await sync([one, two], { request_id: 'second', incremental_sync: true })
    const after = await settled({ request_ids: ['second'] }, 2)
    expect(after.every(({ sync_status }) => sync_status === 'READY')).toBe(true)
    const synced = (list: object[], id: string | undefined) =>
      (list as { external_file_id: string; last_sync: string }[]).find((file) => file.external_file_id === id)
        ?.last_sync
    expect(synced(after, one)).toBe(synced(before, one))
    expect(synced(after, two)).not.toBe(synced(before, two))
  })

  it('syncs in the order of the call, until a limit is reached', async () => {
    await call('POST', '/update_users', { customer_ids: [`customer-${customer}`], max_files: 2 })
    const order = [pages[4]?.id, '999999999', pages[1]?.id, pages[0]?.id]
    await sync(order, { request_id: 'r' })
    const found = await settled({ request_ids: ['r'] }, 2)
    expect(new Set(found.map(({ external_file_id }) => external_file_id))).toEqual(new Set(order.slice(0, 2)))
  })

  it('refuses tags without measure', async () => {
    const tags = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`k${index}`, 'x']))
    expect((await sync([pages[0]?.id], { tags })).status).toBe(400)
    expect((await sync([pages[0]?.id], { tags: { a: 'x'.repeat(20_000) } })).status).toBe(400)
    const deep = `{"data_source_id":${source},"ids":["1"],"tags":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`
    const answer = await fetch(`${stack.url}/integrations/files/sync`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        'customer-id': `customer-${customer}`,
        'content-type': 'application/json',
      },
      body: deep,
    })
    expect(answer.status).toBe(400)
  })

  it('keeps what was taken off or changed by hand when a file is fetched again', async () => {
    await sync([pages[0]?.id], { request_id: 'r', tags: { a: '1', b: '2' } })
    const [file] = await settled({ request_ids: ['r'] }, 1)
    await call('POST', '/delete_user_file_tags', { organization_user_file_id: file?.id, tags: ['a'] })
    await call('POST', '/create_user_file_tags', { organization_user_file_id: file?.id, tags: { b: '3' } })
    await call('POST', '/resync_file', { file_id: file?.id })
    expect((await settled({ ids: [file?.id] }, 1))[0]?.tags).toEqual({ b: '3' })
  })

  it('keeps tags that were put on by hand, and adds those of the call', async () => {
    const id = pages[0]?.id
    await sync([id], { request_id: 'r', tags: { a: '1', b: 2 } })
    const [file] = await settled({ request_ids: ['r'] }, 1)
    await call('POST', '/create_user_file_tags', { organization_user_file_id: file?.id, tags: { mine: ['x', 'y'] } })
    await sync([id], { request_id: 'r2', tags: { b: 3 } })
    expect((await settled({ request_ids: ['r2'] }, 1))[0]?.tags).toEqual({ a: '1', b: '3', mine: ['x', 'y'] })
  })

  it('ends in an error that says what to do when Atlassian refuses, and keeps what was there', async () => {
    const id = pages[0]?.id
    await sync([id], { request_id: 'r' })
    const [file] = await settled({ request_ids: ['r'] }, 1)
    await admin('POST', '/uninstall', { site: 'acme' })
    await call('POST', '/resync_file', { file_id: file?.id })
    const [failed] = await settled({ ids: [file?.id] }, 1)
    expect(failed).toMatchObject({ sync_status: 'SYNC_ERROR', sync_error_message: expect.stringContaining('admin') })
    expect((await fetch(failed?.presigned_url ?? '')).status).toBe(200)
  })

  it('shows that Atlassian asks to wait, and goes on by itself', async () => {
    await admin('POST', '/faults', { match: { route: '/wiki/api/v2/pages' }, times: 1, status: 429, retryAfter: 2 })
    await sync([pages[0]?.id], { request_id: 'r' })
    const seen = new Set<string>()
    for (let tries = 0; tries < 200 && !seen.has('READY'); tries++) {
      const [file] = await files({ request_ids: ['r'] })
      if (file) seen.add(file.sync_status)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect([...seen]).toEqual(expect.arrayContaining(['RATE_LIMITED', 'READY']))
  })

  describe('limits', () => {
    const limit = (settings: object) =>
      call('POST', '/update_users', { customer_ids: [`customer-${customer}`], ...settings })

    it('stops at the number of files', async () => {
      await limit({ max_files: 2 })
      await sync(
        pages.slice(0, 5).map(({ id }) => id),
        { request_id: 'r' },
      )
      expect(await settled({ request_ids: ['r'] }, 2)).toHaveLength(2)
      await limit({ max_files: -1 })
      await sync(
        pages.slice(0, 5).map(({ id }) => id),
        { request_id: 'r2' },
      )
      expect(await settled({ request_ids: ['r2'] }, 5)).toHaveLength(5)
    })

    it('keeps out what is too long, and says so on the file', async () => {
      await limit({ max_characters_per_file: 1 })
      const long = pages.find(({ title }) => title.length > 0)
      await sync([long?.id], { request_id: 'r' })
      const [file] = await settled({ request_ids: ['r'] }, 1)
      expect(file).toMatchObject({
        sync_status: 'SYNC_ERROR',
        presigned_url: null,
        sync_error_message: expect.stringContaining('max_characters_per_file'),
      })
    })
  })

  describe('deletion', () => {
    beforeEach(async () => {
      await sync(
        pages.map(({ id }) => id),
        { request_id: 'r' },
      )
      await settled({ request_ids: ['r'] }, pages.length)
    })

    it('needs a filter, or the word to delete all', async () => {
      for (const body of [
        {},
        { filters: {} },
        { filters: null },
        { filters: { include_all_children: true, ids: null } },
        { filters: { name: '' } },
        { filters: { tags: {} } },
        { filters: { non_synced_only: false, source: null } },
      ])
        expect((await call('POST', '/delete_files_v2', body)).status).toBe(400)
      expect((await call('POST', '/delete_files', {})).status).toBe(400)
      expect(await files()).toHaveLength(pages.length)
      expect((await call('POST', '/delete_files_v2', { filters: { ids: [] } })).status).toBe(200)
      expect(await files()).toHaveLength(pages.length)
      expect((await call('POST', '/delete_files_v2', { allow_empty_filters: true })).status).toBe(200)
      expect(await files()).toHaveLength(0)
    })

    it('takes the files below with it, as Carbon’s component asks', async () => {
      const all = await files()
      const below = (id: number): number[] => {
        const children = all.filter((file) => file.parent_id === id)
        return children.flatMap((child) => [child.id, ...below(child.id)])
      }
      const root = all.find(({ id }) => below(id).length > 2)
      const gone = [root?.id ?? 0, ...below(root?.id ?? 0)]
      const children = await files({ parent_file_ids: [root?.id], include_all_children: true })
      expect([root?.id, ...children.map(({ id }) => id)].sort()).toEqual([...gone].sort())
      await call('POST', '/delete_files_v2', { filters: { ids: [root?.id], include_all_children: true } })
      expect((await files()).map(({ id }) => id)).toEqual(all.map(({ id }) => id).filter((id) => !gone.includes(id)))
    })

    it('leaves alone what another filter leaves out, of the files below too', async () => {
      const all = await files()
      for (const filters of [{ sync_statuses: ['SYNC_ERROR'] }, { source: 'NOTION' }, { non_synced_only: true }])
        await call('POST', '/delete_files_v2', {
          filters: { ids: all.map(({ id }) => id), include_all_children: true, ...filters },
        })
      await call('POST', '/delete_files', {
        file_ids: [all[0]?.id],
        delete_child_files: true,
        delete_non_synced_only: true,
      })
      expect(await files()).toHaveLength(all.length)
    })

    it('can keep the record, which can be synced again', async () => {
      const [file] = await files()
      await call('POST', '/delete_files_v2', { filters: { ids: [file?.id] }, preserve_file_record: true })
      const [record] = await files({ ids: [file?.id] })
      expect(record).toMatchObject({ file_contents_deleted: true, presigned_url: null })
      expect((await call('GET', `/raw_file/${file?.id}`)).status).toBe(404)
      expect((await fetch(file?.presigned_url ?? '')).status).toBe(404)
      await call('POST', '/resync_file', { file_id: file?.id })
      expect(await settled({ ids: [file?.id] }, 1)).toMatchObject([
        { sync_status: 'READY', file_contents_deleted: false },
      ])
    })

    it('finds roots, and refuses to look for them below something', async () => {
      const all = await files()
      const roots = all.filter((file) => file.parent_id === null)
      expect((await files({ root_files_only: true })).map(({ id }) => id)).toEqual(roots.map(({ id }) => id))
      const answer = await call('POST', '/user_files_v2', { filters: { root_files_only: true, parent_file_ids: [1] } })
      expect(answer.status).toBe(400)
    })
  })
})
