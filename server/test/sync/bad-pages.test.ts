import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import { backend, connect, connectOnly, type Stack, startStack, stored, syncEnd, truth } from '../stack.ts'

const PAGES = 700
const LISTS = '/wiki/api/v2/pages'

describe.each(databases)('pages that Atlassian does not hand out, on the $kind database', ({ open }) => {
  let stack: Stack
  let drop: () => Promise<void>
  let customer = 0
  let call: ReturnType<typeof backend>
  const admin: ReturnType<typeof backend> = (method, path, body) =>
    call(method, `${stack.sandbox.url}/sandbox${path}`, body)

  beforeAll(async () => {
    const options = await open()
    drop = options.drop
    stack = await startStack({ ...options, sandbox: { pages: PAGES, spaces: 2 } })
  })
  afterAll(async () => {
    await stack.close()
    await drop()
  })
  beforeEach(async () => {
    customer += 1
    call = backend(stack.url, `customer-${customer}`)
    await admin('DELETE', '/counters')
  })
  afterEach(() => admin('DELETE', '/faults'))

  const expected = () => truth(stack, 'acme')
  const idOf = (page: string | undefined) => page?.split(' ')[0] ?? ''
  const requests = async () => (await admin('GET', '/counters')).body.sites.acme.requests
  const file = async (id: string) =>
    (await call('POST', '/user_files_v2', { filters: { external_file_ids: [id] }, include_raw_file: true })).body
      .results[0]
  const failing = (id: string, fault: object = { status: 500 }) =>
    admin('POST', '/faults', { match: { route: LISTS, pageId: id, bodies: true }, times: null, ...fault })

  it.each([
    ['fails', { status: 500 }],
    ['comes cut off', { kind: 'truncate' }],
  ])(
    'a page that %s is recorded, all others are synced, and the next sync gets it',
    { timeout: 60_000 },
    async (_, fault) => {
      const all = await expected()
      const bad = idOf(all[Math.floor(all.length / 2)])
      await failing(bad, fault)
      const { connection } = await connect(stack, call)
      expect(await syncEnd(call, connection.id)).toMatchObject({
        phase: 'done',
        pages: { synced: all.length - 1, failed: 1 },
      })
      expect(await file(bad)).toMatchObject({
        sync_status: 'SYNC_ERROR',
        sync_error_message: expect.stringContaining('does not hand out this page'),
      })
      const good = (await stored(call)).filter((page) => idOf(page) !== bad)
      expect(good).toEqual(all.filter((page) => idOf(page) !== bad))
      // Found by halving: some twenty requests more than without it.
      expect(await requests()).toBeLessThan(PAGES / 250 + 45)

      await admin('DELETE', '/faults')
      await call('POST', `/v1/connections/${connection.id}/sync`, {})
      expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done', pages: { failed: 0 } })
      expect(await stored(call)).toEqual(all)
      expect((await file(bad)).sync_status).toBe('READY')
    },
  )

  it('a page that fails in storage format only is read in the other format', { timeout: 60_000 }, async () => {
    const all = await expected()
    const bad = idOf(all[7])
    await failing(bad, { match: { route: LISTS, pageId: bad, bodies: 'storage' }, status: 500 })
    const { connection } = await connect(stack, call)
    expect(await syncEnd(call, connection.id)).toMatchObject({
      phase: 'done',
      pages: { synced: all.length, failed: 0 },
    })
    const { sync_status, presigned_url } = await file(bad)
    expect(sync_status).toBe('READY')
    const html = await (await fetch(presigned_url)).text()
    const { body } = await admin('GET', `/pages/${bad}`)
    expect(html).toContain(/<p>([^<&]{20,})/.exec(body.body)?.[1] ?? 'words')
    expect(await stored(call)).toEqual(all)
  })

  it('of a page that was stored before, what was stored is kept', { timeout: 60_000 }, async () => {
    const all = await expected()
    const bad = idOf(all[3])
    const { connection } = await connect(stack, call)
    await syncEnd(call, connection.id)
    await failing(bad)
    await call('POST', `/v1/connections/${connection.id}/sync`, {})
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done', pages: { failed: 1 } })
    const { sync_status, presigned_url } = await file(bad)
    expect(sync_status).toBe('SYNC_ERROR')
    expect((await fetch(presigned_url)).status).toBe(200)
    expect(await stored(call)).toEqual(all)
  })

  it('a picked page whose id is refused does not keep the others', { timeout: 60_000 }, async () => {
    const picked = (await expected()).slice(10, 50).map(idOf)
    const [bad = ''] = picked.slice(17)
    const connection = await connectOnly(stack, call)
    await admin('POST', '/faults', { match: { route: LISTS, pageId: bad }, times: null, status: 400 })
    await call('POST', `/v1/connections/${connection.id}/sync`, { pages: picked })
    expect(await syncEnd(call, connection.id)).toMatchObject({
      phase: 'done',
      pages: { synced: picked.length - 1, failed: 1 },
    })
    expect((await file(bad)).sync_status).toBe('SYNC_ERROR')
    const good = (await stored(call)).map(idOf).filter((id) => id !== bad)
    expect(good.sort()).toEqual(picked.filter((id) => id !== bad).sort())
  })

  it('an outage is not taken for bad pages', { timeout: 60_000 }, async () => {
    await admin('POST', '/faults', { match: { route: LISTS, site: 'acme' }, after: 2, times: 9, status: 500 })
    const { connection } = await connect(stack, call)
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done', pages: { failed: 0 } })
    expect(await stored(call)).toEqual(await expected())
  })
})
