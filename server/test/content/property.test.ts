import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convertStorage, convertToMarkdown } from '../../src/content/index.ts'
import { violationsOf } from './html.ts'
import { comparableWords, foreignMarkup, renderMarkdown } from './markdown.ts'
import { realPages, syntheticPages } from './samples.ts'

const options = { baseUrl: 'https://acme.atlassian.net/wiki', spaceKey: 'DOCS', pageId: '42', title: 'T' }

/** What the sources are made of, and what they should not be. */
const FRAGMENTS = [
  ...new Set(
    [...realPages, ...syntheticPages].flatMap(({ storage }) => storage.match(/<[^>]{1,300}>|[^<]{1,40}/g) ?? []),
  ),
  '<script>',
  '</script>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<a href="javascript:alert(1)">',
  '<img src=x onerror=alert(1)>',
  '<ac:structured-macro ac:name="toc"/>',
  '<ac:adf-extension>',
  '<time datetime="2025-01-01"/>',
  '&#0;',
  '\u0000',
  '\ud800',
  '"',
  "'",
  '>',
  '<',
  '&',
]

const fragment = fc.constantFrom(...FRAGMENTS)
const soup = fc.array(fc.oneof({ weight: 4, arbitrary: fragment }, { weight: 1, arbitrary: fc.string() }), {
  minLength: 20,
  maxLength: 100,
})

/** Cuts, doubles, moves and replaces pieces of a page. */
const mutated = fc
  .record({
    sample: fc.constantFrom(...syntheticPages, ...realPages.filter(({ storage }) => storage.length < 25_000)),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat({ max: 60 }),
        insert: fc.option(fragment, { nil: '' }),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  })
  .map(({ sample, edits }) =>
    edits.reduce((storage, { at, length, insert }) => {
      const start = Math.floor(at * storage.length)
      return storage.slice(0, start) + insert + storage.slice(start + length)
    }, sample.storage),
  )

const SEED = 20_250_615

describe('any source converts to well-formed HTML that the policy allows', () => {
  test('mutated pages', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(mutated, (storage) => {
        const { html, text } = convertStorage(storage, options)
        expect(violationsOf(html)).toEqual([])
        expect(text).not.toContain('\u0000')
      }),
      { numRuns: 1_500, seed: SEED },
    )
  })

  test('soups of tags and text', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(soup, (pieces) => {
        const { html, text } = convertStorage(pieces.join(''), options)
        expect(violationsOf(html)).toEqual([])
        expect(text).not.toContain('\u0000')
      }),
      { numRuns: 3_000, seed: SEED },
    )
  })
})

describe('any source converts to Markdown that shows what the HTML shows', () => {
  const shows = (storage: string) => {
    const rendered = renderMarkdown(convertToMarkdown(storage, options).markdown)
    expect(comparableWords(rendered)).toEqual(comparableWords(convertStorage(storage, options).html))
    expect(foreignMarkup(rendered)).toEqual([])
  }

  test('mutated pages', { timeout: 120_000 }, () => {
    fc.assert(fc.property(mutated, shows), { numRuns: 400, seed: SEED })
  })

  test('soups of tags and text', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(soup, (pieces) => shows(pieces.join(''))),
      { numRuns: 1_000, seed: SEED },
    )
  })
})
