import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { convertStorage, convertToMarkdown, documentToStorage } from '../../src/content/index.ts'
import { violationsOf } from './html.ts'

const options = { baseUrl: 'https://acme.atlassian.net/wiki', spaceKey: 'DOCS', pageId: '42' }

const doc = (...content: unknown[]) => ({ type: 'doc', version: 1, content })
const node = (type: string, attrs: object = {}, ...content: unknown[]) => ({ type, attrs, content })
const text = (words: string, ...marks: unknown[]) => ({ type: 'text', text: words, marks })
const p = (...content: unknown[]) => ({ type: 'paragraph', content: content.map((one) => asNode(one)) })
const asNode = (one: unknown) => (typeof one === 'string' ? text(one) : one)

const convert = (document: unknown) => convertStorage(documentToStorage(document), options)

describe('what stands in a line', () => {
  test.each([
    ['text', ['a < b & "c"'], '<p>a &lt; b &amp; "c"</p>', 'a < b & "c"'],
    ['a break', ['a', node('hardBreak'), 'b'], '<p>a<br>b</p>', 'a\nb'],
    [
      'marks',
      [
        text('a', { type: 'strong' }, { type: 'em' }),
        text('b', { type: 'code' }),
        text('c', { type: 'strike' }),
        text('d', { type: 'underline' }),
        text('e', { type: 'subsup', attrs: { type: 'sup' } }),
        text('f', { type: 'subsup', attrs: { type: 'sub' } }),
        text('g', { type: 'textColor', attrs: { color: '#ff0000' } }),
      ],
      '<p><em><strong>a</strong></em><code>b</code><s>c</s><u>d</u><sup>e</sup><sub>f</sub>g</p>',
      'abcd^e_fg',
    ],
    [
      'a link',
      [text('Docs', { type: 'link', attrs: { href: 'https://example.com/?a=1&b=2' } })],
      '<p><a href="https://example.com/?a=1&amp;b=2" rel="nofollow noopener noreferrer">Docs</a></p>',
      'Docs (https://example.com/?a=1&b=2)',
    ],
    [
      'a link that is not safe',
      [text('Docs', { type: 'link', attrs: { href: 'javascript:alert(1)' } })],
      '<p>Docs</p>',
      'Docs',
    ],
    [
      'somebody',
      ['Ask ', node('mention', { id: '5b10', text: '@Ada Lovelace' })],
      '<p>Ask <a href="https://acme.atlassian.net/wiki/people/5b10" rel="nofollow noopener noreferrer" data-mention="5b10">@Ada Lovelace</a></p>',
      'Ask @Ada Lovelace',
    ],
    ['emoji', [node('emoji', { shortName: ':tada:', id: '1f389', text: '🎉' })], '<p>🎉</p>', '🎉'],
    ['an emoji of the site', [node('emoji', { shortName: ':parrot:', id: 'abc' })], '<p>:parrot:</p>', ':parrot:'],
    [
      'a date',
      [node('date', { timestamp: '1750000000000' })],
      '<p><time datetime="2025-06-15">15 Jun 2025</time></p>',
      '15 Jun 2025',
    ],
    ['no date', ['a', node('date', { timestamp: 'soon' })], '<p>a</p>', 'a'],
    [
      'a status',
      [node('status', { text: 'Done', color: 'green' })],
      '<p><span data-status="green">DONE</span></p>',
      'DONE',
    ],
    [
      'a card',
      [node('inlineCard', { url: 'https://example.com/x' })],
      '<p><a href="https://example.com/x" rel="nofollow noopener noreferrer">https://example.com/x</a></p>',
      'https://example.com/x',
    ],
    [
      'a card with data',
      [node('inlineCard', { data: { '@id': 'https://example.com/x', name: 'The page' } })],
      '<p><a href="https://example.com/x" rel="nofollow noopener noreferrer">The page</a></p>',
      'The page (https://example.com/x)',
    ],
    ['a hint to authors', ['a', node('placeholder', { text: 'type here' })], '<p>a</p>', 'a'],
    [
      'a file',
      ['see ', node('mediaInline', { type: 'file', id: 'x', alt: 'plan.pdf' })],
      '<p>see plan.pdf</p>',
      'see plan.pdf',
    ],
    ['what is new', [node('futureThing', {}, text('kept'))], '<p>kept</p>', 'kept'],
  ])('%s', (_what, content, html, words) => {
    expect(convert(doc(p(...content)))).toMatchObject({ html, text: words })
  })
})

