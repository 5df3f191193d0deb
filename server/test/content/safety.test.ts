import { describe, expect, test } from 'vitest'
import { convertStorage } from '../../src/content/index.ts'
import { violationsOf } from './html.ts'

const options = { baseUrl: 'https://acme.atlassian.net/wiki', spaceKey: 'DOCS', pageId: '42' }
const convert = (storage: string) => convertStorage(storage, options)

describe('active content', () => {
  test.each([
    '<script>alert(1)</script>',
    '<SCRIPT src="https://x.org/a.js"/>',
    '<script><![CDATA[alert(1)]]></script>',
    '<style>body { display: none }</style>',
    '<iframe src="https://x.org">alert(1)</iframe>',
    '<object data="a.swf"><p>alert(1)</p></object>',
    '<embed src="a.swf" />',
  ])('%s is dropped with what is in it, and told', (storage) => {
    const { html, text, warnings } = convert(`<p>a${storage}b</p>`)
    expect({ html, text }).toEqual({ html: '<p>ab</p>', text: 'ab' })
    expect(warnings).toEqual([{ code: 'unsafe_element', detail: expect.any(String) }])
  })

  test.each([
    '<scr<script>ipt>alert(1)</script>',
    '<svg onload="alert(1)"><a xlink:href="javascript:alert(1)">a</a></svg>',
    '<math><mtext><img src=x onerror=alert(1)></mtext></math>',
    '<p onclick="alert(1)" onmouseover=alert(1) style="background: url(javascript:alert(1))">a</p>',
    '<form action="https://x.org"><input name="a"/><button formaction="javascript:alert(1)">a</button></form>',
    '<base href="https://x.org/"/><link rel="stylesheet" href="https://x.org"/><meta http-equiv="refresh" content="0;url=https://x.org"/>',
    '<p style="text-align: center; position: fixed; inset: 0">a</p>',
    '<a id="location" name="cookie" href="https://x.org" target="_top" ping="https://y.org">a</a>',
    '<td colspan="2&quot; onclick=&quot;alert(1)">a</td>',
    '<ol start="1&quot; onclick=&quot;alert(1)"><li>a</li></ol>',
    '<img src="https://x.org/a.png&quot; onerror=&quot;alert(1)" alt="&quot;&gt;&lt;script&gt;" width="1&quot; x"/>',
    '<ac:structured-macro ac:name="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"/>',
    '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">x"&gt;&lt;script&gt;</ac:parameter><ac:plain-text-body><![CDATA[</code></pre><script>alert(1)</script>]]></ac:plain-text-body></ac:structured-macro>',
    '<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">"&gt;&lt;script&gt;</ac:parameter></ac:structured-macro>',
    '<ac:structured-macro ac:name="html"><ac:plain-text-body><![CDATA[<script>alert(1)</script>]]></ac:plain-text-body></ac:structured-macro>',
    '<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">&lt;img src=x onerror=alert(1)&gt;</ac:parameter></ac:structured-macro>',
    '<ac:layout-section ac:type="&quot; onclick=&quot;alert(1)">a</ac:layout-section>',
    '<ac:link><ri:user ri:account-id="&quot; onclick=&quot;alert(1)"/></ac:link>',
    '<ac:link><ri:page ri:content-title="&quot;&gt;&lt;script&gt;"/></ac:link>',
    '<ac:image ac:alt="&quot; onerror=&quot;alert(1)"><ri:attachment ri:filename="../../&quot; onerror=&quot;a.png"/></ac:image>',
    '<h1>&lt;script&gt;" onclick="alert(1)</h1><ac:structured-macro ac:name="toc"/>',
    '<time datetime="2025-01-01&quot; onclick=&quot;alert(1)"/>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '<![CDATA[<script>alert(1)</script>]]>',
    '<!--><script>alert(1)</script>-->',
    '<constructor>a</constructor><__proto__>b</__proto__><ac:structured-macro ac:name="__proto__"/>',
  ])('%s makes nothing but allowed elements and attributes', (storage) => {
    expect(violationsOf(convert(storage).html)).toEqual([])
  })
})

describe('addresses', () => {
  const refused = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '  javascript:alert(1)',
    'java\nscript:alert(1)',
    'java&#10;script:alert(1)',
    'java&#x09;script&colon;alert(1)',
    'java&Tab;script:alert(1)',
    '&#1;javascript:alert(1)',
    '&#106;avascript&#58;alert(1)',
    'javascript&#x3A;alert(1)',
    'javascript://x.org/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:image/svg+xml;base64,PHN2Zz4=',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'blob:https://x.org/1',
    'view-source:https://x.org',
    'https://[',
  ].map((url) => url.replaceAll('"', '&quot;').replaceAll('<', '&lt;'))

  test.each(refused)('%s is no link and no image', (url) => {
    for (const storage of [
      `<a href="${url}">a</a>`,
      `<ac:link><ri:url ri:value="${url}"/><ac:link-body>a</ac:link-body></ac:link>`,
    ]) {
      const { html, text, warnings } = convert(storage)
      expect({ html, text }).toEqual({ html: 'a', text: 'a' })
      expect(warnings.map(({ code }) => code)).toEqual(['unsafe_url'])
    }
    for (const storage of [`<img src="${url}"/>`, `<ac:image><ri:url ri:value="${url}"/></ac:image>`]) {
      const { html, warnings } = convert(storage)
      expect(html).toBe('<img alt="">')
      expect(warnings.map(({ code }) => code)).toEqual(['unsafe_url'])
    }
  })

  test('are not read from a resolver unchecked', () => {
    const { html } = convertStorage('<ac:link><ri:page ri:content-title="a"/></ac:link>', {
      ...options,
      resolvePage: ({ title }) => ({ url: 'javascript:alert(1)', title }),
    })
    expect(violationsOf(html)).toEqual([])
  })

  test.each([
    ['//x.org/a', 'https://x.org/a'],
    ['/wiki/a', 'https://acme.atlassian.net/wiki/a'],
    ['a?b', 'https://acme.atlassian.net/wiki/a?b'],
    ['tel:+1', 'tel:+1'],
  ])('%s becomes absolute', (url, href) => {
    expect(convert(`<a href="${url}">a</a>`).html).toBe(`<a href="${href}" rel="nofollow noopener noreferrer">a</a>`)
  })
})

describe('warnings', () => {
  test('never hold text of the page', () => {
    const { warnings } = convert(
      '<ac:structured-macro ac:name="our secret plan"><ac:rich-text-body>a</ac:rich-text-body></ac:structured-macro><a href="secret plan:x">b</a>',
    )
    expect(JSON.stringify(warnings)).not.toContain('secret')
  })

  test('are told once, and not endlessly', () => {
    const twice = '<foo/>'.repeat(2)
    expect(convert(twice).warnings).toHaveLength(1)
    const many = Array.from({ length: 500 }, (_, index) => `<x-${index}/>`).join('')
    expect(convert(many).warnings).toHaveLength(100)
  })
})
