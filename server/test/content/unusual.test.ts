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
