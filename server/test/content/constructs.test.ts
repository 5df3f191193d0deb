import { describe, expect, test } from 'vitest'
import { convertStorage } from '../../src/content/index.ts'

const options = {
  baseUrl: 'https://acme.atlassian.net/wiki',
  spaceKey: 'DOCS',
  pageId: '42',
  title: 'This Page',
  resolvePage: ({ title, spaceKey }: { title: string; spaceKey?: string }) =>
    title === 'Renamed' && spaceKey === 'DOCS'
      ? { url: 'https://acme.atlassian.net/wiki/spaces/DOCS/pages/7', title: 'New Name' }
      : undefined,
}

const rel = 'rel="nofollow noopener noreferrer"'
const site = 'https://acme.atlassian.net/wiki'

const macro = (name: string, inside = '') =>
  `<ac:structured-macro ac:name="${name}" ac:schema-version="1" ac:macro-id="9f1c">${inside}</ac:structured-macro>`
const parameter = (name: string, value: string) => `<ac:parameter ac:name="${name}">${value}</ac:parameter>`
const rich = (body: string) => `<ac:rich-text-body>${body}</ac:rich-text-body>`
const plain = (body: string) => `<ac:plain-text-body><![CDATA[${body}]]></ac:plain-text-body>`

/** What is tried, storage, HTML, text. */
type Case = [what: string, storage: string, html: string, text: string]

function table(cases: Case[]): void {
  test.each(cases)('%s', (_what, storage, html, text) => {
    expect(convertStorage(storage, options)).toEqual({ html, text, warnings: [] })
  })
}

describe('text', () => {
  table([
    ['nothing', '', '', ''],
    ['bare text', 'one', 'one', 'one'],
    ['paragraphs', '<p>one</p><p>two</p>', '<p>one</p><p>two</p>', 'one\n\ntwo'],
    ['empty paragraphs', '<p /><p> </p><p>one</p><p></p>', '<p>one</p>', 'one'],
    ['alignment', '<p style="text-align: center;color: red">a</p>', '<p style="text-align: center">a</p>', 'a'],
    ['headings', '<h1>A</h1><h6>B</h6>', '<h1 id="cc-A">A</h1><h6 id="cc-B">B</h6>', 'A\n\nB'],
    [
      'headings of one name',
      '<h2>A b</h2><h2>A b</h2>',
      '<h2 id="cc-Ab">A b</h2><h2 id="cc-Ab.1">A b</h2>',
      'A b\n\nA b',
    ],
    [
      'marks',
      '<strong>a</strong> <em>b</em> <u>c</u> <s>d</s> <del>e</del> <sub>f</sub> <sup>g</sup> <code>h</code> <small>i</small> <big>j</big>',
      '<strong>a</strong> <em>b</em> <u>c</u> <s>d</s> <s>e</s> <sub>f</sub> <sup>g</sup> <code>h</code> <small>i</small> j',
      'a b c d e f g h i j',
    ],
    ['struck spans', '<span style="text-decoration: line-through;">a</span>', '<s>a</s>', 'a'],
    ['coloured spans', '<span style="color: rgb(1,2,3);">a</span>', 'a', 'a'],
    ['white space', '<p>\n a\n\t<b> b </b>  c </p>', '<p>a <strong>b</strong> c</p>', 'a b c'],
    ['marks within words', 'a<b>b</b>c', 'a<strong>b</strong>c', 'abc'],
    ['no-break spaces', 'a&nbsp;b', 'a\u00a0b', 'a b'],
    ['line breaks', '<p>a<br/>b<br />c</p>', '<p>a<br>b<br>c</p>', 'a\nb\nc'],
    ['rules', '<p>a</p><hr/><p>b</p>', '<p>a</p><hr><p>b</p>', 'a\n\nb'],
    ['quotes', '<blockquote><p>a</p><p>b</p></blockquote>', '<blockquote><p>a</p><p>b</p></blockquote>', '> a\n\n> b'],
    ['preformatted', '<pre>a\n  <b>b</b></pre>', '<pre><code>a\n  <strong>b</strong></code></pre>', 'a\n  b'],
    ['inline comments', 'w<ac:inline-comment-marker ac:ref="1">or</ac:inline-comment-marker>d', 'word', 'word'],
    ['placeholders', '<p>a<ac:placeholder>type here</ac:placeholder></p>', '<p>a</p>', 'a'],
  ])
})

