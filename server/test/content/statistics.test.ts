import { describe, expect, test } from 'vitest'
import { convertStorage, type Statistics } from '../../src/content/index.ts'
import { macro, options, parameter, plain, rich } from './cases/storage.ts'
import { contentsOf } from './contents.ts'
import { realPages, syntheticPages } from './samples.ts'

const convert = (storage: string) => convertStorage(storage, options)
const task = (status: string) =>
  `<ac:task><ac:task-status>${status}</ac:task-status><ac:task-body>a</ac:task-body></ac:task>`

describe('words and characters', () => {
  test.each<[what: string, storage: string, words: number, characters: number]>([
    ['nothing', '', 0, 0],
    ['words', '<p>one two, three.</p>', 3, 13],
    ['signs between words', 'a - b &amp; c -&gt; d …', 4, 9],
    ['what is glued together', 'don’t well-known a/b 1.5 x@y.org', 5, 28],
    ['marks within words', 'o<b>n</b>e<i> two</i>', 2, 6],
    ['blocks and breaks between words', '<p>a</p>b<br/>c<ul><li>d</li><li>e</li></ul>', 5, 5],
    ['cells', '<table><tr><td>a</td><td>b</td></tr></table>', 2, 2],
    ['no-break and wide spaces', 'a&nbsp;b\u3000c', 3, 3],
    ['Chinese', '你好，世界。', 4, 6],
    ['Japanese', '東京タワーへ行く', 8, 8],
    ['Chinese with Latin', '用Node 24运行', 5, 9],
    ['rare ideographs', '𠀀𠀁', 2, 2],
    ['Korean', '감사 로그를 추출', 3, 7],
    ['Cyrillic, Arabic, combining accents', 'Привет مرحبا e\u0301te\u0301', 3, 16],
    ['emoji', 'done ✅ 🎉', 1, 6],
    ['titles', macro('expand', parameter('title', 'More of it') + rich('a')), 4, 9],
    ['code and its title', macro('code', parameter('title', 'a.js') + plain('if (a)\n  b')), 4, 10],
    [
      'statuses, mentions, dates',
      '<time datetime="2025-06-05"/>, <ac:link><ri:user ri:account-id="1"/></ac:link>',
      4,
      14,
    ],
    ['kinds of panels, descriptions of images', `${macro('info', rich('a'))}<img src="/b.png" alt="c"/>`, 1, 1],
    ['what is hidden', `<ac:placeholder>a</ac:placeholder>${macro('children', parameter('b', 'c'))}`, 0, 0],
  ])('%s', (_what, storage, words, characters) => {
    expect(convert(storage).statistics).toMatchObject({ words, characters })
  })
})

describe('counts', () => {
  test.each<[what: string, storage: string, counts: Partial<Statistics>]>([
    [
      'links that leave the site',
      '<a href="https://x.org">a</a> <a href="/wiki/b">b</a> <a href="#c">c</a> <a href="mailto:d@x.org">d</a>',
      { externalLinks: 2 },
    ],
    ['a link around several blocks', '<a href="https://x.org">a<hr/>b</a>', { externalLinks: 1 }],
    ['code', `${macro('code', plain('a'))}<pre>b</pre><code>c</code>`, { codeBlocks: 2 }],
    ['tasks', `<ac:task-list>${task('complete')}${task('incomplete')}</ac:task-list>`, { tasks: 2, tasksDone: 1 }],
    ['images', '<img src="/a.png"/><ac:image><ri:url ri:value="https://x.org/b.png"/></ac:image>', { images: 2 }],
    ['tables', '<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>', { tables: 2 }],
  ])('%s', (_what, storage, counts) => {
    expect(convert(storage).statistics).toMatchObject(counts)
  })

  test.each([...realPages, ...syntheticPages])('$name: are those of the HTML', ({ storage }) => {
    const { html, statistics, outline } = convert(storage)
    const contents = contentsOf(html)
    expect(statistics).toMatchObject({ images: contents.images.length, codeBlocks: contents.code.length })
    expect(statistics.characters).toBe([...contents.words.join('')].length)
    expect(outline.map(({ level, text }) => `h${level} ${text}`)).toEqual(
      contents.headings.filter((text) => text.length > 3),
    )
    for (const { level, id } of outline) expect(html).toContain(`<h${level} id="${id.replaceAll('&', '&amp;')}">`)
  })
})

test('an outline has the headings with text, on one line, by the ids of the HTML', () => {
  expect(convert('<h1>A <b>b</b><br/>c</h1><h3>&nbsp;</h3><h2>A b c</h2>').outline).toEqual([
    { level: 1, text: 'A b c', id: 'cc-Abc' },
    { level: 2, text: 'A b c', id: 'cc-Abc.1' },
  ])
})
