import { describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import { stored, truth } from '../stack.ts'
import { useWorld } from './world.ts'

describe.each(databases)('an edited page that Atlassian does not hand out, on the $kind database', ({ open }) => {
  const world = useWorld(open, { pages: 120, spaces: 2 })
  const { admin, call, walk, counted } = world

  it('keeps what was stored, does not keep the others, and is asked for alone the next time', async () => {
    await world.connected()
    const edited = (await world.pages()).slice(0, 5)
    const [, , bad] = edited
    if (!bad) throw new Error('The sandbox has too few pages.')
    const before = await world.page(bad.id)
    for (const { id } of edited) await admin('PATCH', `/pages/${id}`, { body: '<p>entirely new words</p>' })
    await admin('POST', '/faults', {
      match: { route: '/wiki/api/v2/pages', pageId: bad.id, bodies: true },
      times: null,
      status: 500,
    })
    expect(await walk('changes')).toMatchObject({ phase: 'done', pages: { synced: 4, failed: 1 } })
    expect(await world.page(bad.id)).toMatchObject({ file: { sync_status: 'SYNC_ERROR' }, text: before?.text })

    await admin('DELETE', '/faults')
    await counted()
    expect(await walk('changes')).toMatchObject({ phase: 'done', pages: { synced: 1, failed: 0 } })
    // The probe, and the one page.
    expect(await counted()).toEqual({ requests: 2, points: 4 })
    expect((await world.page(bad.id))?.text).toContain('entirely new words')
    expect(await stored(call)).toEqual(await truth(world.stack, 'acme'))
  })
})