describe('lists', () => {
  table([
    ['unordered', '<ul><li>a</li><li><p>b</p></li></ul>', '<ul><li>a</li><li><p>b</p></li></ul>', '- a\n- b'],
    ['ordered', '<ol start="3"><li>a</li><li>b</li></ol>', '<ol start="3"><li>a</li><li>b</li></ol>', '3. a\n4. b'],
    [
      'nested',
      '<ol><li><p>a</p><ul><li>b</li></ul></li><li>c</li></ol><p>d</p>',
      '<ol><li><p>a</p><ul><li>b</li></ul></li><li>c</li></ol><p>d</p>',
      '1. a\n   - b\n2. c\n\nd',
    ],
    [
      'code within',
      `<ul><li><p>a</p>${macro('code', plain('x\n  y'))}</li><li>b</li></ul>`,
      '<ul><li><p>a</p><pre><code>x\n  y</code></pre></li><li>b</li></ul>',
      '- a\nx\n  y\n- b',
    ],
    [
      'tasks',
      '<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-uuid>u</ac:task-uuid><ac:task-status>complete</ac:task-status><ac:task-body>a</ac:task-body></ac:task><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body><span>b</span></ac:task-body></ac:task></ac:task-list>',
      '<ul data-tasks><li><input type="checkbox" disabled checked> a</li><li><input type="checkbox" disabled> b</li></ul>',
      '[x] a\n[ ] b',
    ],
  ])
})

describe('tables', () => {
  table([
    [
      'cells and spans',
      '<table data-table-width="9"><colgroup><col style="width: 1px" /></colgroup><tbody><tr ac:local-id="x"><th colspan="2"><p>a</p></th></tr><tr><td rowspan="2" data-highlight-colour="#fff">b</td><td /></tr></tbody></table>',
      '<table><tbody><tr><th colspan="2"><p>a</p></th></tr><tr><td rowspan="2">b</td><td></td></tr></tbody></table>',
      'a\nb | ',
    ],
    [
      'blocks in cells keep to their row',
      '<table><tbody><tr><td><p>a</p><p>b</p></td><td><ul><li>c</li><li>d</li></ul></td></tr></tbody></table>',
      '<table><tbody><tr><td><p>a</p><p>b</p></td><td><ul><li>c</li><li>d</li></ul></td></tr></tbody></table>',
      'a b | - c - d',
    ],
    [
      'rows without text',
      '<table><tr><td>&nbsp;</td><td/></tr><tr><td>a</td></tr></table>',
      '<table><tbody><tr><td>\u00a0</td><td></td></tr><tr><td>a</td></tr></tbody></table>',
      'a',
    ],
    [
      'nested tables',
      '<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr></table>',
      '<table><tbody><tr><td>a<table><tbody><tr><td>b</td><td>c</td></tr></tbody></table></td><td>d</td></tr></tbody></table>',
      'a b | c | d',
    ],
    [
      'code in cells',
      `<table><tr><td>${macro('code', plain('a\n b'))}</td><td>c</td></tr></table>`,
      '<table><tbody><tr><td><pre><code>a\n b</code></pre></td><td>c</td></tr></tbody></table>',
      'a\n b | c',
    ],
  ])
})

