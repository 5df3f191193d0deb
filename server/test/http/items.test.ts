import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backend, connect, type Stack, startStack, syncEnd, type TruePage } from '../stack.ts'

interface Item {
  id: number
  external_id: string
  name: string
  item_type: string
  is_expandable: boolean
  parent_external_id: string | null
  organization_user_file_to_sync_id: number | null
}

let stack: Stack
let source: number
const call: ReturnType<typeof backend> = (...words) => backend(stack.url)(...words)
const admin = (method: string, path: string, body?: object) => call(method, `${stack.sandbox.url}/sandbox${path}`, body)
const list = async (body: object = {}): Promise<{ items: Item[]; count: number }> =>
  (await call('POST', '/integrations/items/list', { data_source_id: source, pagination: { limit: 250 }, ...body })).body
const current = async (): Promise<(TruePage & { parentId: string | null })[]> =>
  (await admin('GET', '/truth?site=acme')).body.pages.filter(
    (page: TruePage) => page.status === 'current' && page.spaceStatus === 'current' && !page.restricted,
  )
const dataSource = async () => (await call('POST', '/user_data_sources', {})).body.results[0]

async function readTree() {
  const before = (await dataSource()).source_items_synced_at
  await call('POST', '/integrations/items/sync', { data_source_id: source })
  for (let tries = 0; tries < 200; tries++) {
    const found = await dataSource()
    if (found.sync_status === 'READY' && found.source_items_synced_at !== before) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The tree was not read.')
}

beforeAll(async () => {
  stack = await startStack()
  const { connection } = await connect(stack, call)
  source = connection.id
  await syncEnd(call, source)
})
afterAll(() => stack.close())

describe('items/list', () => {
  it('gives the spaces, then what lies below', async () => {
    const { items, count } = await list()
    expect(items.map(({ item_type }) => item_type)).toEqual(items.map(() => 'SPACE'))
    expect(count).toBe(items.length)
    const inFirst = await list({ parent_id: items[0]?.external_id })
    expect(inFirst.items.every(({ item_type }) => item_type === 'PAGE')).toBe(true)
    const open = inFirst.items.find(({ is_expandable }) => is_expandable)
    const below = await list({ parent_id: open?.external_id })
    expect(below.count).toBeGreaterThan(0)
    expect(below.items.every(({ parent_external_id }) => parent_external_id === open?.external_id)).toBe(true)
  })

  it('finds names in the whole tree, below a space and below a page', async () => {
    const all = await current()
    const wanted = all.filter(({ title }) => title.toLowerCase().includes('re'))
    expect((await list({ filters: { name: 'RE', item_types: ['PAGE'] } })).count).toBe(wanted.length)
    const { items: spaces } = await list()
    let found = 0
    for (const { external_id } of spaces)
      found += (await list({ parent_id: external_id, filters: { name: 're' } })).count
    expect(found).toBe(wanted.length)
    const child = all.find(
      ({ parentId, title }) => parentId && title.length > 3 && all.some(({ id }) => id === parentId),
    )
    const under = await list({ parent_id: child?.parentId, filters: { name: child?.title } })
    expect(under.items.map(({ external_id }) => external_id)).toContain(child?.id)
  })

  it('does not take % and _ in a search for wildcards', async () => {
    const all = await current()
    for (const sign of ['%', '_']) {
      const { count } = await list({ filters: { name: sign, item_types: ['PAGE'] } })
      expect(count).toBe(all.filter(({ title }) => title.includes(sign)).length)
      expect(count).toBeLessThan(all.length)
    }
  })

  it.each([
    ['ids', (item: Item) => ({ ids: [String(item.id)] })],
    ['external_ids', (item: Item) => ({ external_ids: [item.external_id] })],
  ])('filters by %s', async (_, filters) => {
    const [space] = (await list()).items
    const { items } = await list({ parent_id: space?.external_id })
    const item = items[1] as Item
    const found = await list({ filters: filters(item) })
    expect(found).toMatchObject({ count: 1, items: [{ external_id: item.external_id }] })
    expect((await list({ filters: { ...filters(item), root_files_only: true } })).count).toBe(0)
    expect((await list({ filters: { ...filters(item), item_types: ['SPACE'] } })).count).toBe(0)
    expect((await list({ filters: { ...filters(item), file_formats: ['PDF'] } })).count).toBe(0)
  })

  it('pages by offset and from an id on, and orders both ways', async () => {
    const all = (await list({ filters: { item_types: ['PAGE', 'SPACE'] }, order_by: 'id' })).items
    const byKey: number[] = []
    for (let after = 0; ; ) {
      const { items } = await list({
        filters: { item_types: ['PAGE', 'SPACE'] },
        order_by: 'id',
        pagination: { limit: 7, starting_id: after },
      })
      if (items.length === 0) break
      byKey.push(...items.map(({ id }) => id))
      after = items.at(-1)?.id ?? 0
    }
    expect(byKey).toEqual(all.map(({ id }) => id))
    const down = await list({ filters: { item_types: ['PAGE', 'SPACE'] }, order_by: 'name', order_dir: 'desc' })
    const up = await list({ filters: { item_types: ['PAGE', 'SPACE'] }, order_by: 'name' })
    expect(down.items.map(({ id }) => id)).toEqual(up.items.map(({ id }) => id).reverse())
    const [space] = (await list()).items
    const { items } = await list({ parent_id: space?.external_id, order_by: 'directories_first' })
    const flags = items.map(({ is_expandable }) => is_expandable)
    expect(flags).toEqual([...flags].sort((a, b) => Number(b) - Number(a)))
  })

  it('tells which pages are files', async () => {
    const { items } = await list({ filters: { item_types: ['PAGE'] } })
    expect(items.every(({ organization_user_file_to_sync_id: id }) => id !== null)).toBe(true)
  })
})

describe('items/sync', () => {
  it('follows moves, renames, deletions and restrictions, and touches no file', async () => {
    const files = (await call('POST', '/user_files_v2', {})).body.count
    const all = await current()
    const parents = new Set(all.map(({ parentId }) => parentId))
    const withChild = all.find(({ id, parentId }) => parentId && parents.has(id))
    const leaf = all.find(({ id, parentId }) => parentId && !parents.has(id) && parentId !== withChild?.id)
    await admin('PATCH', `/pages/${leaf?.id}`, { title: 'A new name for it' })
    await admin('POST', `/pages/${withChild?.id}/restrict`)
    await readTree()
    expect((await list({ filters: { external_ids: [leaf?.id] } })).items).toMatchObject([{ name: 'A new name for it' }])
    expect((await list({ filters: { external_ids: [withChild?.id] } })).count).toBe(0)
    // Its children are not lost with it: they stand in the space.
    const orphan = all.find(({ parentId }) => parentId === withChild?.id)
    const [placed] = (await list({ filters: { external_ids: [orphan?.id] } })).items
    const spaceIds = (await list()).items.map(({ external_id }) => external_id)
    expect(spaceIds).toContain(placed?.parent_external_id)
    await admin('POST', `/pages/${withChild?.id}/unrestrict`)
    await readTree()
    expect((await list({ filters: { external_ids: [orphan?.id] } })).items).toMatchObject([
      { parent_external_id: withChild?.id },
    ])
    expect((await call('POST', '/user_files_v2', {})).body.count).toBe(files)
  })

  it('fetches no content, for a point a page', async () => {
    await admin('DELETE', '/counters')
    await readTree()
    const { body } = await admin('GET', '/counters')
    const pages = (await current()).length
    const spaces = (await list()).count
    expect(body.sites.acme.points).toBeLessThanOrEqual(pages + spaces + body.sites.acme.requests + 1)
  })

  it('goes on when it is asked for twice', async () => {
    await admin('POST', '/latency', { held: true })
    const first = await call('POST', '/integrations/items/sync', { data_source_id: source })
    const second = await call('POST', '/integrations/items/sync', { data_source_id: source })
    await admin('POST', '/latency', { held: false })
    expect([first.body.sync_status, second.body.sync_status]).toEqual(['SYNCING', 'SYNCING'])
    for (let tries = 0; tries < 200 && (await dataSource()).sync_status !== 'READY'; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await dataSource()).sync_status).toBe('READY')
  })

  it('can be cancelled, and then does not write any more', async () => {
    const before = (await dataSource()).source_items_synced_at
    await admin('POST', '/latency', { held: true })
    await call('POST', '/integrations/items/sync', { data_source_id: source })
    const { body } = await call('POST', '/integrations/items/sync/cancel', { data_source_id: source })
    expect(body).toMatchObject({ sync_status: 'READY', last_sync_action: 'CANCEL' })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await admin('POST', '/latency', { held: false })
    expect((await dataSource()).source_items_synced_at).toBe(before)
    // Nothing runs: nothing changes.
    const again = await call('POST', '/integrations/items/sync/cancel', { data_source_id: source })
    expect(again.body.last_synced_at).toBe(body.last_synced_at)
  })
})
