import { describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import type { TruePage } from '../stack.ts'
import { useWorld } from './world.ts'

interface Special extends TruePage {
  spaceId: string
  parentId: string | null
  parentType: string | null
  live: boolean
}

describe.each(databases)('pages that are not like others, on the $kind database', ({ open }) => {
  const world = useWorld(open, { pages: 60, spaces: 4 })
  const { admin, call, walk } = world
  const truth = async (): Promise<Special[]> => (await admin('GET', '/truth?site=acme')).body.pages
  const only = async (which: (page: Special) => boolean) => {
    const [page] = (await truth()).filter((each) => each.status === 'current' && which(each))
    if (!page) throw new Error('The sandbox has no such page.')
    return page
  }
  const below = async (parent: string): Promise<string[]> =>
    (await call('GET', `/v1/connections/${world.connection}/items?limit=250&parent=${parent}`)).body.items.map(
      ({ externalId }: { externalId: string }) => externalId,
    )
  const make = async (page: object) => (await admin('POST', '/pages', page)).body

  describe('a restricted page', () => {
    it('is in no list, and does not come by its id', async () => {
      const { space, spaceId } = await only(({ live }) => live)
      const hidden = await make({ space, title: 'Salaries', body: '<p>a secret</p>' })
      const child = await make({ space, title: 'Below salaries', parentId: hidden.id })
      await admin('POST', `/pages/${hidden.id}/restrict`)
      await world.connected()
      const seen = async () => {
        const { body: pages } = await call('GET', '/v1/pages?limit=250')
        const { body: tree } = await call('GET', `/v1/connections/${world.connection}/items?limit=250&search=salaries`)
        return { pages: pages.pages.map(({ title }: { title: string }) => title), tree: tree.items.length }
      }
      expect(await seen()).toEqual({ pages: expect.not.arrayContaining(['Salaries']), tree: 1 })
      // The page below it is to be seen, and stands in the space.
      expect(await below(spaceId)).toContain(child.id)

      const { body: picked } = await call('POST', `/v1/connections/${world.connection}/sync`, { pages: [hidden.id] })
      expect(await world.ended(picked.syncId)).toMatchObject({ phase: 'done', pages: { synced: 0, failed: 1 } })
      expect((await world.page(hidden.id))?.file).toMatchObject({
        name: null,
        sync_status: 'SYNC_ERROR',
        parsed_text_url: null,
      })
      for (const kind of ['changes', 'sweep', 'all'] as const) await walk(kind)
      expect(await seen()).toMatchObject({ pages: expect.not.arrayContaining(['Salaries']), tree: 1 })

      await admin('POST', `/pages/${hidden.id}/unrestrict`)
      await walk('sweep')
      expect((await world.page(hidden.id))?.text).toBe('a secret')
      expect(await below(hidden.id)).toEqual([child.id])
      for (const { id } of [child, hidden]) await admin('DELETE', `/pages/${id}`)
    })
  })

  describe('a live doc', () => {
    it('comes with its text, and its edits', async () => {
      const { id } = await only(({ live }) => live)
      await world.connected()
      expect((await world.page(id))?.text).not.toBe('')
      await admin('PATCH', `/pages/${id}`, { body: '<p>typed together</p>' })
      await walk('changes')
      expect((await world.page(id))?.text).toBe('typed together')
    })

    it('that was edited without a new version comes with the next sync of everything', async () => {
      const { id } = await only(({ live }) => live)
      await world.connected()
      await admin('PATCH', `/pages/${id}`, { body: '<p>typed in silence</p>', keepVersion: true })
      await walk('all')
      expect((await world.page(id))?.text).toBe('typed in silence')
    })

    it('keeps its text where Confluence gives it out empty, until that is a version', async () => {
      const { id, space } = await only(({ live }) => live)
      await admin('PATCH', `/pages/${id}`, { body: '<p>still there</p>' })
      await world.connected()
      await admin('PATCH', `/pages/${id}`, { body: '', keepVersion: true })
      await walk('all')
      expect(await world.page(id)).toMatchObject({ text: 'still there', file: { sync_status: 'READY' } })
      // It is moved all the same.
      const { id: other } = await only((page) => page.space === space && page.id !== id && page.parentType === null)
      const parent = await make({ space, title: `A place ${Math.random()}`, parentId: other })
      await admin('POST', `/pages/${id}/move`, { parentId: parent.id })
      await walk('sweep')
      expect(await world.page(id)).toMatchObject({
        text: 'still there',
        file: { file_metadata: { parent_external_id: parent.id } },
      })
      await admin('PATCH', `/pages/${id}`, { body: '' })
      await walk('changes')
      expect((await world.page(id))?.text).toBe('')
      await admin('DELETE', `/pages/${parent.id}`)
    })
  })

  it('below something that we cannot read stand in their space, with what is below them', async () => {
    const kinds = ['folder', 'whiteboard', 'database', 'embed']
    const odd = await Promise.all(kinds.map((kind) => only(({ parentType }) => parentType === kind)))
    const children: { id: string; title: string }[] = []
    for (const { id, space } of odd) children.push(await make({ space, title: `Deep ${id}`, parentId: id }))
    await world.connected()
    const expectPlaces = async () => {
      for (const [index, page] of odd.entries()) {
        expect(await below(page.spaceId)).toContain(page.id)
        expect(await below(page.id)).toEqual([children[index]?.id])
      }
    }
    await expectPlaces()
    const { body } = await call('GET', `/v1/connections/${world.connection}/items?limit=9&search=deep`)
    // In no order: their spaces are walked side by side.
    expect(body.items.map(({ name }: { name: string }) => name).sort()).toEqual(
      children.map(({ title }) => title).sort(),
    )
    // Nothing differs from what is stored: a sweep leaves them alone.
    expect(await walk('sweep')).toMatchObject({ phase: 'done', pages: { synced: 0, failed: 0 } })
    await expectPlaces()
    for (const { id } of children) await admin('DELETE', `/pages/${id}`)
  })
})
