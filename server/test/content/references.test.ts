import { describe, expect, test } from 'vitest'
import {
  type ConvertOptions,
  convertStorage,
  convertToMarkdown,
  type IncludedPage,
  type PageReference,
  type ResolvedPage,
  type WarningCode,
} from '../../src/content/index.ts'
import { image, link, macro, options, parameter, plain, rel, rich, site } from './cases/storage.ts'
import { violationsOf } from './html.ts'

const key = ({ title, spaceKey }: PageReference) => `${spaceKey}:${title}`

describe('links to pages', () => {
  const pages = new Map<string, ResolvedPage>([
    ['DOCS:By id', { id: '7', title: 'By id' }],
    ['HR:By URL', { url: `${site}/spaces/HR/pages/8`, title: 'Renamed' }],
    ['DOCS:Both', { id: '9', url: '/wiki/x/9', title: 'Both' }],
    ['DOCS:Odd', { url: '/wiki/x/10', title: 'a\u0000\ud800b' }],
    ['DOCS:Unsafe', { url: 'javascript:alert(1)', title: 'Unsafe' }],
  ])
  const resolving = { ...options, resolvePage: (reference: PageReference) => pages.get(key(reference)) }
  const page = (title: string, more = '') => `<ri:page ri:content-title="${title}"${more}/>`

  test.each([
    ['by id', link(page('By id')), `<a href="${site}/pages/viewpage.action?pageId=7" ${rel}>By id</a>`],
    [
      'by URL, in another space',
      link(page('By URL', ' ri:space-key="HR"')),
      `<a href="${site}/spaces/HR/pages/8" ${rel}>Renamed</a>`,
    ],
    [
      'with a text of their own',
      link(`${page('Both')}<ac:link-body>a</ac:link-body>`),
      `<a href="${site}/x/9" ${rel}>a</a>`,
    ],
    ['to an anchor', link(page('Both'), ' ac:anchor="b"'), `<a href="${site}/x/9#b" ${rel}>Both</a>`],
    ['with a title that no output may hold', link(page('Odd')), `<a href="${site}/x/10" ${rel}>a�b</a>`],
    ['that are not found', link(page('None')), `<a href="${site}/display/DOCS/None" ${rel}>None</a>`],
    ['to an unsafe address', link(page('Unsafe')), `<a href="${site}/display/DOCS/Unsafe" ${rel}>Unsafe</a>`],
    [
      'to a file of a page that is known',
      link(`<ri:attachment ri:filename="a.pdf">${page('By id')}</ri:attachment>`),
      `<a href="${site}/download/attachments/7/a.pdf" ${rel}>a.pdf</a>`,
    ],
    [
      'to a file of a page without an id',
      link(`<ri:attachment ri:filename="a.pdf">${page('By URL', ' ri:space-key="HR"')}</ri:attachment>`),
      `<a href="${site}/spaces/HR/pages/8" ${rel}>a.pdf</a>`,
    ],
    [
      'and images of a page that is known',
      image(`<ri:attachment ri:filename="a.png">${page('By id')}</ri:attachment>`),
      `<img src="${site}/download/attachments/7/a.png" alt="a.png">`,
    ],
    [
      'and images of one that is not',
      image(`<ri:attachment ri:filename="a.png">${page('None')}</ri:attachment>`),
      '<img alt="a.png">',
    ],
  ])('%s', (_what, storage, html) => {
    expect(convertStorage(storage, resolving)).toMatchObject({ html, warnings: [] })
  })
})

const include = (title: string) => macro('include', parameter('', link(`<ri:page ri:content-title="${title}"/>`)))
const excerptOf = (title: string, more = '') => macro('excerpt-include', parameter('', title) + more)
const excerpt = (body: string, more = '') => macro('excerpt', more + rich(body))
const nopanel = parameter('nopanel', 'true')

