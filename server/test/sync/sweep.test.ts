import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sweepDue } from '../../src/sync/sweep.ts'
import { startWalk } from '../../src/sync/syncs.ts'
import { databases } from '../database.ts'
import { stored, truth } from '../stack.ts'
import { startReceiver } from '../webhooks/receiver.ts'
import { useWorld } from './world.ts'

describe.each(databases)('a sweep, on the $kind database', ({ open }) => {
  const world = useWorld(open, { pages: 300, spaces: 4 })
  const { admin, call, walk, counted } = world
  const expectAll = async () => expect(await stored(call)).toEqual(await truth(world.stack, 'acme'))
  /** A page without children, which can vanish without moving others. */
  const leaves = async (space?: string) => {
    const pages = await world.pages()
    const parents = new Set(pages.map(({ parentId }) => parentId))
    return pages.filter((page) => !parents.has(page.id) && (space === undefined || page.space === space))
  }
  const act = (id: string, what: string, body: object = {}) => admin('POST', `/pages/${id}/${what}`, body)

  /** Webhooks of both formats, and the bodies that they were sent. */
  const listen = async () => {
    const receiver = await startReceiver()
    const { body } = await call('POST', '/v1/webhooks', {
      url: `${receiver.url}/v1`,
      events: ['deletions.held', 'file.deleted'],
    })
    const { body: other } = await call('POST', '/add_webhook', { url: `${receiver.url}/carbon` })
    onTestFinished(async () => {
      await call('DELETE', `/v1/webhooks/${body.id}`)
      await call('DELETE', `/delete_webhook/${other.id}`)
    })
    const told = (path: string) =>
      receiver.received.filter((request) => request.path === path).map((request) => JSON.parse(request.body))
    return { receiver, told }
  }

  it('costs a point a page and few requests where nothing happened', async () => {
    await world.connected()
    const { length } = await world.pages()
    const { length: spaces } = await world.spaces()
    await counted()
    expect(await walk('sweep')).toMatchObject({ phase: 'done', pages: { synced: 0, failed: 0 } })
    const { requests, points } = await counted()
    // The spaces, and two lanes that end with a response that is not full.
    expect(requests).toBeLessThanOrEqual(1 + Math.ceil(length / 250) + 1)
    expect(points).toBe(requests + spaces + length)
  })

  it.each([
    ['everything', 0],
    ['picked pages', 40],
  ])('asks for fewer pages at once where Atlassian fails to list many, of %s', async (_, picked) => {
    const all = await world.pages()
    await world.connected({ syncFilesOnConnection: picked === 0 })
    const pages = all.slice(0, picked).map(({ id }) => id)
    if (picked > 0) {
      const { body } = await call('POST', `/v1/connections/${world.connection}/sync`, { pages })
      await world.ended(body.syncId)
    }
    const [page] = all
    const match = { route: '/wiki/api/v2/pages', pageId: page?.id, bodies: false }
    await admin('POST', '/faults', { match, times: 5, status: 500 })
    expect(await walk('sweep')).toMatchObject({ phase: 'done', pages: { failed: 0 } })
    expect((await admin('GET', '/faults')).body.faults).toEqual([])
    const lanes = world.stack.server.services.db.selectFrom('sync_lanes').innerJoin('syncs', 'syncs.id', 'sync_id')
    const tries = await lanes
      .select('attempt')
      .where('connection_id', '=', world.connection)
      .where('kind', '=', 'sweep')
      .execute()
    // No job had to begin again.
    expect(tries.length).toBeGreaterThan(0)
    expect(tries.filter(({ attempt }) => attempt > 0)).toEqual([])
  })

  it('takes what others leave where nobody asked for it, and edits are looked for beside it', async () => {
    await world.connected()
    const { services } = world.stack.server
    const [moved, edited, parent] = await leaves('ENGI')
    if (!moved || !edited || !parent) throw new Error('The sandbox has too few pages.')
    await act(moved.id, 'move', { parentId: parent.id })
    await admin('PATCH', `/pages/${edited.id}`, { body: '<p>edited meanwhile</p>' })
    // Of 65,000, of which 58,500 are used.
    await admin('POST', '/quota', { used: 58_300 })
    await walk('changes')
    const { syncId } = await services.db
      .transaction()
      .execute((trx) =>
        startWalk(services, trx, { id: world.connection }, { kind: 'sweep', options: { yields: true } }),
      )
    const path = `/v1/connections/${world.connection}/sync?syncId=${syncId}`
    const until = async () => (await call('GET', path)).body.rateLimitedUntil
    await expect.poll(until, { timeout: 10_000 }).not.toBe(null)
    await admin('PATCH', `/pages/${edited.id}`, { body: '<p>edited later</p>' })
    expect(await walk('changes')).toMatchObject({ kind: 'changes', phase: 'done', pages: { synced: 1 } })
    expect((await world.page(edited.id))?.text).toContain('edited later')
    expect((await call('GET', path)).body).toMatchObject({ kind: 'sweep', finishedAt: null })
    // A new hour, as the queue and the budget see it.
    await services.db.deleteFrom('points_hours').execute()
    await admin('POST', '/quota', { used: 0 })
    await sql`update jobs.job set start_after = now() where state = 'created' and name like 'sync-%'`.execute(
      services.db,
    )
    expect(await world.ended(syncId)).toMatchObject({ phase: 'done' })
    await expectAll()
    expect((await world.page(moved.id))?.file.file_metadata.parent_external_id).toBe(parent.id)
  })

  it('finds what was moved, with its new parent, and what was renamed without a new version', async () => {
    await world.connected()
    const [moved, , parent] = await leaves('ENGI')
    if (!moved || !parent) throw new Error('The sandbox has too few pages.')
    await act(moved.id, 'move', { parentId: parent.id })
    expect(await walk('changes')).toMatchObject({ pages: { synced: 0 } })
    expect(await walk('sweep')).toMatchObject({ phase: 'done', pages: { synced: 1 } })
    expect((await world.page(moved.id))?.file.file_metadata.parent_external_id).toBe(parent.id)
    const { body } = await call('GET', `/v1/connections/${world.connection}/items?parent=${parent.id}`)
    expect(body.items).toMatchObject([{ externalId: moved.id }])
    expect(await walk('sweep')).toMatchObject({ pages: { synced: 0 } })
  })

  it('deletes at once what Confluence says is gone, and with the next sweep what it says nothing of', async () => {
    await world.connected()
    const [trashed, archived, restricted, purged] = await leaves()
    if (!trashed || !archived || !restricted || !purged) throw new Error('The sandbox has too few pages.')
    await act(trashed.id, 'trash')
    await act(archived.id, 'archive')
    await act(restricted.id, 'restrict')
    await admin('DELETE', `/pages/${purged.id}`)
    await walk('sweep')
    const there = () =>
      Promise.all([trashed, archived, restricted, purged].map(async ({ id }) => (await world.page(id)) !== undefined))
    expect(await there()).toEqual([false, false, true, true])
    await walk('sweep')
    expect(await there()).toEqual([false, false, false, false])
    await expectAll()
    // What is shown again comes back.
    await act(restricted.id, 'unrestrict')
    await walk('sweep')
    await expectAll()
  })

  it('forgets an absence that was none', async () => {
    await world.connected()
    const [page] = await leaves()
    if (!page) throw new Error('The sandbox has too few pages.')
    for (const what of ['restrict', 'unrestrict', 'restrict']) {
      await act(page.id, what)
      await walk('sweep')
    }
    expect((await world.page(page.id))?.file.sync_status).toBe('READY')
    await act(page.id, 'unrestrict')
  })

  it('does not take a page for missed twice that was fetched in between', async () => {
    await world.connected()
    const [page] = await leaves()
    if (!page) throw new Error('The sandbox has too few pages.')
    await act(page.id, 'restrict')
    await walk('sweep')
    await act(page.id, 'unrestrict')
    const { body } = await call('POST', `/v1/connections/${world.connection}/sync`, { pages: [page.id] })
    await world.ended(body.syncId)
    await act(page.id, 'restrict')
    await walk('sweep')
    expect((await world.page(page.id))?.file.sync_status).toBe('READY')
    await walk('sweep')
    expect(await world.page(page.id)).toBe(undefined)
    await act(page.id, 'unrestrict')
  })

  it('deletes nothing where 40 % of a space vanish, says so, and does what somebody decides', async () => {
    await world.connected()
    const inSpace = await leaves('ENGI')
    const vanished = inSpace.slice(0, Math.ceil(inSpace.length * 0.4))
    expect(vanished.length).toBeGreaterThanOrEqual(20)
    for (const { id } of vanished) await act(id, 'restrict')
    const before = (await stored(call)).length
    const held = async () => (await call('GET', `/v1/connections/${world.connection}`)).body.heldDeletions
    expect(await held()).toEqual([])
    const { receiver, told } = await listen()
    for (let sweeps = 0; sweeps < 3; sweeps++) await walk('sweep')
    expect((await stored(call)).length).toBe(before)
    // Once, however often it is seen; and nothing to receivers that were written for Carbon, which know no such event.
    const event = {
      type: 'deletions.held',
      data: { connectionId: world.connection, pages: vanished.length, spaces: [{ pages: vanished.length }] },
    }
    await expect.poll(() => told('/v1')).toMatchObject([event])
    expect(told('/carbon').filter(({ payload }) => payload.includes('HELD'))).toEqual([])
    expect(await held()).toMatchObject([{ pages: vanished.length, reason: 'many_vanished' }])
    const { body: list } = await call('GET', `/v1/connections/${world.connection}/held-deletions?limit=5`)
    expect(list.pages).toHaveLength(5)
    const { body: rest } = await call(
      'GET',
      `/v1/connections/${world.connection}/held-deletions?limit=250&cursor=${list.nextCursor}`,
    )
    expect(rest).toMatchObject({ nextCursor: null })
    expect(rest.pages).toHaveLength(vanished.length - 5)

    const decide = (what: string) => call('POST', `/v1/connections/${world.connection}/held-deletions/${what}`, {})
    expect((await decide('refuse')).body).toEqual({ count: vanished.length })
    await walk('sweep')
    expect(await held()).toEqual([])
    expect((await stored(call)).length).toBe(before)

    // They come back and vanish again: that is another set.
    for (const what of ['unrestrict', 'restrict']) {
      for (const { id } of vanished) await act(id, what)
      await walk('sweep')
    }
    expect(await held()).toMatchObject([{ pages: vanished.length }])
    expect((await decide('release')).body).toEqual({ count: vanished.length })
    await expectAll()
    await expect
      .poll(() => told('/v1').filter(({ type }) => type === 'file.deleted'), { timeout: 20_000 })
      .toHaveLength(vanished.length)
    await receiver.vanish()
    expect(await held()).toEqual([])
    for (const { id } of vanished) await act(id, 'unrestrict')
    await walk('sweep')
    await expectAll()
  })

  it('keeps the pages of a space that is not in the list any more', async () => {
    // Five pages: it is not for their number that they are kept.
    const space = 'OPER'
    const [, , , , , ...others] = (await world.pages()).filter((page) => page.space === space)
    for (const { id } of others) await act(id, 'restrict')
    await world.connected()
    const before = await stored(call)
    await admin('POST', '/archive-space', { space })
    for (let sweeps = 0; sweeps < 3; sweeps++) await walk('sweep')
    expect(await stored(call)).toEqual(before)
    const held = async () => (await call('GET', `/v1/connections/${world.connection}`)).body.heldDeletions
    expect(await held()).toMatchObject([{ pages: 5, reason: 'space_unreachable' }])
    await admin('POST', '/archive-space', { space, archived: false })
    for (const { id } of others) await act(id, 'unrestrict')
    await walk('sweep')
    expect(await held()).toEqual([])
    await expectAll()
  })

  it('deletes nothing because of an answer that a page or a list is not found', async () => {
    await world.connected()
    const before = await stored(call)
    for (const route of ['/wiki/api/v2/pages', '/wiki/api/v2/spaces'])
      await admin('POST', '/faults', { match: { route }, after: 1, times: 2, status: 404 })
    expect(await walk('sweep')).toMatchObject({ phase: 'done', pages: { synced: 0 } })
    expect(await stored(call)).toEqual(before)
  })

  it('fetches a page that was edited or moved between the response that lists it and the end', async () => {
    await world.connected()
    const pages = await leaves()
    const [first, last] = [pages[0], pages.at(-1)]
    if (!first || !last) throw new Error('The sandbox has too few pages.')
    await admin('POST', '/latency', { latencyMs: 300 })
    const { body } = await call('POST', `/v1/connections/${world.connection}/sync`, { walk: 'sweep' })
    for (const { id } of pages.slice(0, 10)) await admin('PATCH', `/pages/${id}`, {})
    await act(last.id, 'move', { parentId: first.id })
    await world.ended(body.syncId)
    await admin('POST', '/latency', { latencyMs: 0 })
    await walk('changes')
    await walk('sweep')
    await expectAll()
    expect((await world.page(last.id))?.file.file_metadata.parent_external_id).toBe(first.id)
  })

  it('leaves a page alone whose file somebody deleted here, until somebody asks for it', async () => {
    await world.connected()
    const [page] = await leaves()
    const id = (await world.page(page?.id ?? ''))?.file.id
    await call('POST', `/v1/connections/${world.connection}/pages/delete`, { ids: [id] })
    await admin('PATCH', `/pages/${page?.id}`, {})
    await walk('changes')
    await walk('sweep')
    expect(await world.page(page?.id ?? '')).toBe(undefined)
    await walk('all')
    await expectAll()
  })

  it('looks at picked pages only, where only those are wanted', async () => {
    await world.connected({ syncFilesOnConnection: false })
    const [moved, trashed, parent, edited] = await leaves('ENGI')
    if (!moved || !trashed || !parent || !edited) throw new Error('The sandbox has too few pages.')
    const picked = [moved, trashed, edited].map(({ id }) => id)
    const { body } = await call('POST', `/v1/connections/${world.connection}/sync`, { pages: picked })
    await world.ended(body.syncId)
    await act(moved.id, 'move', { parentId: parent.id })
    await act(trashed.id, 'trash')
    await admin('PATCH', `/pages/${edited.id}`, { body: '<p>edited since</p>' })
    await counted()
    expect(await walk('sweep')).toMatchObject({ phase: 'done', pages: { synced: 2 } })
    expect((await counted()).points).toBeLessThan(20)
    expect((await world.page(moved.id))?.file.file_metadata.parent_external_id).toBe(parent.id)
    expect((await world.page(edited.id))?.text).toContain('edited since')
    expect(await world.page(trashed.id)).toBe(undefined)
    expect((await stored(call)).length).toBe(2)
    // From here on edits are known.
    await admin('PATCH', `/pages/${edited.id}`, { body: '<p>edited again</p>' })
    await admin('PATCH', `/pages/${parent.id}`, {})
    expect(await walk('changes')).toMatchObject({ phase: 'done', pages: { synced: 1 } })
    expect((await world.page(edited.id))?.text).toContain('edited again')
    expect((await stored(call)).length).toBe(2)
  })
})

describe('when a sweep is due', () => {
  const now = new Date('2026-01-10T12:00:00Z')
  const ago = (hours: number) => ({ swept_at: new Date(now.getTime() - hours * 3_600_000) })
  it.each([
    [{ swept_at: null }, 5, true],
    [ago(0.9), 1_000, false],
    [ago(1), 1_000, true],
    [ago(23), 1_001, false],
    [ago(24), 100_000, true],
    [ago(24), 100_001, false],
    [ago(168), 100_001, true],
  ])('%j with %i pages: %s', (connection, pages, due) => {
    expect(sweepDue(connection, pages, now)).toBe(due)
  })
})
