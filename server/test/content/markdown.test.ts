import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convertStorage, convertToMarkdown } from '../../src/content/index.ts'
import { sections } from './cases/index.ts'
import { comparableWords, foreignMarkup, outlineOf, renderMarkdown } from './markdown.ts'
import { realPages, syntheticPages } from './samples.ts'

const options = { baseUrl: 'https://acme.atlassian.net/wiki', spaceKey: 'DOCS', pageId: '42', title: 'T' }

describe('a page as Markdown, rendered', () => {
  test.each([...realPages, ...syntheticPages])('$name: is what our HTML is', ({ storage }) => {
    const { html, warnings } = convertStorage(storage, options)
    const converted = convertToMarkdown(storage, options)
    const rendered = renderMarkdown(converted.markdown)
    expect(comparableWords(rendered)).toEqual(comparableWords(html))
    expect(outlineOf(rendered)).toEqual(outlineOf(html))
    expect(converted.warnings).toEqual(warnings)
  })
})

describe('a construct as Markdown, rendered', () => {
  test.each(
    sections.flatMap(({ title, cases }) =>
      cases.map(([what, , html, , markdown]) => ({ title, what, html, markdown })),
    ),
  )('$title, $what: is what our HTML is', ({ html, markdown }) => {
    const rendered = renderMarkdown(markdown)
    expect(comparableWords(rendered)).toEqual(comparableWords(html))
    expect(foreignMarkup(rendered)).toEqual([])
  })
})

/** Characters and words that mean something to Markdown or to its renderers. */
const TEXT = [
  ...'a b 한글 é “ ✅ 😀 * ** _ __ ` `` ~ ~~ [ ] ( ) # - + > | ! \\ : . , ^ $ { } = " @ 0 --- === *** ``` ~~~ :- :tada:'.split(
    ' ',
  ),
  ...'1. 1) 1234567890. [ ] [x] [a](b) ![a](b) [^1] [a]: foo_bar http: // https://x.org/ https://x.org/a_b_ www.x.org a@b.co'.split(
    ' ',
  ),
  ...'&lt; &lt;b&gt; &lt;!-- &lt;? &amp; &amp;amp; &amp;copy; &amp;#42; &nbsp; &#x3000; &#xfeff; &#x200b; &#13; &#10;'.split(
    ' ',
  ),
  ...['# ', '- ', '1. ', ' c', 'd ', '    ', '| --- |', '- - -', '- [ ] '],
]
const INLINE = [
  ...'b i s code u'.split(' ').flatMap((name) => [`<${name}>`, `</${name}>`]),
  ...['<br/>', '<a href="https://x.org/a_(b)?c=1&amp;copy;=2">', '<a href="https://x.org/">', '</a>'],
]
const BLOCKS = [
  ...'p h2 ul li ol table tr td th blockquote pre'.split(' ').flatMap((name) => [`<${name}>`, `</${name}>`]),
  ...['<hr/>', '<ol start="3">', '<td colspan="3">', '<td rowspan="2">', '<img src="/a.png" alt="a]b"/>'],
  ...['info', 'expand'].map((name) => `<ac:structured-macro ac:name="${name}"><ac:rich-text-body>`),
  '</ac:rich-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="code"><ac:parameter ac:name="title">*t*</ac:parameter><ac:plain-text-body>',
  '</ac:plain-text-body></ac:structured-macro>',
  '<ac:structured-macro ac:name="toc"/>',
  '<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>',
  '</ac:task-body></ac:task></ac:task-list>',
  '<ac:image><ri:url ri:value="https://x.org/i.png"/><ac:caption>',
  '</ac:caption></ac:image>',
]

const of = (pieces: readonly string[]) => fc.constantFrom(...new Set(pieces))
const page = (maxLength: number, ...pieces: fc.MaybeWeightedArbitrary<string>[]) =>
  fc.array(fc.oneof(...pieces), { minLength: 1, maxLength }).map((parts) => parts.join(''))

const SEED = 20_250_615

describe('any source as Markdown, rendered', () => {
  test.each([
    ['lines', page(16, { weight: 3, arbitrary: of(TEXT) }, { weight: 2, arbitrary: of(INLINE) }), 4_000],
    [
      'blocks',
      page(40, { weight: 3, arbitrary: of(TEXT) }, { weight: 2, arbitrary: of([...INLINE, ...BLOCKS]) }),
      2_500,
    ],
  ])('%s: shows the words of our HTML and no other markup', { timeout: 120_000 }, (_what, source, numRuns) => {
    fc.assert(
      fc.property(source, (storage) => {
        const rendered = renderMarkdown(convertToMarkdown(storage, options).markdown)
        expect(comparableWords(rendered)).toEqual(comparableWords(convertStorage(storage, options).html))
        expect(foreignMarkup(rendered)).toEqual([])
      }),
      { numRuns, seed: SEED },
    )
  })
})
