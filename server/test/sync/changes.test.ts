import { describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import { connect, stored, truth } from '../stack.ts'
import { useWorld } from './world.ts'

describe.each(databases)('a walk over what was edited, on the $kind database', ({ open }) => {
  const world = useWorld(open, { pages: 360, spaces: 4 })
  const { admin, call, walk, counted } = world
  const expectAll = async () => expect(await stored(call)).toEqual(await truth(world.stack, 'acme'))
  const edit = (id: string, change: object = {}) => admin('PATCH', `/pages/${id}`, change)

  const asked = async () => (await admin('GET', '/counters')).body.sites.acme?.requests ?? 0

  it('costs two points where nothing was edited, and tells nobody', async () => {
    await world.connected()
    const before = await call('GET', '/v1/connections')
    await counted()
    expect(await walk('changes')).toMatchObject({ phase: 'done', requests: 1, points: 2, pages: { synced: 0 } })
    expect(await counted()).toEqual({ requests: 1, points: 2 })
    expect((await call('GET', '/v1/connections')).body.connections[0].syncStatus).toBe('READY')
    expect(before.body.connections[0].syncStatus).toBe('READY')
    // What people look at is still the sync that they asked for.
    const { body } = await call('GET', `/v1/connections/${world.connection}/sync`)
    expect(body.pages.synced).toBeGreaterThan(300)
  })

  it('fetches an edited page, and only that one', async () => {
    await world.connected()
    const [page, other] = await world.pages()
    if (!page || !other) throw new Error('The sandbox has too few pages.')
    const untouched = await world.page(other.id)
    await edit(page.id, { body: '<p>entirely new words</p>' })
    await counted()
    expect(await walk('changes')).toMatchObject({ phase: 'done', pages: { synced: 1, failed: 0 } })
    // The probe, and 25 pages.
    expect(await counted()).toEqual({ requests: 2, points: 28 })
    expect((await world.page(page.id))?.text).toContain('entirely new words')
    expect(await world.page(other.id)).toMatchObject({ updatedAt: untouched?.updatedAt })
    await expectAll()
    expect(await walk('changes')).toMatchObject({ points: 2 })
  })

  it('stores what was fetched before no second time', async () => {
    await world.connected()
    const [first, second] = await world.pages()
    if (!first || !second) throw new Error('The sandbox has too few pages.')
    await edit(first.id)
    await walk('changes')
    const before = await world.page(first.id)
    await edit(second.id)
    // The first is within the overlap, and is seen again.
    expect(await walk('changes')).toMatchObject({ phase: 'done', pages: { synced: 1 } })
    expect(await world.page(first.id)).toMatchObject({ updatedAt: before?.updatedAt })
  })

  it('takes new pages in, of new spaces too, and gives them their place in the tree', async () => {
    await world.connected()
    const [space] = await world.spaces()
    const { body: parent } = await admin('POST', '/pages', { space: space?.key, title: `Parent ${Math.random()}` })
    const { body: child } = await admin('POST', '/pages', {
      space: space?.key,
      title: `Child ${Math.random()}`,
      parentId: parent.id,
    })
    expect(await walk('changes')).toMatchObject({ pages: { synced: 2 } })
    const { body } = await call('GET', `/v1/connections/${world.connection}/items?parent=${parent.id}`)
    expect(body.items.map(({ externalId }: { externalId: string }) => externalId)).toEqual([child.id])
    await expectAll()
    for (const { id } of [child, parent]) await admin('DELETE', `/pages/${id}`)
  })

  it('places a page in its space while its parent is not to be seen, and below it from then on', async () => {
    await world.connected()
    const [space] = await world.spaces()
    const { body: parent } = await admin('POST', '/pages', { space: space?.key, title: `Hidden ${Math.random()}` })
    await admin('POST', `/pages/${parent.id}/restrict`)
    const { body: child } = await admin('POST', '/pages', {
      space: space?.key,
      title: `Below ${Math.random()}`,
      parentId: parent.id,
    })
    await walk('changes')
    const below = async (id: string) =>
      (await call('GET', `/v1/connections/${world.connection}/items?limit=250&parent=${id}`)).body.items.map(
        ({ externalId }: { externalId: string }) => externalId,
      )
    expect(await below(space?.id ?? '')).toContain(child.id)
    await admin('POST', `/pages/${parent.id}/unrestrict`)
    await edit(parent.id)
    await walk('changes')
    expect(await below(parent.id)).toEqual([child.id])
    for (const { id } of [child, parent]) await admin('DELETE', `/pages/${id}`)
  })

  it('goes on with 250 pages a response where many were edited', async () => {
    await world.connected()
    const edited = (await world.pages()).slice(0, 280)
    for (const { id } of edited) await edit(id)
    await counted()
    expect(await walk('changes')).toMatchObject({ phase: 'done', pages: { synced: 280, failed: 0 } })
    const { requests, points } = await counted()
    expect(requests).toBe(4)
    expect(points).toBeLessThanOrEqual(2 + 26 + 251 + 251)
    await expectAll()
  })

  it('starts over where the cursor is refused with another limit', async () => {
    await world.connected()
    for (const { id } of (await world.pages()).slice(0, 60)) await edit(id)
    await admin('POST', '/faults', { match: { route: '/wiki/api/v2/pages' }, after: 2, times: 1, status: 400 })
    expect(await walk('changes')).toMatchObject({ phase: 'done', pages: { synced: 60 } })
    await expectAll()
  })

  it('loses no page that is edited while the walk goes on', async () => {
    await world.connected()
    const pages = await world.pages()
    for (const { id } of pages.slice(0, 120)) await edit(id)
    await admin('POST', '/latency', { latencyMs: 800 })
    await counted()
    const { body } = await call('POST', `/v1/connections/${world.connection}/sync`, { walk: 'changes' })
    await expect.poll(asked, { timeout: 20_000, interval: 20 }).toBeGreaterThanOrEqual(2)
    // The first response is through: pages in the middle of the list move to its top, past the walk.
    for (const { id } of pages.slice(20, 60)) await edit(id)
    await world.ended(body.syncId)
    await admin('POST', '/latency', { latencyMs: 0 })
    await walk('changes')
    await expectAll()
    expect(await walk('changes')).toMatchObject({ points: 2 })
  })

  it('is a walk over everything where none was completed before', async () => {
    await admin('POST', '/latency', { latencyMs: 300 })
    world.connection = (await connect(world.stack, call)).connection.id
    await call('POST', `/v1/connections/${world.connection}/sync/cancel`, {})
    await admin('POST', '/latency', { latencyMs: 0 })
    expect(await walk('changes')).toMatchObject({ phase: 'done', pages: { failed: 0 } })
    await expectAll()
  })

  it('goes on after failures on its way', async () => {
    await world.connected()
    for (const { id } of (await world.pages()).slice(0, 40)) await edit(id)
    for (const fault of [{ status: 500 }, { kind: 'truncate' }])
      await admin('POST', '/faults', { match: { route: '/wiki/api/v2/pages' }, after: 1, times: 1, ...fault })
    expect(await walk('changes')).toMatchObject({ phase: 'done', pages: { synced: 40 } })
    await expectAll()
  })

  it.each([
    ['is stopped', 'cancelled'],
    ['fails', 'failed'],
  ])('leaves the watermark where it was when it %s', async (_, phase) => {
    await world.connected()
    for (const { id } of (await world.pages()).slice(0, 40)) await edit(id)
    await admin('POST', '/latency', { latencyMs: 400 })
    await counted()
    const path = `/v1/connections/${world.connection}/sync`
    const { body } = await call('POST', path, { walk: 'changes' })
    // The probe and the first response are through, and the last one is on its way.
    await expect.poll(asked, { timeout: 20_000, interval: 20 }).toBeGreaterThanOrEqual(2)
    if (phase === 'cancelled') await call('POST', `${path}/cancel`, {})
    else await admin('POST', '/uninstall', { site: 'acme' })
    expect(await world.ended(body.syncId)).toMatchObject({ phase })
    await admin('POST', '/install', { site: 'acme' })
    await admin('POST', '/latency', { latencyMs: 0 })
    expect((await walk('changes')).points).toBeGreaterThan(2)
    await expectAll()
  })
})