const titles: Record<string, string> = {
  Plain: '<h2>Plain</h2><p>b</p>',
  Files: `${image('<ri:attachment ri:filename="a.png"/>')}${link('<ri:page ri:content-title="Next"/>')}`,
  Empty: '<p> </p><ac:placeholder>a</ac:placeholder>',
  Open: '<ul><li>b<ac:structured-macro ac:name="info"><ac:rich-text-body><p>c',
  Closing: '</ac:rich-text-body></ac:structured-macro></td></tr></table></div>b',
  Unclosed: '<p>b<![CDATA[c</p>',
  Excerpts: `<p>no</p>${excerpt('<p>first</p>')}<p>no</p>${excerpt('<p>two</p>', parameter('name', 'two &amp; b'))}`,
  Hidden: excerpt('<p>seen</p>', parameter('hidden', 'true')),
  Nested: excerpt(`<p>a</p>${macro('info', rich('<p>b</p>'))}<p>c</p>${macro('code', plain('</ac:rich-text-body>d'))}`),
  Decoy: `${macro('code', plain(excerpt('<p>no</p>')))}${excerpt('<p>yes</p>')}`,
  Bodiless: `${macro('excerpt', parameter('name', 'a'))}${macro('info', rich('<p>no</p>'))}`,
  Self: `<p>b</p>${include('Self')}`,
  Ping: `<p>ping</p>${include('Pong')}`,
  Pong: `<p>pong</p>${include('Ping')}`,
  Huge: 'x'.repeat(2_000_001),
  Large: 'x'.repeat(1_500_000),
  ...Object.fromEntries(
    Array.from({ length: 9 }, (_, level) => [`Level ${level}`, `<p>${level}</p>${include(`Level ${level + 1}`)}`]),
  ),
  ...Object.fromEntries(
    Array.from({ length: 9 }, (_, level) => [`Many ${level}`, `<p>m</p>${include(`Many ${level + 1}`).repeat(20)}`]),
  ),
}
const pages = new Map<string, IncludedPage>(
  Object.entries(titles).map(([title, storage]) => [`DOCS:${title}`, { id: `id of ${title}`, title, storage }]),
)
pages.set('HR:Plain', { id: '5', title: 'Plain of HR', spaceKey: 'HR', storage: titles.Files ?? '' })

const including: ConvertOptions = {
  baseUrl: site,
  spaceKey: 'DOCS',
  pageId: '42',
  includePage: (reference) => pages.get(key(reference)),
}
const linkTo = (title: string, space = 'DOCS') =>
  `<a href="${site}/display/${space}/${title.replaceAll(' ', '+')}" ${rel}>${title}</a>`

describe('included pages', () => {
  test.each([
    ['a page', include('Plain'), '<div data-macro="include"><h2 id="cc-Plain">Plain</h2><p>b</p></div>', 'Plain\n\nb'],
    [
      'between what is around it',
      `<p>a ${include('Plain')} c</p>`,
      '<p>a</p><div data-macro="include"><h2 id="cc-Plain">Plain</h2><p>b</p></div><p>c</p>',
      'a\n\nPlain\n\nb\n\nc',
    ],
    [
      'its files and links by its own page and space',
      excerptOf('HR:Plain').replace('excerpt-include', 'include'),
      `<div data-macro="include"><img src="${site}/download/attachments/5/a.png" alt="a.png">${linkTo('Next', 'HR')}</div>`,
      'Next',
    ],
    [
      'a page that does not close what it opens',
      `${include('Open')}<p>d</p>`,
      '<div data-macro="include"><ul><li>b<aside data-panel="info"><p>c</p></aside></li></ul></div><p>d</p>',
      '- b\n  Info:\n  c\n\nd',
    ],
    [
      'a page that closes what it did not open',
      `<table><tr><td>${include('Closing')}</td><td>d</td></tr></table>`,
      '<table><tbody><tr><td><div data-macro="include">b</div></td><td>d</td></tr></tbody></table>',
      'b | d',
    ],
    [
      'a page that never ends',
      `${include('Unclosed')}d`,
      '<div data-macro="include"><p>bc&lt;/p&gt;</p></div>d',
      'bc</p>\n\nd',
    ],
  ])('%s', (_what, storage, html, text) => {
    const converted = convertStorage(storage, including)
    expect({ html: converted.html, text: converted.text }).toEqual({ html, text })
    expect(converted.warnings).toEqual([])
    expect(violationsOf(converted.html)).toEqual([])
  })

  test('count as part of the page, in its outline and its table of contents', () => {
    const { html, outline, statistics } = convertStorage(`${macro('toc')}<h2>Plain</h2>${include('Plain')}`, including)
    expect(outline.map(({ id }) => id)).toEqual(['cc-Plain', 'cc-Plain.1'])
    expect(html).toContain('<a href="#cc-Plain.1">Plain</a>')
    expect(statistics.words).toBe(3)
  })

  test('are in Markdown as well', () => {
    expect(convertToMarkdown(`<p>a</p>${include('Plain')}`, including)).toEqual({
      markdown: 'a\n\n## Plain\n\nb',
      warnings: [],
    })
    expect(convertToMarkdown(excerptOf('Hidden'), including).markdown).toBe('> **Hidden**\n>\n> seen')
  })
})

