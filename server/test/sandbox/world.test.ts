import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSandbox } from '../../src/sandbox/index.ts'
import { constructs } from '../../src/sandbox/world/constructs.ts'
import { connect, type Row } from './support.ts'

const storage = '&body-format=storage&limit=250'

describe('the world', () => {
  it('is the same for the same seed, and another for another seed', async () => {
    const read = async (seed: number) => {
      const client = await connect({ seed })
      return JSON.stringify([
        client.sandbox.world.sites.map((site) => site.cloudId),
        await client.all(`/pages?${storage}`),
      ])
    }
    const first = await read(1)
    expect(await read(1)).toBe(first)
    expect(await read(2)).not.toBe(first)
  })

  it('opens with the real pages, in the first space of acme', async () => {
    const client = await connect()
    const [space] = (await client.json('/spaces?limit=1')).results
    const rows = await client.all(`/spaces/${space?.id}/pages?body-format=storage&limit=250`)
    const page = rows.find((row) => row.id === '544178405')
    expect(page).toMatchObject({
      title: '관리자 매뉴얼',
      status: 'current',
      body: { storage: { representation: 'storage' } },
    })
    expect(rows.map((row) => row.title)).toEqual(
      expect.arrayContaining(['mark/table', 'md2conf/panel', 'Identity Providers']),
    )
    expect(rows.filter((row) => row.title.startsWith('querypie'))).toEqual([])
  })

  it('takes its real pages from a folder instead', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
    await mkdir(join(folder, 'guide'))
    await writeFile(join(folder, 'guide', 'start.xhtml'), '<p>Hello <ac:emoticon ac:name="smile" /></p>')
    await writeFile(join(folder, 'rendered.html'), '<!doctype html><html><body>no</body></html>')
    await writeFile(join(folder, 'view.html'), '<div class="table-wrap"><table class="confluenceTable"></table></div>')
    await writeFile(join(folder, 'notes.txt'), 'no')
    const client = await connect({ content: folder, pages: 0 })
    const rows = await client.all(`/pages?title=${encodeURIComponent('guide/start')}${storage}`)
    expect(rows.map((row) => row.body.storage?.value)).toEqual(['<p>Hello <ac:emoticon ac:name="smile" /></p>'])
    expect((await client.all('/pages?space-id=98306')).map((row) => row.title)).toEqual([
      'Product documentation home',
      'guide/start',
    ])
  })

  it('says which content cannot be read, and what to set', async () => {
    await expect(createSandbox({ content: '/nowhere/at/all' })).rejects.toThrow(/\/nowhere\/at\/all.*SANDBOX_CONTENT/)
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
    await writeFile(join(folder, 'latin1.xml'), Buffer.from([0x3c, 0x70, 0x3e, 0xe9, 0x3c, 0x2f, 0x70, 0x3e]))
    await expect(createSandbox({ content: folder })).rejects.toThrow(/latin1\.xml is not UTF-8/)
  })

  it('shows every construct within a dozen pages of about ten thousand characters', async () => {
    const client = await connect({ pages: 12, spaces: 1 })
    const rows = (await client.all(`/pages?${storage}`)).filter((row) => row.spaceId !== '98306')
    const text = rows.map((row) => row.body.storage?.value ?? '').join('')
    expect(rows).toHaveLength(12)
    expect(text.length / rows.length).toBeGreaterThan(7_000)
    expect(text.length / rows.length).toBeLessThan(20_000)
    const macros = new Set([...text.matchAll(/ac:structured-macro ac:name="([^"]+)"/g)].map((match) => match[1]))
    expect(macros.size).toBeGreaterThan(40)
    for (const mark of [
      'ac:task-list',
      'ac:adf-extension',
      'ac:layout-cell',
      'ri:url',
      'ac:placeholder',
      'ac:macro ',
      ']]]]><![CDATA[>',
      '&nbsp;',
      'dir="rtl"',
    ]) {
      expect(text).toContain(mark)
    }
    expect(Object.keys(constructs).length).toBeGreaterThan(50)
  })

  it('writes constructs that are well-formed', async () => {
    const client = await connect({ pages: 12, spaces: 1 })
    for (const { title, body } of await client.all(`/pages?space-id=163842${storage}`)) {
      const text = (body.storage?.value ?? '').replace(/<!\[CDATA\[.*?\]\]>/gs, '')
      const open: string[] = []
      for (const [, close, name, selfClosing] of text.matchAll(/<(\/?)([\w:-]+)(?:\s[\w:-]+="[^"<]*")*\s*(\/?)>/g)) {
        if (close) expect(open.pop(), title).toBe(name)
        else if (!selfClosing) open.push(name as string)
      }
      expect(open, title).toEqual([])
      expect(text.replace(/<\/?[\w:-]+(?:\s[\w:-]+="[^"<]*")*\s*\/?>/g, ''), title).not.toMatch(/[<>]/)
    }
  })

  it('has deep trees, odd parents, all scripts, every status and a live doc', async () => {
    const client = await connect({ pages: 200 })
    const rows = await client.all('/pages?limit=250&status=current&status=archived&status=trashed')
    const byId = new Map(rows.map((row) => [row.id, row]))
    const depth = (row: Row | undefined): number =>
      row?.parentId && row.parentType === 'page' ? 1 + depth(byId.get(row.parentId)) : 0
    const generated = rows.filter((row) => row.spaceId !== '98306')
    expect(Math.max(...generated.map(depth))).toBe(4)
    expect(new Set(rows.map((row) => row.parentType))).toEqual(
      new Set([null, 'page', 'folder', 'whiteboard', 'database', 'embed']),
    )
    expect(rows.filter((row) => row.parentType === 'folder').every((row) => !byId.has(row.parentId ?? ''))).toBe(true)
    expect(rows.filter((row) => row.status === 'trashed')).toHaveLength(3)
    expect(rows.filter((row) => row.status === 'archived')).toHaveLength(3)
    expect(rows.filter((row) => row.subtype === 'live')).toHaveLength(1)
    for (const script of [
      /\p{Script=Hangul}/u,
      /\p{Script=Han}/u,
      /\p{Script=Arabic}/u,
      /\p{Script=Hebrew}/u,
      /\p{Emoji_Presentation}/u,
      /\u200b/,
    ]) {
      expect(rows.some((row) => script.test(row.title))).toBe(true)
    }
    const spaceIds = [...new Set(generated.map((row) => row.spaceId))]
    const sizes = spaceIds.map((id) => generated.filter((row) => row.spaceId === id).length)
    expect(new Set(sizes).size).toBeGreaterThan(2)
    const grown = generated.filter(
      (row, index) => index === 0 || row.createdAt >= (generated[index - 1]?.createdAt ?? ''),
    )
    expect(grown).toHaveLength(generated.length)
  })

  it('has a personal and an archived space, and other content on globex', async () => {
    const client = await connect()
    const spaces = (await client.json<{ results: { key: string; type: string; status: string }[] }>('/spaces')).results
    expect(spaces.filter((space) => space.type === 'personal').map((space) => space.key[0])).toEqual(['~'])
    expect(spaces.filter((space) => space.status === 'archived')).toHaveLength(1)
    const globex = await connect({}, { site: 'globex' })
    const ids = new Set((await client.all('/pages?limit=250')).map((row) => row.id))
    const others = await globex.all('/pages?limit=250')
    expect(others.length).toBeGreaterThan(20)
    expect(others.some((row) => ids.has(row.id))).toBe(false)
  })
})
