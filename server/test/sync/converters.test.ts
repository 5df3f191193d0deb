import { afterAll, describe, expect, it } from 'vitest'
import { convertPage, pageToMarkdown } from '../../src/sync/convert-page.ts'
import { createConverters } from '../../src/sync/converters.ts'
import { keyOf } from '../../src/sync/finder.ts'

const converters = createConverters()
afterAll(() => converters.close())

const about = { baseUrl: 'https://acme.atlassian.net/wiki', pageId: '1', title: 'Home', spaceKey: 'DOCS' }
const small = { ...about, storage: '<h1>Small</h1><p><ac:link><ri:page ri:content-title="Other" /></ac:link></p>' }
const large = { ...about, storage: '<h2>Large</h2><p>many <b>words</b></p>'.repeat(20_000) }
const include =
  '<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ri:page ri:content-title="Large" /></ac:parameter></ac:structured-macro>'
const found = new Map([
  [
    keyOf({ spaceKey: 'DOCS', title: 'Large' }),
    { ...about, id: '2', title: 'Large', url: 'https://acme/2', storage: large.storage },
  ],
])

describe('pages are converted alike wherever that is done', () => {
  it.each([
    ['small ones', [small, { ...small, storage: '' }]],
    ['large ones among them', [small, large, small]],
    ['one that shows a large one', [{ ...about, storage: include, found }]],
  ])('%s', async (_what, sources) => {
    expect(await converters.pages(sources)).toEqual(sources.map((source) => convertPage(source)))
    for (const source of sources) expect(await converters.markdown(source)).toEqual(pageToMarkdown(source))
  })

  it('and tell which pages they name', async () => {
    const [one] = await converters.pages([{ ...large, storage: large.storage + include }])
    expect(one?.references).toEqual([{ spaceKey: 'DOCS', title: 'Large', includes: true }])
  })
})

it('takes names for one that the database does not tell apart, and for two that only look alike', () => {
  const link = (space: string, title: string) =>
    `<ac:link><ri:page ri:space-key="${space}" ri:content-title="${title}" /></ac:link>`
  const storage = [link('A', 'a\ud800'), link('A', 'a\ufffd'), link('A', 'B C'), link('A B', 'C')].join('')
  expect(convertPage({ ...about, storage }).references).toHaveLength(3)
})

it('goes on with other things while a large page is converted', async () => {
  let isDone = false
  const converted = converters.pages([{ ...large, storage: large.storage.repeat(4) }]).then(() => {
    isDone = true
  })
  await new Promise((resolve) => setTimeout(resolve, 1))
  expect(isDone).toBe(false)
  await converted
})

it('gives up when it is closed, and calls no page bad for that', async () => {
  const closing = createConverters()
  const converted = closing.pages([{ ...large, storage: large.storage.repeat(8) }])
  const refused = expect(converted).rejects.toThrow()
  await closing.close()
  await refused
})