describe('links', () => {
  const link = (inside: string, attributes = '') => `<ac:link${attributes}>${inside}</ac:link>`
  table([
    ['external', '<a href="https://x.org/a">b</a>.', `<a href="https://x.org/a" ${rel}>b</a>.`, 'b (https://x.org/a).'],
    [
      'smart links',
      '<a href="https://x.org/" data-card-appearance="inline">https://x.org/</a>',
      `<a href="https://x.org/" ${rel}>https://x.org/</a>`,
      'https://x.org/',
    ],
    [
      'mail',
      '<a href="mailto:a@x.org">a@x.org</a>, <a href="mailto:a@x.org">me</a>',
      `<a href="mailto:a@x.org" ${rel}>a@x.org</a>, <a href="mailto:a@x.org" ${rel}>me</a>`,
      'a@x.org, me (a@x.org)',
    ],
    ['of the site', '<a href="/wiki/x">a</a>', `<a href="${site}/x" ${rel}>a</a>`, 'a'],
    ['without address', '<a>a</a>', 'a', 'a'],
    [
      'to a heading',
      '<a href="#ThisPage-Setup">a</a><h2>Setup</h2>',
      '<a href="#cc-Setup">a</a><h2 id="cc-Setup">Setup</h2>',
      'a\n\nSetup',
    ],
    [
      'to a synced page, renamed since',
      link('<ri:page ri:content-title="Renamed" ri:version-at-save="3" />'),
      `<a href="${site}/spaces/DOCS/pages/7" ${rel}>New Name</a>`,
      'New Name',
    ],
    [
      'to a page by title',
      link('<ri:page ri:space-key="HR" ri:content-title="Paid leave" /><ac:link-body><b>a</b></ac:link-body>'),
      `<a href="${site}/display/HR/Paid+leave" ${rel}><strong>a</strong></a>`,
      'a',
    ],
    [
      'to an anchor on a page',
      link(
        '<ri:page ri:content-title="P" /><ac:plain-text-link-body><![CDATA[a &amp; b]]></ac:plain-text-link-body>',
        ' ac:anchor="x y"',
      ),
      `<a href="${site}/display/DOCS/P#x%20y" ${rel}>a &amp;amp; b</a>`,
      'a &amp; b',
    ],
    ['to an anchor here', link('', ' ac:anchor="x y"'), '<a href="#cc-xy">x y</a>', 'x y'],
    [
      'to a blog post',
      link('<ri:blog-post ri:content-title="News" ri:posting-day="2025/06/15" />'),
      `<a href="${site}/display/DOCS/2025/06/15/News" ${rel}>News</a>`,
      'News',
    ],
    [
      'to an attachment',
      link('<ri:attachment ri:filename="a b.pdf" />'),
      `<a href="${site}/download/attachments/42/a%20b.pdf" ${rel}>a b.pdf</a>`,
      'a b.pdf',
    ],
    [
      'to an attachment of another page',
      link('<ri:attachment ri:filename="a.pdf"><ri:page ri:content-title="Renamed" /></ri:attachment>'),
      `<a href="${site}/spaces/DOCS/pages/7" ${rel}>a.pdf</a>`,
      'a.pdf',
    ],
    ['to a space', link('<ri:space ri:space-key="HR" />'), `<a href="${site}/spaces/HR" ${rel}>HR</a>`, 'HR'],
    [
      'to a person',
      link('<ri:user ri:account-id="557058:aa" />'),
      `<a href="${site}/people/557058%3Aaa" ${rel} data-mention="557058:aa">@user</a>`,
      '@user',
    ],
    [
      'to content by id',
      link('<ri:content-entity ri:content-id="9" /><ac:link-body>a</ac:link-body>'),
      `<a href="${site}/pages/viewpage.action?pageId=9" ${rel}>a</a>`,
      'a',
    ],
    [
      'to a URL',
      link('<ri:url ri:value="https://x.org/" /><ac:link-body>a</ac:link-body>'),
      `<a href="https://x.org/" ${rel}>a</a>`,
      'a (https://x.org/)',
    ],
    ['by shortcut', link('<ri:shortcut ri:key="wiki" ri:parameter="Cat" />'), 'Cat', 'Cat'],
  ])
})