describe('blocks', () => {
  const cases: [string, unknown, string, string][] = [
    [
      'headings',
      doc(node('heading', { level: 2.4 }, text('One')), node('heading', { level: '9' }, text('Two'))),
      '<h2 id="cc-One">One</h2><h6 id="cc-Two">Two</h6>',
      'One\n\nTwo',
    ],
    [
      'lists',
      doc(
        node('bulletList', {}, node('listItem', {}, p('a'), node('bulletList', {}, node('listItem', {}, p('b'))))),
        node('orderedList', { order: 3 }, node('listItem', {}, p('c'))),
      ),
      '<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul><ol start="3"><li><p>c</p></li></ol>',
      '- a\n  - b\n\n3. c',
    ],
    [
      'code',
      doc(node('codeBlock', { language: 'sql' }, text('select 1 < 2\n-- ]]>'))),
      '<pre><code class="language-sql">select 1 &lt; 2\n-- ]]&gt;</code></pre>',
      'select 1 < 2\n-- ]]>',
    ],
    ['a quote', doc(node('blockquote', {}, p('a'))), '<blockquote><p>a</p></blockquote>', '> a'],
    ['a rule', doc(p('a'), node('rule'), p('b')), '<p>a</p><hr><p>b</p>', 'a\n\nb'],
    [
      'panels',
      doc(
        ...['info', 'note', 'success', 'warning', 'error', 'custom'].map((panelType) =>
          node('panel', { panelType }, p(panelType)),
        ),
      ),
      ['info', 'note', 'tip', 'note', 'warning', 'panel']
        .map(
          (kind, index) =>
            `<aside data-panel="${kind}"><p>${['info', 'note', 'success', 'warning', 'error', 'custom'][index]}</p></aside>`,
        )
        .join(''),
      'Info:\n\ninfo\n\nNote:\n\nnote\n\nTip:\n\nsuccess\n\nNote:\n\nwarning\n\nWarning:\n\nerror\n\ncustom',
    ],
    [
      'an expand',
      doc(node('expand', { title: 'More' }, p('a'), node('nestedExpand', { title: 'Still more' }, p('b')))),
      '<details><summary>More</summary><p>a</p><details><summary>Still more</summary><p>b</p></details></details>',
      'More\n\na\n\nStill more\n\nb',
    ],
    [
      'a table',
      doc(
        node(
          'table',
          {},
          node('tableRow', {}, node('tableHeader', {}, p('A')), node('tableHeader', {}, p('B'))),
          node('tableRow', {}, node('tableCell', { colspan: 2, rowspan: 1 }, p('c'))),
        ),
      ),
      '<table><tbody><tr><th><p>A</p></th><th><p>B</p></th></tr><tr><td colspan="2"><p>c</p></td></tr></tbody></table>',
      'A | B\nc',
    ],
    [
      'tasks',
      doc(
        node(
          'taskList',
          {},
          node('taskItem', { state: 'DONE' }, text('a')),
          node('taskItem', { state: 'TODO' }, text('b')),
        ),
      ),
      '<ul data-tasks><li><input type="checkbox" disabled checked> a</li><li><input type="checkbox" disabled> b</li></ul>',
      '[x] a\n[ ] b',
    ],
    [
      'decisions',
      doc(node('decisionList', {}, node('decisionItem', { state: 'DECIDED' }, text('a')))),
      '<ul><li>a</li></ul>',
      '- a',
    ],
    [
      'a layout',
      doc(
        node(
          'layoutSection',
          {},
          node('layoutColumn', { width: 50 }, p('a')),
          node('layoutColumn', { width: 50 }, p('b')),
        ),
      ),
      '<section><div data-column><p>a</p></div><div data-column><p>b</p></div></section>',
      'a\n\nb',
    ],
    [
      'an image elsewhere',
      doc(
        node(
          'mediaSingle',
          {},
          node('media', { type: 'external', url: 'https://example.com/a.png', alt: 'A view' }),
          node('caption', {}, text('The '), text('caption', { type: 'strong' })),
        ),
      ),
      '<figure><img src="https://example.com/a.png" alt="A view"><figcaption><p>The <strong>caption</strong></p></figcaption></figure>',
      'The caption',
    ],
    [
      'an attached image',
      doc(
        node(
          'mediaSingle',
          {},
          node('media', { type: 'file', id: 'f', collection: 'contentId-42', alt: 'plan 1.png' }),
        ),
      ),
      '<img src="https://acme.atlassian.net/wiki/download/attachments/42/plan%201.png" alt="plan 1.png">',
      '',
    ],
    [
      'attached files without names',
      doc(
        node('mediaGroup', {}, node('media', { type: 'file', id: 'f', alt: 'The plan' }), node('media', { id: 'g' })),
      ),
      '<p>The plan</p>',
      'The plan',
    ],
    [
      'a card',
      doc(node('blockCard', { url: 'https://example.com/x' })),
      '<p><a href="https://example.com/x" rel="nofollow noopener noreferrer">https://example.com/x</a></p>',
      'https://example.com/x',
    ],
  ]
  test.each(cases)('%s', (_what, document, html, words) => {
    expect(convert(document)).toMatchObject({ html, text: words })
  })
})

