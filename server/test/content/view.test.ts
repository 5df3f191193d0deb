import { describe, expect, test } from 'vitest'
import { convertStorage, convertToMarkdown } from '../../src/content/index.ts'
import { type Contents, contentsOf } from './contents.ts'
import { missingWords, wordsOf } from './html.ts'
import { LABELS, renderMarkdown } from './markdown.ts'
import { realPages } from './samples.ts'

const options = { baseUrl: 'https://querypie.atlassian.net/wiki', spaceKey: 'QM', pageId: '42' }

/** Where we differ from Confluence’s view, page by page, beyond captions, which it leaves out. */
const EXCEPTIONS: Record<string, { reason: string; from: (view: Contents) => Contents }[]> = {
  '544113141': [
    {
      reason: 'its pictures of emoji are characters of ours',
      from: (view) => ({ ...view, words: view.words.map((word) => EMOJI[word] ?? word) }),
    },
  ],
  '883654669': [
    {
      reason: 'its pictures of emoji are characters of ours',
      from: (view) => ({ ...view, words: view.words.map((word) => EMOJI[word] ?? word) }),
    },
  ],
  '544375741': [
    {
      reason: 'it previews attached files by pictures without a name, and we name the files',
      from: (view) => ({ ...view, images: [], links: FILES, words: view.words.toSpliced(4, 0, ...FILES) }),
    },
  ],
}

const EMOJI: Record<string, string> = { ':check_mark:': '✅', ':cross_mark:': '❌', ':light_bulb_on:': '💡' }
const FILES = ['994_external.json', '995_external.json']

/** What text adds: the markers of items and quotes, the separators of cells. */
const MARKER = /^(?:-|>|\||\d+\.)$/
const withoutMarkers = (words: readonly string[]) => words.filter((word) => !MARKER.test(word) && !LABELS.has(word))
/** What text adds, behind a link and glued to what follows: where it leads. */
const withoutAddresses = (text: string) => text.replace(/ \((?:https?|mailto):[^\s)]*\)/g, '')

const pairs = realPages.flatMap(({ name, storage, view }) => (view === undefined ? [] : [{ name, storage, view }]))

describe('what Confluence itself shows of a real page', () => {
  test.each(pairs)('$name: is what our HTML shows, in the same order, and nothing else', ({ name, storage, view }) => {
    const { html, warnings } = convertStorage(storage, options)
    const seen = (EXCEPTIONS[name] ?? []).reduce((contents, { from }) => from(contents), contentsOf(view))
    expect(contentsOf(html, ['figcaption'])).toEqual(seen)
    expect(warnings).toEqual([])
  })

  test.each(pairs)('$name: is in our text and in our Markdown, with the captions', ({ storage }) => {
    const { html, text } = convertStorage(storage, options)
    const words = withoutMarkers(contentsOf(html).words)
    expect(withoutMarkers(wordsOf(withoutAddresses(text)))).toEqual(words)
    const rendered = contentsOf(renderMarkdown(convertToMarkdown(storage, options).markdown)).words
    expect(missingWords(words, rendered)).toEqual([])
  })

  test('is told from a page that lost a word, an item, a cell or a picture', () => {
    const page =
      '<h2>a</h2><ul><li>b</li></ul><table><tr><td>c</td></tr></table><img src="/d.png?v=1"><pre>e</pre><a href="/f">f</a>'
    const whole = contentsOf(page)
    expect(whole).toEqual({
      words: ['a', 'b', 'c', 'e', 'f'],
      headings: ['h2 a'],
      items: ['ul'],
      rows: ['td 1×1'],
      links: ['f'],
      images: ['d.png'],
      code: ['e'],
    })
    for (const part of [
      '<h2>a</h2>',
      '<li>b</li>',
      '<td>c</td>',
      '<img src="/d.png?v=1">',
      '<pre>e</pre>',
      '<a href="/f">f</a>',
    ]) {
      expect(contentsOf(page.replace(part, ''))).not.toEqual(whole)
    }
  })
})