describe('images, emoji, dates', () => {
  const image = (inside: string, attributes = '') => `<ac:image${attributes}>${inside}</ac:image>`
  table([
    [
      'attached',
      image(
        '<ri:attachment ri:filename="a.png" /><ac:adf-mark key="border" size="1" />',
        ' ac:alt="a.png" ac:width="760" ac:height="9.5"',
      ),
      `<img src="${site}/download/attachments/42/a.png" alt="a.png" width="760" height="10">`,
      '',
    ],
    [
      'described',
      image('<ri:url ri:value="https://x.org/a.png" />', ' ac:alt="A cat"'),
      '<img src="https://x.org/a.png" alt="A cat">',
      'A cat',
    ],
    [
      'with a caption',
      image('<ri:attachment ri:filename="a.png" /><ac:caption><p>A <b>cat</b></p></ac:caption>', ' ac:alt="A cat"'),
      `<figure><img src="${site}/download/attachments/42/a.png" alt="A cat"><figcaption><p>A <strong>cat</strong></p></figcaption></figure>`,
      'A cat',
    ],
    [
      'with a caption, linked',
      `<a href="https://x.org/">${image('<ri:attachment ri:filename="a.png" /><ac:caption>c</ac:caption>')}</a>`,
      `<figure><a href="https://x.org/" ${rel}><img src="${site}/download/attachments/42/a.png" alt="a.png"></a><figcaption><a href="https://x.org/" ${rel}>c</a></figcaption></figure>`,
      'c (https://x.org/)',
    ],
    ['of HTML', '<img src="/wiki/a.png" alt="b">', `<img src="${site}/a.png" alt="b">`, 'b'],
    ['emoji by fallback', '<ac:emoticon ac:name="x" ac:emoji-fallback="😀" />', '😀', '😀'],
    ['emoji by code points', '<ac:emoticon ac:emoji-id="1f1e9-1f1ea" />', '🇩🇪', '🇩🇪'],
    [
      'emoji of Atlassian',
      '<ac:emoticon ac:name="tick" ac:emoji-id="atlassian-check_mark" ac:emoji-fallback=":check_mark:" />',
      '✅',
      '✅',
    ],
    ['emoji of the site', '<ac:emoticon ac:emoji-shortname=":parrot:" ac:emoji-id="9a-b" />', ':parrot:', ':parrot:'],
    ['dates', '<time datetime="2025-06-05" />', '<time datetime="2025-06-05">5 Jun 2025</time>', '5 Jun 2025'],
    ['dates that are none', '<time datetime="soon" />', 'soon', 'soon'],
  ])
})

describe('layouts', () => {
  table([
    [
      'sections and cells',
      '<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell><p>b</p></ac:layout-cell></ac:layout-section></ac:layout>',
      '<section data-layout="two_equal"><div data-column><p>a</p></div><div data-column><p>b</p></div></section>',
      'a\n\nb',
    ],
    [
      'of the old editor',
      macro('section', rich(macro('column', parameter('width', '50%') + rich('<p>a</p>')))),
      '<section><div data-column><p>a</p></div></section>',
      'a',
    ],
  ])
})

