import { describe, expect, test } from 'vitest'
import { convertStorage, convertToMarkdown } from '../../src/content/index.ts'
import { violationsOf } from './html.ts'

const options = { baseUrl: 'https://acme.atlassian.net/wiki', spaceKey: 'DOCS', pageId: '42' }
const convert = (storage: string) => convertStorage(storage, options)

describe('nesting without end', () => {
  const DEPTH = 100_000

  test.each([
    ['paragraphs', '<p>'],
    ['marks', '<b>a'],
    ['lists', '<ul><li>a'],
    ['tables', '<table><tr><td>a'],
    ['cells', '<td>a'],
    ['macros', '<ac:structured-macro ac:name="info"><ac:rich-text-body>a'],
    ['headings', '<h1>a<div>'],
    ['links', '<ac:link><ac:link-body>a'],
    ['resources', '<ri:attachment>'],
  ])('%s lose their structure beyond a limit', (_what, open) => {
    const { html, text, warnings } = convert(`${open.repeat(DEPTH)}the end`)
    expect(warnings).toContainEqual({ code: 'depth_exceeded' })
    expect(violationsOf(html)).toEqual([])
    expect(text).toMatch(/the end$/)
    expect(convertToMarkdown(`${open.repeat(DEPTH)}the end`, options).markdown).toContain('the end')
  })

  test('what readers do not see stays hidden beyond the limit, and all else returns', () => {
    const hidden = '<ac:parameter ac:name="x">secret</ac:parameter><ac:placeholder><b>secret</b></ac:placeholder>'
    const { text } = convert(`${'<b>'.repeat(600)}a${hidden}b${'</b>'.repeat(600)}<ul><li>c</li></ul>`)
    expect(text).toBe('ab\n\n- c')
  })
})

/** Five million characters each, made to cost more than their length where a converter is careless. */
const SIZE = 5_000_000
const filled = (unit: string, before = '', after = '') =>
  before + unit.repeat(Math.floor((SIZE - before.length - after.length) / unit.length)) + after

describe('five megabytes', () => {
  test.each([
    ['closing tags of nothing', filled('</p>')],
    ['blocks within many marks', filled('a<hr/>', '<p><b><i><u><s><sub><sup><code><small><a href="#a">')],
    ['blocks within many paragraphs', filled('a<hr/>', '<p>'.repeat(490))],
    ['items of deep lists', filled('<li>a</li>', '<ul><li>'.repeat(240))],
    ['entities', filled('&nbsp;&rarr;&#x41;')],
    ['ampersands', filled('&')],
    ['opening brackets', filled('<')],
    ['tags that never end', filled('<a b="')],
    ['attributes', filled('b ', '<a ', '>c')],
    ['one attribute', filled('b', '<a href="', '">c</a>')],
    ['comments that never end', filled('<!--')],
    ['CDATA that never ends', filled('<![CDATA[')],
    ['headings and tables of contents', filled('<h1>a</h1><ac:structured-macro ac:name="toc"/>')],
    ['links', filled('<a href="#a">b</a>')],
    ['white space', filled(' ')],
    ['white space in code', filled('\n ', '<pre>', '</pre>')],
  ])('%s are converted to an output of bounded size', (_what, storage) => {
    const { html, text } = convert(storage)
    const { markdown } = convertToMarkdown(storage, options)
    // No character of the source may make more than the tags that ten marks around it take to close and open again.
    expect(html.length).toBeLessThan(SIZE * 40)
    expect(text.length).toBeLessThan(SIZE * 10)
    expect(markdown.length).toBeLessThan(SIZE * 40)
  })

  test('a reference to an entity of its own is not expanded', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "cccccccccc"><!ENTITY d "&b;&b;&b;">]><p>&d;</p>'
    expect(convert(bomb).text).toContain('&d;')
  })
})

describe('a source that would make more than a string can hold', () => {
  const TOO_LARGE = [{ code: 'size_exceeded' }]

  test('is cut before a tag, and told', () => {
    const { html, text, warnings } = convert(filled('<p>a</p>', '<p>first</p>').repeat(3))
    expect(warnings).toEqual(TOO_LARGE)
    expect(html.slice(0, 20)).toBe('<p>first</p><p>a</p>')
    expect(html.slice(-5)).toMatch(/^[at]<\/p>$/)
    expect(text.split('first')).toHaveLength(4)
  })

  test('is cut anywhere where it has no tags', () => {
    const { html, warnings } = convert('&'.repeat(20_000_000))
    expect(warnings).toEqual(TOO_LARGE)
    expect(html).toHaveLength(50_000_000)
  })

  test('keeps its text and loses its marks after many blocks within them', () => {
    const storage = filled('A<hr/>', '<p><b>', '</b></p><p><b>after</b></p>')
    const { html, text, warnings } = convert(storage)
    expect(warnings).toEqual(TOO_LARGE)
    expect(html.match(/<strong>/g)?.length).toBeLessThan(110_000)
    expect(text.replace(/[^A]/g, '').length).toBe(storage.replace(/[^A]/g, '').length)
    expect(html.endsWith('<p>A</p><hr><p>after</p>')).toBe(true)
  })

  test('names the target of a long link once, whatever stands in it', () => {
    const href = `https://x.org/${'a'.repeat(SIZE / 2)}`
    for (const unit of ['a<hr/>', '<div>a</div>', '<ac:structured-macro ac:name="toc"/>a', 'a<br/>']) {
      const { html, text } = convert(`<a href="${href}">${unit.repeat(SIZE / 2 / unit.length)}</a>`)
      expect(html.length).toBeLessThan(SIZE * 3)
      expect(text.length).toBeLessThan(SIZE * 3)
    }
  })
})

describe('five megabytes, as Markdown', () => {
  test.each([
    ['asterisks', filled('*')],
    ['underscores', filled('_')],
    ['backticks', filled('`', '<code>', '</code>')],
    ['addresses', filled('http://a_ ')],
    ['marks that touch', filled('<b>)</b>a<i>b</i>')],
    ['targets of links around blocks', filled('a<hr/>', `<a href="https://x.org/${'b'.repeat(180)}">`)],
    ['rows as wide as the first one', filled('<tr><td>a</td></tr>', `<table><tr>${'<td>a</td>'.repeat(100_000)}</tr>`)],
    ['cells that span', filled('<tr><td colspan="1000">a</td></tr>', '<table>', '</table>')],
    ['cells from above', filled('<tr/>', `<table><tr>${'<td rowspan="1000">a</td>'.repeat(1000)}</tr>`)],
    ['lines of code in deep quotes', filled('\n', `${'<blockquote>'.repeat(240)}<pre>a`, 'b</pre>')],
    ['items in a cell', filled('<li>a</li>', `<td>${'<ul><li>'.repeat(200)}`)],
  ])('%s are converted to an output of bounded size', (_what, storage) => {
    const { markdown } = convertToMarkdown(storage, options)
    // Forty columns of quotes before each line, or the target of a link around each block.
    expect(markdown.length).toBeLessThan(SIZE * 45)
  })

  test('the target of a link that goes on in many blocks is written once', () => {
    const href = `https://x.org/${'a'.repeat(SIZE / 2)}`
    for (const unit of ['a<hr/>', 'a<br/><br/>']) {
      const storage = `<a href="${href}">${unit.repeat(SIZE / 2 / unit.length)}</a>`
      expect(convertToMarkdown(storage, options).markdown.length).toBeLessThan(SIZE * 3)
    }
  })
})
