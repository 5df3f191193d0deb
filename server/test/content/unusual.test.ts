import { expect, it } from 'vitest'
import { convertStorage } from '../../src/content/index.ts'

const convert = (storage: string) =>
  convertStorage(storage, { baseUrl: 'https://acme.atlassian.net/wiki', pageId: '1' })

const emoticon = (attributes: string) => `<p><ac:emoticon ${attributes}/></p>`

it('shows a site’s own emoji by its short name, whatever name the new editor gave it', () => {
  const custom = emoticon(
    'ac:name="blue-star" ac:emoji-shortname=":partyparrot:" ac:emoji-id="6f2b0d1e-0000-4000-8000-000000000000" ac:emoji-fallback=":partyparrot:"',
  )
  expect(convert(custom)).toMatchObject({ html: '<p>:partyparrot:</p>', text: ':partyparrot:' })
  expect(convert(emoticon('ac:name="tick"')).text).toBe('✅')
})

it.each(['0000', 'd800', '001b-0007'])('makes no character of the emoji id %s that text must not hold', (id) => {
  expect(convert(emoticon(`ac:emoji-id="${id}" ac:emoji-shortname=":x:"`)).text).toBe(':x:')
})

it('keeps a Jira key within its link, half a surrogate pair included', () => {
  const issue = (key: string) =>
    convert(
      `<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">${key}</ac:parameter></ac:structured-macro>`,
    ).html
  expect(issue('ABC-1')).toContain('href="https://acme.atlassian.net/browse/ABC-1"')
  expect(issue('../../x?y')).toContain('href="https://acme.atlassian.net/browse/..%2F..%2Fx%3Fy"')
  expect(issue('\ud800')).toContain('/browse/')
})

it.each(['.', '..'])('makes no link of the Jira key %s, nor a path of such a title', (dots) => {
  const issue = `<p><ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">${dots}</ac:parameter></ac:structured-macro></p>`
  expect(convert(issue).html).toBe(`<p>${dots}</p>`)
  const page = `<ac:link><ri:page ri:space-key="A" ri:content-title="${dots}"/></ac:link>`
  expect(convert(page).html).toContain(`href="https://acme.atlassian.net/wiki/search?text=${dots}"`)
})

it('separates text from a table of contents that stands in it', () => {
  const toc = '<ac:structured-macro ac:name="toc"/>'
  expect(convert(`a${toc}b`).text).toBe('a\n\nb')
  expect(convert(`<p>a${toc}b</p>`).text).toBe('a\n\nb')
})

it.each([
  ['<p>a</p><p>b</p>', 'a\nb'],
  ['<div>a</div>b', 'a\nb'],
  ['a<div>b</div>c', 'a\nb\nc'],
  ['<p>a</p>\n<p>b</p>', 'a\nb'],
  ['a\n  <p>b</p>', 'a\n  b'],
  ['<p>a<br/></p><p>b</p>', 'a\nb'],
  ['<p></p><p>a</p><p></p>', 'a'],
  ['<table><tr><td>a</td><td>b</td></tr></table>', 'a\nb'],
  ['<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>', 'a\nb\nc'],
  ['<p>a <b>b</b> c</p><pre>d</pre>', 'a b c\nd'],
])('gives every block in preformatted text a line of its own: %j', (content, lines) => {
  expect(convert(`<pre>${content}</pre><p>after</p>`).text).toBe(`${lines}\n\nafter`)
})

it('keeps marks around and within the blocks of preformatted text', () => {
  expect(convert('<pre><b>a<p>b</p><i>c</i></b></pre>').html).toBe(
    '<pre><code><strong>a\nb\n<em>c</em></strong></code></pre>',
  )
})

it('gives each id once, to headings and anchors alike', () => {
  const anchor = (name: string) =>
    `<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">${name}</ac:parameter></ac:structured-macro>`
  const idsOf = (storage: string) => [...convert(storage).html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
  expect(idsOf(`<p>${anchor('a b')}</p><h1>a b</h1><p>${anchor('ab')}</p>`)).toEqual(['cc-ab', 'cc-ab.1', 'cc-ab.2'])
  expect(idsOf('<h1>a.1</h1><h1>a</h1><h1>a</h1><h1>a.1</h1>')).toEqual(['cc-a.1', 'cc-a', 'cc-a.2', 'cc-a.1.1'])
})

it('cuts no character in two where it shortens a name', () => {
  const { html } = convert(
    `<h1>${'a'.repeat(199)}\u{1f389}</h1><ac:structured-macro ac:name="${'a'.repeat(99)}\u{1f389}"/>`,
  )
  expect(html.isWellFormed()).toBe(true)
})

it('writes no U+0000 for a fragment that spells one', () => {
  expect(convert('<p><a href="#a%00b">link</a></p>').html).not.toContain('\0')
})

it('shows the address of content that has no name', () => {
  const { html, text } = convert('<p><ac:link><ri:content-entity ri:content-id="42" /></ac:link></p>')
  expect(html).toContain('href="https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=42"')
  expect(text).toContain('https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=42')
})

it('writes no half of a surrogate pair', () => {
  const { html, text } = convert('<h1>x\ud800</h1><p>a\ud800b <ac:emoticon ac:emoji-fallback="\ud800"/></p>')
  expect(html + text).not.toMatch(/\p{Surrogate}/u)
  expect(text).toContain('a\ufffdb')
})

it('hides within the values of parameters what it hides elsewhere', () => {
  const { text } = convert(
    '<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">a<ac:placeholder>b</ac:placeholder><script>c</script>d</ac:parameter><ac:rich-text-body>e</ac:rich-text-body></ac:structured-macro>',
  )
  expect(text).toBe('ad\ne')
})
