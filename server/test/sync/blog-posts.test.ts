import { describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import { stored, type TruePage } from '../stack.ts'
import { useWorld } from './world.ts'

const routesOf = async (admin: ReturnType<typeof useWorld>['admin']) =>
  Object.keys((await admin('GET', '/counters')).body.routes)
const POSTS = 'GET /wiki/api/v2/blogposts'

describe.each(databases)('blog posts, where they are wanted, on the $kind database', ({ open }) => {
  const world = useWorld(open, { pages: 60, spaces: 4 }, { SYNC_BLOG_POSTS: 'on' })
  const { admin, call, walk } = world
  const isSeen = ({ status, spaceStatus, restricted }: TruePage) =>
    status === 'current' && spaceStatus === 'current' && !restricted
  const posts = async (): Promise<TruePage[]> => (await admin('GET', '/truth?site=acme')).body.blogposts.filter(isSeen)
  const expectAll = async () => {
    const { body } = await admin('GET', '/truth?site=acme')
    const seen = [...body.pages, ...body.blogposts].filter(isSeen)
    expect(await stored(call)).toEqual(seen.map(({ id, version }: TruePage) => `${id} v${version}`).sort())
  }
  const act = (id: string, what: string) => admin('POST', `/pages/${id}/${what}`)

  it('come with the first sync, a few a response too, and are told from pages', async () => {
    await admin('POST', '/rows', { max: 2 })
    await world.connected()
    await admin('POST', '/rows', { max: 250 })
    await expectAll()
    const [post] = await posts()
    if (!post) throw new Error('The sandbox has no blog post.')
    const { file } = (await world.page(post.id)) ?? {}
    expect(file).toMatchObject({
      name: post.title,
      sync_status: 'READY',
      external_url: expect.stringContaining('/blog/'),
      file_metadata: { type: 'BLOG_POST', space_id: expect.any(String), parent_external_id: null },
    })
    const { body } = await call('GET', '/v1/pages?limit=250')
    const kinds = body.pages.map(({ kind }: { kind: string }) => kind)
    expect(kinds.filter((kind: string) => kind === 'blogpost')).toHaveLength((await posts()).length)
    expect(kinds).toContain('page')
    // They stand in their space, where they can be picked.
    const { body: tree } = await call('GET', `/v1/connections/${world.connection}/items?search=${post.title}`)
    expect(tree.items.map(({ externalId }: { externalId: string }) => externalId)).toContain(post.id)
  })

  it('come when they are edited, before and after pages are, and cost two points otherwise', async () => {
    await world.connected()
    const [post, other] = await posts()
    const [page] = await world.pages()
    if (!post || !other || !page) throw new Error('The sandbox has too little.')
    for (const edits of [[post], [page, post], [post, page], [other]]) {
      for (const { id } of edits) await admin('PATCH', `/pages/${id}`, { body: `<p>edited ${edits.length} ${id}</p>` })
      expect(await walk('changes')).toMatchObject({ phase: 'done', pages: { synced: edits.length, failed: 0 } })
      for (const { id } of edits) expect((await world.page(id))?.text).toBe(`edited ${edits.length} ${id}`)
      expect(await walk('changes')).toMatchObject({ requests: 2, points: 4, pages: { synced: 0 } })
    }
    await expectAll()
  })

  it('vanish with sweeps as pages do: what is in the trash at once, what is hidden with the next', async () => {
    await world.connected()
    const [trashed, hidden] = await posts()
    if (!trashed || !hidden) throw new Error('The sandbox has too few blog posts.')
    expect(await walk('sweep')).toMatchObject({ phase: 'done', pages: { synced: 0 } })
    await act(trashed.id, 'trash')
    await act(hidden.id, 'restrict')
    await walk('sweep')
    const there = async () =>
      [await world.page(trashed.id), await world.page(hidden.id)].map((page) => page !== undefined)
    expect(await there()).toEqual([false, true])
    await walk('sweep')
    expect(await there()).toEqual([false, false])
    await act(trashed.id, 'restore')
    await act(hidden.id, 'unrestrict')
    await walk('sweep')
    await expectAll()
  })

  it('are fetched by their ids, picked and again, among pages', async () => {
    await world.connected({ syncFilesOnConnection: false })
    const [post] = await posts()
    const [page] = await world.pages()
    if (!post || !page) throw new Error('The sandbox has too little.')
    const { body } = await call('POST', `/v1/connections/${world.connection}/sync`, { pages: [page.id, post.id] })
    expect(await world.ended(body.syncId)).toMatchObject({ phase: 'done', pages: { synced: 2, failed: 0 } })
    const { file } = (await world.page(post.id)) ?? {}
    await admin('PATCH', `/pages/${post.id}`, { body: '<p>newer</p>' })
    const again = await call('POST', `/v1/connections/${world.connection}/pages/resync`, { ids: [file.id] })
    expect(again.status).toBe(200)
    await expect.poll(async () => (await world.page(post.id))?.text, { timeout: 20_000 }).toBe('newer')
    expect((await world.page(post.id))?.file.file_metadata.type).toBe('BLOG_POST')
  })

  it('that cannot be read do not keep the others', async () => {
    const [post] = await posts()
    if (!post) throw new Error('The sandbox has no blog post.')
    await admin('POST', '/faults', {
      match: { route: '/wiki/api/v2/blogposts', pageId: post.id, bodies: true },
      times: null,
    })
    expect(await world.connected()).toMatchObject({ phase: 'done', pages: { failed: 1 } })
    await admin('DELETE', '/faults')
    await walk('changes')
    await expectAll()
  })
})

describe.each(databases)('blog posts, where nobody asked for them, on the $kind database', ({ open }) => {
  const world = useWorld(open, { pages: 60, spaces: 4 })

  it('are not asked for', async () => {
    await world.connected()
    const [page] = await world.pages()
    await world.admin('PATCH', `/pages/${page?.id}`)
    for (const kind of ['changes', 'sweep', 'all'] as const) await world.walk(kind)
    const routes = await routesOf(world.admin)
    expect(routes).toContain('GET /wiki/api/v2/pages')
    expect(routes).not.toContain(POSTS)
  })
})
