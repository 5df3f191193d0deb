import type { Updateable } from 'kysely'
import { describe, expect, it } from 'vitest'
import { CONVERTER_VERSION } from '../../src/content/index.ts'
import type { PageTable } from '../../src/db/schema.ts'
import type { Converters } from '../../src/sync/converters.ts'
import { reconvert, startReconversion } from '../../src/sync/reconvert.ts'
import { databases } from '../database.ts'
import { useWorld } from './world.ts'

describe.each(databases)('after an update of the converter, on the $kind database', { timeout: 90_000 }, ({ open }) => {
  const world = useWorld(open, { pages: 120, spaces: 2 })
  const { admin } = world

  it('pages are converted again from what is stored, without a word to Atlassian', async () => {
    await world.connected()
    await world.linked()
    const { services } = world.stack.server
    const { db } = services
    const pages = () =>
      db.selectFrom('pages').selectAll().where('connection_id', '=', world.connection).orderBy('id').execute()
    const made = await pages()
    expect(made.length).toBeGreaterThan(100)
    const [same, other, broken, waiting, emptied] = made
    if (!same || !other || !broken || !waiting || !emptied) throw new Error('There are too few pages.')

    // As an older converter left them: one alike, one not, one that it could not read.
    const before = new Date('2026-01-01T00:00:00Z')
    await db
      .updateTable('pages')
      .set({ converter_version: 1, statistics: null, outline: null, updated_at: before })
      .where('connection_id', '=', world.connection)
      .execute()
    const set = (id: number, values: Updateable<PageTable>) =>
      db.updateTable('pages').set(values).where('id', '=', id).execute()
    await set(other.id, { html: '<p>old</p>', text: 'old' })
    await set(broken.id, { html: null, text: null, sync_status: 'SYNC_ERROR', sync_error_message: 'not converted' })
    await set(waiting.id, { sync_status: 'QUEUED_FOR_SYNC' })
    await set(emptied.id, {
      storage: null,
      html: null,
      text: null,
      converter_version: null,
      sync_status: 'READY_TO_SYNC',
    })

    await world.counted()
    await startReconversion(services)
    await expect
      .poll(async () => (await pages()).filter((page) => page.converter_version === 1), { timeout: 60_000 })
      .toEqual([])
    expect((await world.counted()).requests).toBe(0)

    const after = new Map((await pages()).map((page) => [page.id, page]))
    const alike = (id: number, { html, text, outline, statistics }: (typeof made)[number]) =>
      expect(after.get(id)).toMatchObject({ html, text, outline, statistics, converter_version: CONVERTER_VERSION })
    for (const page of made) if (page !== emptied) alike(page.id, page)
    expect(after.get(same.id)?.updated_at).toEqual(before)
    expect(after.get(other.id)?.updated_at.getTime()).toBeGreaterThan(before.getTime())
    expect(after.get(broken.id)).toMatchObject({ sync_status: 'READY', sync_error_message: null })
    expect(after.get(waiting.id)?.sync_status).toBe('QUEUED_FOR_SYNC')
    expect(after.get(emptied.id)).toMatchObject({ html: null, sync_status: 'READY_TO_SYNC' })

    // There is nothing to do any more.
    await startReconversion(services)
    expect(await services.queue.isAlive('reconvert', {})).toBe(false)
  })

  it('others have their turn after each page, also where the database is in this process', async () => {
    await world.connected()
    await world.linked()
    const { services } = world.stack.server
    const signal = new AbortController().signal
    const { numUpdatedRows } = await services.db
      .updateTable('pages')
      .set({ converter_version: 1 })
      .where('connection_id', '=', world.connection)
      .executeTakeFirst()
    let turns = 0
    let isDone = false
    const turn = () => {
      turns++
      if (!isDone) setImmediate(turn)
    }
    setImmediate(turn)
    // Those that this call converts: a job may take others meanwhile.
    let converted = 0
    const converters: Converters = {
      ...services.converters,
      page(source) {
        converted++
        return services.converters.page(source)
      },
    }
    await reconvert({ ...services, converters }, { signal, stopping: signal })
    isDone = true
    expect(Number(numUpdatedRows)).toBeGreaterThan(100)
    expect(converted).toBeGreaterThan(0)
    expect(turns).toBeGreaterThanOrEqual(converted)
  })

  it('files tell their headings and what they consist of', async () => {
    await world.connected()
    const [page] = await world.pages()
    if (!page) throw new Error('There is no page.')
    await admin('PATCH', `/pages/${page.id}`, {
      body: '<h1>One</h1><p>two <a href="https://example.com">three</a></p><h2>Four &amp; five</h2>',
    })
    await world.walk('changes')
    const { file } = (await world.page(page.id)) ?? {}
    expect(file?.file_metadata).toMatchObject({
      outline: [
        { level: 1, text: 'One', id: 'cc-One' },
        { level: 2, text: 'Four & five', id: expect.stringMatching(/^cc-Four/) },
      ],
      statistics: { words: 5, externalLinks: 1, images: 0 },
    })
  })
})