describe('macros', () => {
  table([
    ...(['info', 'note', 'tip', 'warning', 'panel'] as const).map(
      (name): Case => [
        name,
        macro(name, parameter('title', 'T &amp; U') + parameter('bgColor', '#fff') + rich('<p>a</p>')),
        `<aside data-panel="${name}"><p><strong>T &amp; U</strong></p><p>a</p></aside>`,
        'T & U\n\na',
      ],
    ),
    ['panels without title', macro('info', rich('<p>a</p>')), '<aside data-panel="info"><p>a</p></aside>', 'a'],
    [
      'code',
      macro('code', parameter('language', 'JavaScript') + parameter('title', 'a.js') + plain('if (a < b) {\n  c()\n}')),
      '<figure><figcaption>a.js</figcaption><pre><code class="language-javascript">if (a &lt; b) {\n  c()\n}</code></pre></figure>',
      'a.js\nif (a < b) {\n  c()\n}',
    ],
    ['noformat', macro('noformat', plain(' a  b')), '<pre><code class="language-text"> a  b</code></pre>', ' a  b'],
    [
      'expand',
      macro('expand', parameter('title', 'More') + rich('<p>a</p>')),
      '<details><summary>More</summary><p>a</p></details>',
      'More\n\na',
    ],
    [
      'status',
      `<p>a ${macro('status', parameter('title', 'Done') + parameter('colour', 'Green'))} b</p>`,
      '<p>a <span data-status="green">DONE</span> b</p>',
      'a DONE b',
    ],
    [
      'status of no colour',
      macro('status', parameter('title', 'x') + parameter('colour', '"onclick')),
      '<span data-status="grey">X</span>',
      'X',
    ],
    [
      'toc',
      `${macro('toc', parameter('minLevel', '2') + parameter('maxLevel', '3'))}<h1>A</h1><h2>B</h2><h3>C</h3><h4>D</h4>`,
      '<nav data-macro="toc"><ul><li data-level="2"><a href="#cc-B">B</a></li><li data-level="3"><a href="#cc-C">C</a></li></ul></nav><h1 id="cc-A">A</h1><h2 id="cc-B">B</h2><h3 id="cc-C">C</h3><h4 id="cc-D">D</h4>',
      'A\n\nB\n\nC\n\nD',
    ],
    ['toc without headings', macro('toc'), '<nav data-macro="toc"></nav>', ''],
    ['anchor', `<p>${macro('anchor', parameter('', 'x y'))}a</p>`, '<p><span id="cc-xy"></span>a</p>', 'a'],
    ['excerpt', macro('excerpt', parameter('name', 'x') + rich('<p>a</p>')), '<p>a</p>', 'a'],
    ['hidden excerpt', macro('excerpt', parameter('hidden', 'true') + rich('<p>a</p>')), '', ''],
    [
      'details',
      macro('details', rich('<table><tr><th>a</th><td>b</td></tr></table>')),
      '<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>',
      'a | b',
    ],
    [
      'include',
      macro('include', parameter('', '<ac:link><ri:page ri:content-title="Renamed" /></ac:link>')),
      `<div data-macro="include"><a href="${site}/spaces/DOCS/pages/7" ${rel}>New Name</a></div>`,
      'New Name',
    ],
    [
      'excerpt-include',
      macro('excerpt-include', parameter('', 'HR:Leave') + parameter('nopanel', 'true')),
      `<div data-macro="excerpt-include"><a href="${site}/display/HR/Leave" ${rel}>Leave</a></div>`,
      'Leave',
    ],
    [
      'view-file',
      macro('view-file', parameter('name', '<ri:attachment ri:filename="a.json" ri:version-at-save="1" />')).repeat(2),
      `<p><a href="${site}/download/attachments/42/a.json" ${rel}>a.json</a></p>`.repeat(2),
      'a.json\n\na.json',
    ],
    [
      'viewpdf of the old editor',
      macro('viewpdf', parameter('name', 'a.pdf')),
      `<p><a href="${site}/download/attachments/42/a.pdf" ${rel}>a.pdf</a></p>`,
      'a.pdf',
    ],
    [
      'jira issue',
      macro('jira', parameter('serverId', 's') + parameter('key', 'AB-1')),
      `<a href="https://acme.atlassian.net/browse/AB-1" ${rel}>AB-1</a>`,
      'AB-1',
    ],
    ['jira table', macro('jira', parameter('jqlQuery', 'a = b')), '<span data-macro="jira"></span>', ''],
    [
      'widget',
      macro('widget', parameter('url', '<ri:url ri:value="https://x.org/v" />')),
      `<a href="https://x.org/v" ${rel}>https://x.org/v</a>`,
      'https://x.org/v',
    ],
    [
      'formulas',
      macro('eazy-math-inline', parameter('body', 'a_1')) + macro('easy-math-block', parameter('body', 'b^2')),
      '<code>a_1</code><pre><code class="language-latex">b^2</code></pre>',
      'a_1\n\nb^2',
    ],
    ...[
      'children',
      'pagetree',
      'content-by-label',
      'contentbylabel',
      'recently-updated',
      'blog-posts',
      'gallery',
      'attachments',
      'profile',
      'profile-picture',
      'tasks-report-macro',
      'livesearch',
      'contributors',
      'change-history',
      'listlabels',
      'detailssummary',
      'drawio',
      'gliffy',
    ].map(
      (name): Case => [
        name,
        `<p>a</p>${macro(name, parameter('max', '5'))}`,
        `<p>a</p><span data-macro="${name}"></span>`,
        'a',
      ],
    ),
    [
      'a chart keeps its data',
      macro('chart', rich('<table><tr><td>a</td></tr></table>')),
      '<div data-macro="chart"><table><tbody><tr><td>a</td></tr></tbody></table></div>',
      'a',
    ],
    [
      'the form before 2012',
      '<ac:macro ac:name="excerpt-include"><ac:default-parameter>Leave</ac:default-parameter></ac:macro>',
      `<div data-macro="excerpt-include"><a href="${site}/display/DOCS/Leave" ${rel}>Leave</a></div>`,
      'Leave',
    ],
    [
      'blocks in a paragraph split it',
      `<p><b>a ${macro('info', rich('<p>b</p>'))} c</b></p>`,
      '<p><strong>a</strong></p><aside data-panel="info"><p><strong>b</strong></p></aside><p><strong>c</strong></p>',
      'a\n\nb\n\nc',
    ],
  ])

  test.each([
    ['with text', rich('<p>a</p>'), '<div data-macro="acme-app"><p>a</p></div>', 'a'],
    ['with source', plain('a <b>'), '<div data-macro="acme-app"><pre><code>a &lt;b&gt;</code></pre></div>', 'a <b>'],
    ['with nothing', parameter('secret', 'x'), '<span data-macro="acme-app"></span>', ''],
  ])('unknown ones keep their body: %s', (_what, inside, html, text) => {
    expect(convertStorage(macro('acme-app', inside), options)).toEqual({
      html,
      text,
      warnings: [{ code: 'unknown_macro', detail: 'acme-app' }],
    })
  })
})