test('no output holds a character that none may hold, whatever is included', () => {
  const odd = (): IncludedPage => ({
    id: '1',
    title: 'a\u0000\ud800b',
    storage: `<p>c\u0000\ud800d</p>${excerpt('e\u0001f')}`,
  })
  const { html, text } = convertStorage(include('x') + excerptOf('y'), { ...including, includePage: odd })
  expect(text).toBe('c\ufffdd\n\nef\n\na\ufffdb\nef')
  expect(html).not.toMatch(/[\p{Surrogate}]|\0/u)
})

describe('excerpts', () => {
  test.each([
    ['the first one', excerptOf('Excerpts', nopanel), '<p>first</p>'],
    ['the one of a name', excerptOf('Excerpts', nopanel + parameter('name', 'two &amp; b')), '<p>two</p>'],
    ['one that is hidden on its own page', excerptOf('Hidden', nopanel), '<p>seen</p>'],
    [
      'with macros in it',
      excerptOf('Nested', nopanel),
      '<p>a</p><aside data-panel="info"><p>b</p></aside><p>c</p><pre><code>&lt;/ac:rich-text-body&gt;d</code></pre>',
    ],
    ['not what code looks like', excerptOf('Decoy', nopanel), '<p>yes</p>'],
    ['in a panel', excerptOf('Hidden'), '<aside data-panel="panel"><p><strong>Hidden</strong></p><p>seen</p></aside>'],
  ])('%s', (_what, storage, html) => {
    expect(convertStorage(storage, including)).toMatchObject({
      html: `<div data-macro="excerpt-include">${html}</div>`,
      warnings: [],
    })
  })

  test.each([
    ['no excerpt at all', 'Plain', ''],
    ['no excerpt of that name', 'Excerpts', parameter('name', 'three')],
    ['an excerpt without a body', 'Bodiless', ''],
  ])('%s: a link stands for it', (_what, title, more) => {
    expect(convertStorage(excerptOf(title, nopanel + more), including)).toMatchObject({
      html: `<div data-macro="excerpt-include">${linkTo(title)}</div>`,
      warnings: [{ code: 'include_missing', detail: 'excerpt-include' }],
    })
  })
})

describe('limits', () => {
  test.each<[what: string, storage: string, code: WarningCode, left: string]>([
    ['a page that is not found', include('Nowhere'), 'include_missing', 'Nowhere'],
    ['a page with nothing to show', include('Empty'), 'include_missing', 'Empty'],
    ['a page in itself', include('Self'), 'include_loop', 'b\n\nSelf'],
    ['pages in each other', include('Ping'), 'include_loop', 'ping\n\npong\n\nPing'],
    ['a chain of pages', include('Level 1'), 'include_too_deep', '1\n\n2\n\n3\n\n4\n\n5\n\nLevel 6'],
    ['a page that is too large', include('Huge'), 'include_too_large', 'Huge'],
  ])('%s: a link stands for it', (_what, storage, code, left) => {
    const { text, warnings } = convertStorage(storage, including)
    expect(text).toBe(left)
    expect(warnings).toEqual([{ code, detail: 'include' }])
  })

  test('pages that are too large together', () => {
    const { text, warnings } = convertStorage(include('Large') + include('Large'), including)
    expect(text).toBe(`${'x'.repeat(1_500_000)}\n\nLarge`)
    expect(warnings).toEqual([{ code: 'include_too_large', detail: 'include' }])
  })

  test('the page itself', () => {
    const { text, warnings } = convertStorage(include('Plain'), { ...including, pageId: 'id of Plain' })
    expect({ text, warnings }).toEqual({ text: 'Plain', warnings: [{ code: 'include_loop', detail: 'include' }] })
  })

  test('many pages with many pages each stay within the size of all', () => {
    let characters = 0
    const counting: ConvertOptions = {
      ...including,
      includePage: (reference) => {
        const page = pages.get(key(reference))
        characters += page?.storage.length ?? 0
        return page
      },
    }
    const { html, warnings } = convertStorage(include('Many 0'), counting)
    expect(violationsOf(html)).toEqual([])
    expect(warnings.map(({ code }) => code).sort()).toEqual(['include_too_deep', 'include_too_large'])
    expect(html.length).toBeLessThan(4 * 2_000_000)
    expect(characters).toBeGreaterThan(2_000_000)
  })
})
