import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { PageSource } from '../../src/sync/convert-page.ts'
import { UNLINKED } from '../../src/sync/converted.ts'
import { reconvert } from '../../src/sync/reconvert.ts'
import { databases } from '../database.ts'
import { startReceiver } from '../webhooks/receiver.ts'
import { useWorld } from './world.ts'

const link = (title: string, space?: string) =>
  `<ac:link><ri:page${space ? ` ri:space-key="${space}"` : ''} ri:content-title="${title}" /></ac:link>`
const include = (title: string, space?: string) =>
  `<ac:structured-macro ac:name="include"><ac:parameter ac:name="">${link(title, space)}</ac:parameter></ac:structured-macro>`
const excerpt = (text: string) =>
  `<ac:structured-macro ac:name="excerpt"><ac:rich-text-body><p>${text}</p></ac:rich-text-body></ac:structured-macro>`
const excerptOf = (title: string) =>
  `<ac:structured-macro ac:name="excerpt-include"><ac:parameter ac:name="">${link(title)}</ac:parameter></ac:structured-macro>`

describe.each(databases)('pages that name others, on the $kind database', { timeout: 90_000 }, ({ open }) => {
  const world = useWorld(open, { pages: 60, spaces: 2 })
  const { admin, call, walk } = world
  let pages = 0

  /** A new page in the first space, with a title of its own. */
  const add = async (body: string, title = `A page for this test ${++pages}`, space = 'ENGI') => {
    const { status, body: page } = await admin('POST', '/pages', { site: 'acme', space, title, body })
    if (status !== 200 && status !== 201) throw new Error(`The sandbox has no such page: ${JSON.stringify(page)}`)
    return { id: String(page.id), title }
  }
  const edit = (id: string, change: { title?: string; body?: string }) => admin('PATCH', `/pages/${id}`, change)
  const text = async (id: string) => (await world.page(id))?.text
  const fileOf = (id: string) =>
    world.stack.server.services.db
      .selectFrom('pages')
      .select(['id', 'html'])
      .where('connection_id', '=', world.connection)
      .where('page_id', '=', id)
      .executeTakeFirstOrThrow()
  const html = async (id: string) => (await fileOf(id)).html
  /** The titles that are noted to be named in a page. */
  const named = async (id: string) => {
    const rows = await world.stack.server.services.db
      .selectFrom('page_references')
      .select('title')
      .where('file_id', '=', (await fileOf(id)).id)
      .execute()
    return rows.map(({ title }) => title).sort()
  }
  /** Takes in what was edited. */
  const synced = async () => {
    await walk('changes')
    await world.linked()
  }

  it('show what is in them, however deep, and follow each edit', async () => {
    const inner = await add('<p>the inner text</p>')
    const middle = await add(`<p>the middle</p>${include(inner.title)}${excerpt('only this')}`)
    const outer = await add(`<p>around</p>${include(middle.title)}`)
    const quoting = await add(`<p>quoted:</p>${excerptOf(middle.title)}`)
    await world.connected()
    await world.linked()
    expect(await text(outer.id)).toMatch(/around\s+the middle\s+the inner text\s+only this/)
    expect(await text(quoting.id)).toMatch(/quoted:\s[\s\S]*only this/)
    expect(await text(quoting.id)).not.toContain('the middle')
    expect(await named(outer.id)).toEqual([inner.title, middle.title].sort())

    await edit(inner.id, { body: '<p>edited inside</p>' })
    await synced()
    expect(await text(outer.id)).toMatch(/around\s+the middle\s+edited inside\s+only this/)

    await edit(middle.id, { body: '<p>no more</p>' })
    await synced()
    expect(await text(outer.id)).toMatch(/around\s+no more$/)
    expect(await named(outer.id)).toEqual([middle.title])
    await edit(inner.id, { body: '<p>unseen</p>' })
    await synced()
    expect(await text(outer.id)).toMatch(/around\s+no more$/)
  })

  it('show no more than they can hold: links stand for the rest', async () => {
    const large = await add('', 'Large')
    await edit(large.id, { body: `<p>${'large '.repeat(1_500_000)}</p>` })
    const small = await add('<p>small</p>', 'Small')
    const outer = await add(`<p>around</p>${include(large.title)}${include(small.title)}`)
    await world.connected()
    await world.linked()
    expect(await text(outer.id)).toMatch(/^around\s+Large\s+small$/)
    await admin('DELETE', `/pages/${large.id}`)
  })

  it('show what they show where many show much at once', async () => {
    const large = await add(`<p>${'much '.repeat(300_000)}the end</p>`)
    const outers = [await add(include(large.title)), await add(include(large.title)), await add(include(large.title))]
    await world.connected()
    await world.linked()
    for (const { id } of outers) expect(await text(id)).toMatch(/^much much[\s\S]*the end$/)
    await admin('DELETE', `/pages/${large.id}`)
  })

  it('show themselves in each other only once', async () => {
    const one = await add('', 'One of the two')
    const other = await add(`<p>other</p>${include(one.title)}`)
    await edit(one.id, { body: `<p>one</p>${include(other.title)}` })
    await world.connected()
    await world.linked()
    expect(await text(one.id)).toMatch(/^one\s+other\s+One of the two$/)
    expect(await text(other.id)).toMatch(new RegExp(`^other\\s+one\\s+${other.title}$`))
  })

  it('link to each other by id, wherever they are and whatever they are called by now', async () => {
    const target = await add('<p>target</p>', 'Ünder the öld name')
    const other = (await world.spaces()).find(({ key }) => key !== 'ENGI')
    if (!other) throw new Error('The sandbox has too few spaces.')
    const away = await add('<p>away</p>', 'Away', other.key)
    const source = await add(
      `<p>${link('Ünder the öld name')} ${link('Away', other.key)} ${link('Away')} ${link('Nowhere')}</p>`,
    )
    await world.connected()
    await world.linked()
    const first = await html(source.id)
    expect(first).toContain(`/pages/${target.id}/`)
    expect(first).toContain(`/pages/${away.id}/`)
    expect(first).toContain('/display/ENGI/Away"')
    expect(first).toContain('/display/ENGI/Nowhere"')

    await edit(target.id, { title: 'The new name' })
    await synced()
    expect(await text(source.id)).toBe('The new name Away Away Nowhere')
    expect(await html(source.id)).toContain(`/pages/${target.id}/`)

    // Another page takes the old name: now it is the one that is meant.
    const heir = await add('<p>heir</p>', 'Ünder the öld name')
    const late = await add('<p>late</p>', 'Nowhere')
    await synced()
    expect(await text(source.id)).toBe('Ünder the öld name Away Away Nowhere')
    expect(await html(source.id)).toContain(`/pages/${heir.id}/`)
    expect(await html(source.id)).toContain(`/pages/${late.id}/`)
  })

  it('show nothing of what was deleted, here or there', async () => {
    const kept = await add('<p>shown once</p>')
    const gone = await add('<p>in the trash soon</p>')
    const outer = await add(`<p>around</p>${include(kept.title)}${include(gone.title)}`)
    await world.connected()
    await world.linked()
    expect(await text(outer.id)).toMatch(/around\s+shown once\s+in the trash soon/)

    await admin('POST', `/pages/${gone.id}/trash`)
    await walk('sweep')
    await world.linked()
    expect(await text(outer.id)).toMatch(new RegExp(`around\\s+shown once\\s+${gone.title}`))

    const { file } = (await world.page(kept.id)) ?? {}
    await call('POST', '/delete_files_v2', { filters: { ids: [file?.id] } })
    await world.linked()
    expect(await text(outer.id)).toMatch(new RegExp(`around\\s+${kept.title}\\s+${gone.title}`))
  })

  /** Has a page converted as after a first sync, when it is not noted yet whom it means, and acts in the middle of that. */
  const converting = async (id: string, act: () => Promise<unknown>) => {
    const { services } = world.stack.server
    const { db, converters } = services
    const file = await fileOf(id)
    await db.updateTable('page_references').set({ page_id: null }).where('file_id', '=', file.id).execute()
    await db.updateTable('pages').set({ converter_version: UNLINKED }).where('id', '=', file.id).execute()
    const page = vi.fn(async (source: PageSource) => {
      if (source.pageId === id && page.mock.calls.length === 1) await act()
      return converters.page(source)
    })
    const { signal } = new AbortController()
    await reconvert({ ...services, converters: { ...converters, page } }, { signal, stopping: signal })
    expect(page).toHaveBeenCalled()
    await world.linked()
  }

  it('know whom they mean when that gets another name while they are converted', async () => {
    const target = await add('<p>target</p>', 'The first name')
    const source = await add(`<p>${link('The first name')}</p>`)
    await world.connected()
    await world.linked()
    await converting(source.id, async () => {
      await edit(target.id, { title: 'The second name' })
      await walk('changes')
    })
    expect(await text(source.id)).toBe('The second name')
    expect(await html(source.id)).toContain(`/pages/${target.id}/`)
  })

  it('show nothing of what is deleted while they are converted', async () => {
    const target = await add('<p>secret</p>')
    const source = await add(`<p>around</p>${include(target.title)}`)
    await world.connected()
    await world.linked()
    const { file } = (await world.page(target.id)) ?? {}
    await converting(source.id, () => call('POST', '/delete_files_v2', { filters: { ids: [file?.id] } }))
    expect(await text(source.id)).toMatch(new RegExp(`around\\s+${target.title}`))
  })

  it('tell webhooks when what they show has changed, and not when only links have', async () => {
    const inner = await add('<p>before</p>')
    const outer = await add(include(inner.title))
    const linking = await add(
      `<p>See ${link(inner.title).replace(' /></ac:link>', ' /><ac:link-body>this</ac:link-body></ac:link>')}</p>`,
    )
    await world.connected()
    await world.linked()
    const receiver = await startReceiver()
    const { body: webhook } = await call('POST', '/v1/webhooks', { url: receiver.url, events: ['file.ready'] })
    onTestFinished(async () => {
      await call('DELETE', `/v1/webhooks/${webhook.id}`)
    })
    await edit(inner.id, { title: `${inner.title}, again`, body: '<p>after</p>' })
    await synced()
    const idOf = async (id: string) => (await world.page(id))?.file.id
    const [innerFile, outerFile, linkingFile] = await Promise.all([inner.id, outer.id, linking.id].map(idOf))
    const told = () => receiver.received.map(({ body }) => JSON.stringify(JSON.parse(body)))
    const toldOf = (id: number) =>
      told().filter((event) => new RegExp(`"(?:id|fileId|object_id)":"?${id}"?[,}]`).test(event)).length
    await expect.poll(() => [toldOf(innerFile), toldOf(outerFile)], { timeout: 10_000 }).toEqual([1, 1])
    expect(toldOf(linkingFile)).toBe(0)

    // What is fetched again is whole when that is told, and nothing is left to be told after it.
    await call('POST', `/v1/connections/${world.connection}/pages/resync`, { ids: [outerFile] })
    await expect.poll(() => toldOf(outerFile), { timeout: 10_000 }).toBe(2)
    expect(await text(outer.id)).toContain('after')
    await world.linked()
    await walk('changes')
    expect(toldOf(outerFile)).toBe(2)
  })

  it('are whole in Markdown as well', async () => {
    const inner = await add('<p>some <strong>words</strong></p>')
    const outer = await add(`<p>around</p>${include(inner.title)}<p>${link(inner.title)}</p>`)
    await world.connected({ fileSyncConfig: { parsed_text_format: 'MARKDOWN' } })
    await world.linked()
    expect(await text(outer.id)).toMatch(/around\s+some \*\*words\*\*\s+\[/)
    expect(await text(outer.id)).toContain(`/pages/${inner.id}/`)
  })

  it('take nothing in that the sign-in does not see', async () => {
    const secret = await add('<p>a secret</p>')
    const outer = await add(`<p>around</p>${include(secret.title)}`)
    await world.connected()
    await world.linked()
    expect(await text(outer.id)).toContain('a secret')
    // A customer whose account does not see the page, on a server that has it of another.
    await admin('POST', `/pages/${secret.id}/restrict`)
    world.next()
    await world.connected()
    await world.linked()
    expect(await text(outer.id)).toMatch(new RegExp(`around\\s+${secret.title}`))
  })
})