describe('ADF', () => {
  const attribute = (key: string, value: string) => `<ac:adf-attribute key="${key}">${value}</ac:adf-attribute>`
  const node = (type: string, inside: string) => `<ac:adf-node type="${type}">${inside}</ac:adf-node>`
  const content = (inside: string) => `<ac:adf-content>${inside}</ac:adf-content>`
  const extension = (inside: string, fallback: string) =>
    `<ac:adf-extension>${inside}<ac:adf-fallback>${fallback}</ac:adf-fallback></ac:adf-extension>`
  table([
    [
      'a panel, once',
      extension(node('panel', attribute('panel-type', 'note') + content('<p>a</p>')), '<div class="panel">a</div>'),
      '<aside data-panel="note"><p>a</p></aside>',
      'a',
    ],
    [
      'decisions',
      extension(
        node('decision-list', node('decision-item', attribute('state', 'DECIDED') + content('a'))),
        '<ul class="decision-list"><li>a</li></ul>',
      ),
      '<ul><li>a</li></ul>',
      '- a',
    ],
    [
      'the fallback of what has no content',
      extension(node('extension', attribute('k', 'v')), '<p>a</p>'),
      '<p>a</p>',
      'a',
    ],
    [
      'marks',
      '<p>a<ac:adf-fragment-mark><ac:adf-fragment-mark-detail name="x">b</ac:adf-fragment-mark-detail></ac:adf-fragment-mark></p>',
      '<p>a</p>',
      'a',
    ],
  ])
})