describe('macros', () => {
  const core = (extensionKey: string, macroParams: object, ...content: unknown[]) => ({
    type: content.length > 0 ? 'bodiedExtension' : 'extension',
    attrs: { extensionType: 'com.atlassian.confluence.macro.core', extensionKey, parameters: { macroParams } },
    content,
  })

  it('mean what they mean in storage format', () => {
    const document = doc(
      core('toc', { maxLevel: { value: '2' } }),
      node('heading', { level: 2 }, text('One')),
      core('excerpt', { hidden: { value: 'true' } }, p('not for readers')),
      core('details', {}, p('facts')),
      core('jira', { key: { value: 'ABC-1' } }),
      core('noformat', { __bodyContent: { value: 'a < b' } }),
    )
    expect(convert(document).text).toBe('One\n\nfacts\n\nABC-1\n\na < b')
    expect(convert(document).html).toContain('<a href="#cc-One">One</a>')
    expect(convertToMarkdown(documentToStorage(document), options).markdown).toContain('```text\na < b\n```')
  })

  it('show other pages', () => {
    const included = convertStorage(documentToStorage(doc(core('include', { '': { value: 'DOCS:Other' } }))), {
      ...options,
      includePage: ({ title, spaceKey }) => ({ id: '7', title, storage: `<p>of ${title} in ${spaceKey}</p>` }),
    })
    expect(included.text).toBe('of Other in DOCS')
  })

  it('of apps keep their place and what is in them', () => {
    const app = (type: string, ...content: unknown[]) => ({
      type,
      attrs: { extensionType: 'com.atlassian.ecosystem', extensionKey: 'acme/app', text: 'Acme' },
      content,
    })
    expect(convert(doc(app('extension'), app('bodiedExtension', p('inside'))))).toMatchObject({
      html: '<span data-macro="acme/app"></span><div data-macro="acme/app"><p>inside</p></div>',
      text: 'inside',
    })
  })
})

describe('what is no document', () => {
  test.each([undefined, null, 7, 'text', [], {}, { type: 'doc' }, { type: 'doc', content: 'x' }, doc(null, 7, [])])(
    'nothing comes of %j',
    (document) => {
      expect(convert(document).text).toBe('')
    },
  )

  /** Parsed JSON can be so: neither a text nor a number can be made of it. */
  const nothing = { toString: 1, valueOf: 1 }
  test.each([
    ['a level', node('heading', { level: nothing }, text('a'))],
    ['a start', node('orderedList', { order: nothing }, node('listItem', {}, p('a')))],
    ['a span', node('table', {}, node('tableRow', {}, node('tableCell', { colspan: nothing }, p('a'))))],
    ['a time', p('a', node('date', { timestamp: nothing }))],
    ['data', p('a', node('inlineCard', { data: 7 }))],
    ['attributes', { ...p('a'), attrs: 7 }],
    ...[null, 7, { title: null }, { title: { value: nothing } }].map((macroParams): [string, unknown] => [
      'parameters',
      {
        ...node('bodiedExtension', {}, p('a')),
        attrs: {
          extensionType: 'com.atlassian.confluence.macro.core',
          extensionKey: 'details',
          parameters: { macroParams },
        },
      },
    ]),
  ])('leaves out %s that make no sense, and keeps the rest', (_what, document) => {
    expect(convert(doc(document)).text).toMatch(/^(a|1\. a)$/)
  })

  it('keeps the words of a node with very many parts', () => {
    const words = Array.from({ length: 300_000 }, () => text('a'))
    expect(convert(doc({ type: 'codeBlock', content: words })).text).toHaveLength(300_000)
  })

  it('keeps the words of what is nested beyond reason', () => {
    let document: unknown = text('the core')
    for (let depth = 0; depth < 20_000; depth++) document = node('blockquote', {}, document)
    expect(convert(doc(document)).text).toContain('the core')
  })

  it('writes nothing that its own reader does not take for what it is, whatever the values are', () => {
    const types = [
      'paragraph',
      'text',
      'heading',
      'codeBlock',
      'panel',
      'expand',
      'media',
      'mediaSingle',
      'extension',
      'mention',
      'status',
    ]
    const words = fc.oneof(
      fc.string(),
      fc.constantFrom(']]>', '"', '</p>', '<script>alert(1)</script>', 'javascript:x', '\u0000', '\ud800'),
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.record({
        type: fc.constantFrom(...types),
        text: words,
        attrs: fc.dictionary(
          fc.constantFrom(
            'title',
            'url',
            'alt',
            'text',
            'id',
            'level',
            'language',
            'panelType',
            'extensionKey',
            'type',
            '__fileName',
          ),
          words,
        ),
        marks: fc.array(
          fc.record({ type: fc.constantFrom('link', 'code', 'subsup'), attrs: fc.record({ href: words }) }),
          {
            maxLength: 2,
          },
        ),
        content: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })),
      }),
    }))
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 5 }), (content) => {
        expect(violationsOf(convert(doc(...content)).html)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