describe('characters', () => {
  table([
    ['names of HTML', '&nbsp;&rarr;&harr;&euro;&ldquo;&hellip;&notin;', '\u00a0→↔€“…∉', '→↔€“…∉'],
    ['names of XML', '&lt;b&gt; &amp;amp; &quot;&apos;', '&lt;b&gt; &amp;amp; "\'', '<b> &amp; "\''],
    ['numbers', '&#8594;&#x2192;', '→→', '→→'],
    [
      'names that are none',
      '&nosuchname; & &#; AT&T',
      '&amp;nosuchname; &amp; &amp;#; AT&amp;T',
      '&nosuchname; & &#; AT&T',
    ],
    [
      'attributes',
      '<a href="https://x.org/?a=1&amp;b=2">c</a>',
      `<a href="https://x.org/?a=1&amp;b=2" ${rel}>c</a>`,
      'c (https://x.org/?a=1&b=2)',
    ],
    ['U+0000', 'a\u0000b&#0;&#1;c', 'ab\ufffdc', 'ab\ufffdc'],
    [
      'names in CDATA stay',
      macro('code', plain('&nbsp;&lt;')),
      '<pre><code>&amp;nbsp;&amp;lt;</code></pre>',
      '&nbsp;&lt;',
    ],
    [
      'CDATA that holds its own end',
      macro('code', plain('a]]]]><![CDATA[>b')),
      '<pre><code>a]]&gt;b</code></pre>',
      'a]]>b',
    ],
    ['CDATA that never ends', '<p>a<![CDATA[b</p>', '<p>ab&lt;/p&gt;</p>', 'ab</p>'],
    ['CDATA in text', '<p><![CDATA[<b>]]></p>', '<p>&lt;b&gt;</p>', '<b>'],
    ['comments', 'a<!-- b <p> -->c', 'ac', 'ac'],
    ['declarations', '<?xml version="1.0"?><!DOCTYPE x>a', 'a', 'a'],
    ['comparisons', 'a < b <= c', 'a &lt; b &lt;= c', 'a < b <= c'],
    ['other cases', '<P>a</P><Br/>', '<p>a</p><br>', 'a'],
  ])
})

describe('malformed structure', () => {
  table([
    ['unclosed', '<ul><li>a<li>b', '<ul><li>a<ul><li>b</li></ul></li></ul>', '- a\n  - b'],
    ['closed too often', '</p>a</b></p>', 'a', 'a'],
    ['overlapping', '<p><b>a<i>b</b>c</i></p>', '<p><strong>a<em>b</em></strong>c</p>', 'abc'],
    ['cells without a table', '<td>a</td>', '<table><tbody><tr><td>a</td></tr></tbody></table>', 'a'],
    [
      'text between cells',
      '<table>a<tr>b<td>c</td></tr></table>',
      '<table><tbody><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></tbody></table>',
      'a\nb | c',
    ],
    ['links in links', '<a href="#a">a<a href="#b">b</a></a>', '<a href="#cc-a">ab</a>', 'ab'],
    [
      'anchors between cells',
      `<table>${macro('anchor', parameter('', 'x'))}</table>`,
      '<table><tbody><tr><td><span id="cc-x"></span></td></tr></tbody></table>',
      '',
    ],
    ['headings in headings', '<h1>a<h2>b</h2></h1>', '<h1 id="cc-ab">ab</h1>', 'ab'],
    ['a body without its macro', '<ac:rich-text-body><p>a</p></ac:rich-text-body>', '<p>a</p>', 'a'],
    [
      'a macro without its body',
      '<ac:structured-macro ac:name="info"><p>a</p></ac:structured-macro>',
      '<aside data-panel="info"><p>a</p></aside>',
      'a',
    ],
  ])

  test('unknown elements are unwrapped and told', () => {
    expect(convertStorage('<foo>a</foo>', options)).toEqual({
      html: 'a',
      text: 'a',
      warnings: [{ code: 'unknown_element', detail: 'foo' }],
    })
  })
})
