import { describe, expect, test } from 'vitest'
import { convertToMarkdown } from '../../src/content/index.ts'

const options = { baseUrl: 'https://acme.atlassian.net/wiki', spaceKey: 'DOCS', pageId: '42', title: 'This Page' }
const site = 'https://acme.atlassian.net/wiki'

const macro = (name: string, inside = '') => `<ac:structured-macro ac:name="${name}">${inside}</ac:structured-macro>`
const parameter = (name: string, value: string) => `<ac:parameter ac:name="${name}">${value}</ac:parameter>`
const rich = (body: string) => `<ac:rich-text-body>${body}</ac:rich-text-body>`
const plain = (body: string) => `<ac:plain-text-body><![CDATA[${body}]]></ac:plain-text-body>`
const task = (status: string, body: string) =>
  `<ac:task><ac:task-status>${status}</ac:task-status><ac:task-body>${body}</ac:task-body></ac:task>`
const row = (...cells: string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
const table = (...rows: string[]) => `<table><tbody>${rows.join('')}</tbody></table>`
/** A table of one column without a header, with these lines. */
const column = (...lines: string[]) => ['|  |', '| --- |', ...lines.map((line) => `| ${line} |`)].join('\n')

/** What is tried, storage, Markdown. */
type Case = [what: string, storage: string, markdown: string]

function cases(list: Case[]): void {
  test.each(list)('%s', (_what, storage, markdown) => {
    expect(convertToMarkdown(storage, options)).toEqual({ markdown, warnings: [] })
  })
}

describe('text', () => {
  cases([
    ['nothing', '', ''],
    ['paragraphs', '<p>one</p><p> </p><p>two</p>three', 'one\n\ntwo\n\nthree'],
    ['headings', '<h1>A</h1><h6>B <b>c</b></h6><h2></h2>', '# A\n\n###### B **c**'],
    ['headings that end in number signs', '<h2>C #</h2><h2>1. D</h2>', '## C \\#\n\n## 1. D'],
    ['headings of several lines', '<h2>a<br/>b<ul><li>c</li></ul></h2>', '## a b - c'],
    ['line breaks', '<p><br/>a<br/>b<br/></p>', 'a\\\nb'],
    ['two line breaks', '<p>a<b>b<br/><br/>c</b></p>', 'a**b**\n\n**c**'],
    ['rules', '<p>a</p><hr/><ul><li><hr/></li></ul>', 'a\n\n***\n\n- ***'],
    ['quotes', '<blockquote><p>a</p><p>b<br/>c</p></blockquote><p>d</p>', '> a\n>\n> b\\\n> c\n\nd'],
    ['quotes in a row', '<blockquote>a</blockquote><blockquote>b</blockquote>', '> a\n\n> b'],
    ['quotes in quotes', '<blockquote>a<blockquote>b</blockquote>c</blockquote>', '> a\n>\n> > b\n>\n> c'],
    ['no-break spaces', '<p>&nbsp;&nbsp;&nbsp;&nbsp;a&nbsp;b</p>', 'a b'],
    [
      'anchors and template hints',
      `<p>a${macro('anchor', parameter('', 'x'))}<ac:placeholder>b</ac:placeholder></p>`,
      'a',
    ],
    ['dates and emoji', '<p><time datetime="2025-06-05" /> <ac:emoticon ac:name="tick" /></p>', '5 Jun 2025 ✅'],
  ])
})

describe('marks', () => {
  cases([
    [
      'each',
      '<b>a</b> <i>b</i> <s>c</s> <code>d</code> <u>e</u> <sub>f</sub><sup>g</sup>',
      '**a** *b* ~~c~~ `d` e <sub>f</sub><sup>g</sup>',
    ],
    ['within words', 'a<b>b</b>c<i>d</i>e', 'a**b**c*d*e'],
    ['within each other', '<b><i>a</i> b</b> <i>c <b>d</b></i> <b><i>e</i></b>', '***a* b** *c **d*** ***e***'],
    ['back to back', '<b>a</b><b>b</b><i>c</i>', '**ab**<em>c</em>'],
    ['with spaces inside', '<p>a<b>&nbsp;b&nbsp;</b>c<i> </i>d</p>', 'a **b** c d'],
    ['of nothing', '<p>a<b>&nbsp;</b><i></i>b</p>', 'a b'],
    ['that end at punctuation', '<b>a</b>, (<b>b</b>)<b>c:</b> d', '**a**, (**b**)**c:** d'],
    ['where delimiters would not be read', '<b>a(b)</b>c <s>“d”</s>e', '<strong>a(b)</strong>c <del>“d”</del>e'],
    [
      'around code and links',
      '<b><code>a</code></b> <i><a href="https://x.org">b</a></i>',
      '**`a`** *[b](https://x.org/)*',
    ],
    ['around line breaks', '<b>a<br/>b</b>', '**a\\\nb**'],
    ['around blocks', '<b>a<hr/>b</b>', '**a**\n\n***\n\n**b**'],
    ['code with backticks', '<code>a`b</code> <code>``</code> <code>`</code>', '``a`b`` ``` `` ``` `` ` ``'],
    ['code with markup', '<code>*a* \\ &lt;b&gt; &amp;amp; <b>c</b></code>', '`*a* \\ <b> &amp; c`'],
    ['code of pieces', '<code>a</code><code>b <i>c</i></code>', '`ab c`'],
  ])
})

describe('text that looks like markup', () => {
  cases([
    ['delimiters', '*a* _b_ `c` [d](e) ![f](g)', '\\*a\\* \\_b\\_ \\`c\\` \\[d](e) !\\[f](g)'],
    [
      'words with hyphens and such',
      'a-b 1.5 a_b c+d e#f g! h? a|b {c} x = y - z',
      'a-b 1.5 a_b c+d e#f g! h? a|b {c} x = y - z',
    ],
    ['tags', '&lt;b&gt; a &lt; b &gt; c &lt;!-- d', '\\<b> a < b > c \\<!-- d'],
    ['entities', '&amp;amp; &amp;#42; A&amp;B &amp; c', '\\&amp; \\&#42; A&B & c'],
    ['backslashes', 'C:\\dir \\* \\', 'C:\\dir \\\\\\* \\\\'],
    ['one tilde', '1~2', '1~2'],
    ['tildes', '1~2 and 3~4', '1\\~2 and 3\\~4'],
    [
      'starts of lines',
      '<p>- a<br/>+ b<br/># c<br/>1. d<br/>2) e<br/>&gt; f</p>',
      '\\- a\\\n\\+ b\\\n\\# c\\\n1\\. d\\\n2\\) e\\\n\\> f',
    ],
    [
      'starts of lines that are none',
      '<p>-a<br/>+1<br/>#c<br/>1.5<br/>12345678901. e</p>',
      '-a\\\n+1\\\n#c\\\n1.5\\\n12345678901. e',
    ],
    [
      'rules and underlines',
      '<p>a<br/>---<br/>===<br/>- - -<br/>***</p>',
      'a\\\n\\---\\\n\\===\\\n\\- - -\\\n\\*\\*\\*',
    ],
    ['a table', '<p>a | b<br/>--- | ---<br/>| c |</p>', 'a | b\\\n\\--- | ---\\\n| c |'],
    ['fences', '<p>```<br/>~~~</p>', '\\`\\`\\`\\\n\\~\\~\\~'],
    ['in items', '<ul><li>- a</li><li>[ ] b</li><li>1. c</li></ul>', '- \\- a\n- \\[ ] b\n- 1\\. c'],
    ['before a link', 'a!<a href="https://x.org/">b</a>', 'a\\![b](https://x.org/)'],
    ['addresses', 'https://x.org/a_b www.x.org, a_b@x.org', 'https://x.org/a_b www.x.org, a_b@x.org'],
    ['addresses with markup', 'https://x.org/_a*b. www.x.org/*', '<https://x.org/_a*b>. www\\.x.org/\\*'],
    ['addresses at markup', 'https://x.org/<b>a</b>', '<https://x.org/>**a**'],
  ])
})

describe('lists', () => {
  cases([
    ['unordered', '<ul><li>a</li><li><p>b</p></li></ul>', '- a\n- b'],
    ['ordered', '<ol start="9"><li>a</li><li>b<ul><li>c</li></ul></li></ol>', '9. a\n10. b\n    - c'],
    ['starts that Markdown cannot say', '<ol start="-1"><li>a</li></ol>', '0. a'],
    ['nested', '<ol><li><p>a</p><ul><li>b</li></ul></li><li>c</li></ol><p>d</p>', '1. a\n   - b\n2. c\n\nd'],
    ['nested, from another number', '<ul><li>a<ol start="3"><li>b</li></ol></li></ul>', '- a\n\n  3. b'],
    ['nested without an item', '<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>', '- a\n  - b\n- c'],
    ['nested without text', '<ul><li><ul><li>a</li></ul></li><li></li><li>b</li></ul>', '- - a\n- b'],
    ['several blocks', '<ul><li><p>a</p><p>b</p></li><li>c</li></ul>', '- a\n\n  b\n- c'],
    [
      'code within',
      `<ul><li>a${macro('code', plain('x\n\n  y'))}</li><li>b</li></ul>`,
      '- a\n\n  ```\n  x\n\n    y\n  ```\n- b',
    ],
    ['a table within', `<ol><li>${table(row('a'))}</li></ol>`, '1. |  |\n   | --- |\n   | a |'],
    ['a quote within', '<ul><li><blockquote>a</blockquote>b</li></ul>', '- > a\n\n  b'],
    [
      'in a row',
      '<ul><li>a</li></ul><ul><li>b</li></ul><ol><li>c</li></ol><ol><li>d</li></ol>',
      '- a\n\n+ b\n\n1. c\n\n1) d',
    ],
    ['line breaks', '<ul><li>a<br/>b</li></ul>', '- a\\\n  b'],
    [
      'tasks',
      `<ac:task-list>${task('complete', 'a')}${task('incomplete', '<b>b</b>')}${task('complete', '')}</ac:task-list>`,
      '- [x] a\n- [ ] **b**',
    ],
    [
      'nested tasks',
      `<ac:task-list>${task('complete', 'a')}<ac:task-list>${task('incomplete', 'b')}</ac:task-list></ac:task-list>`,
      '- [x] a\n  - [ ] b',
    ],
    [
      'tasks that begin with another block',
      `<ac:task-list>${task('complete', '<pre>a</pre>')}</ac:task-list>`,
      '- ```\n  a\n  ```',
    ],
  ])
})

describe('tables', () => {
  cases([
    [
      'with a header row',
      '<table><tr><th>a</th><th><p>b</p></th></tr><tr><td>c</td><td/></tr></table>',
      '| a | b |\n| --- | --- |\n| c |  |',
    ],
    ['with a header column', '<table><tr><th>a</th><td>b</td></tr></table>', '|  |  |\n| --- | --- |\n| a | b |'],
    [
      'spans',
      '<table><tr><th colspan="2">a</th><th>b</th></tr><tr><td rowspan="2">c</td><td>d</td></tr><tr><td>e</td><td>f</td></tr></table>',
      '| a |  | b |\n| --- | --- | --- |\n| c | d |  |\n|  | e | f |',
    ],
    ['rows without content', table(row('&nbsp;', ''), row('a', '')), '|  |  |\n| --- | --- |\n| a |  |'],
    ['no content at all', table(row('', '')), ''],
    ['blocks', table(row('<p>a</p><p>b<br/>c</p><hr/><h2>d</h2>')), column('a<br>b<br>c<br>**d**')],
    ['lists', table(row('a<ul><li>b</li><li>c<ol><li>d</li></ol></li></ul>')), column('a<br>- b<br>- c<br>1. d')],
    ['tasks', table(row(`<ac:task-list>${task('complete', 'a')}</ac:task-list>`)), column('[x] a')],
    [
      'pipes',
      table(row('a|b <code>c|d</code> <a href="https://x.org/e|f">g</a>')),
      column('a\\|b `c\\|d` [g](https://x.org/e\\|f)'),
    ],
    ['pipes behind backslashes', table(row('a\\|b <code>c\\|*</code>')), column('a\\\\\\|b <code>c\\\\\\|\\*</code>')],
    ['code', table(row(`a${macro('code', plain('b\n\n  c|'))}d`)), column('a<br>`b`<br>`  c\\|`<br>d')],
    ['tables', table(row(`a${table(row('b', '<p>c</p>'), row('d', ''))}e`)), column('a<br>b \\| c<br>d<br>e')],
    ['panels', table(row(macro('info', parameter('title', 'a') + rich('<p>b</p>')))), column('**Info: a**<br>b')],
    ['in a quote', `<blockquote>${table(row('a'))}</blockquote>`, '> |  |\n> | --- |\n> | a |'],
  ])
})

describe('links and images', () => {
  const attached = `${site}/download/attachments/42/a.png`
  const image = (inside: string, attributes = '') => `<ac:image${attributes}>${inside}</ac:image>`
  cases([
    ['by URL', '<a href="https://x.org/a">b</a>.', '[b](https://x.org/a).'],
    [
      'that say where they lead',
      '<a href="https://x.org/">https://x.org</a> <a href="mailto:a@x.org">a@x.org</a>',
      '<https://x.org> <a@x.org>',
    ],
    ['with brackets', '<a href="https://x.org/">[a] *</a>', '[\\[a\\] \\*](https://x.org/)'],
    ['with parentheses in the target', '<a href="https://x.org/a_(b)">c</a>', '[c](<https://x.org/a_(b)>)'],
    ['with spaces in the target', '<a href="mailto:a b@x.org">c</a>', '[c](<mailto:a b@x.org>)'],
    ['with entities in the target', '<a href="https://x.org/?a&amp;copy;=1">b</a>', '[b](https://x.org/?a\\&copy;=1)'],
    ['within the page', '<a href="#Setup">a</a><h2>Setup</h2>', 'a\n\n## Setup'],
    [
      'to a page',
      '<ac:link><ri:page ri:content-title="Paid leave" /></ac:link>',
      `[Paid leave](${site}/display/DOCS/Paid+leave)`,
    ],
    ['to a person', '<ac:link><ri:user ri:account-id="1" /></ac:link>', `[@user](${site}/people/1)`],
    [
      'around several blocks',
      '<a href="https://x.org/">a<hr/>b</a>',
      '[a](https://x.org/)\n\n***\n\n[b](https://x.org/)',
    ],
    ['images', image('<ri:attachment ri:filename="a.png" />'), `![a.png](${attached})`],
    [
      'described images',
      image('<ri:attachment ri:filename="a.png" />', ' ac:alt="A [cat]\n*"'),
      `![A \\[cat\\] \\*](${attached})`,
    ],
    ['images without source', '<img alt="a"/><img/>', '![a]()'],
    [
      'linked images',
      '<a href="https://x.org/"><img src="/wiki/a.png" alt="b"/></a>',
      `[![b](${site}/a.png)](https://x.org/)`,
    ],
    [
      'captions',
      image('<ri:attachment ri:filename="a.png" /><ac:caption><p>A <b>cat</b> <i>b</i></p></ac:caption>'),
      `![a.png](${attached})\n\n*A **cat** b*`,
    ],
  ])
})

describe('macros', () => {
  cases([
    ...(
      [
        ['info', 'Info'],
        ['note', 'Note'],
        ['tip', 'Tip'],
        ['warning', 'Warning'],
      ] as const
    ).map(([name, label]): Case => [name, macro(name, rich('<p>a</p><p>b</p>')), `> **${label}**\n>\n> a\n>\n> b`]),
    ['panels with a title', macro('info', parameter('title', 'T *') + rich('<p>a</p>')), '> **Info: T \\***\n>\n> a'],
    ['panels of no kind', macro('panel', rich('<p>a</p>')), '> a'],
    ['expand', macro('expand', parameter('title', 'More') + rich('<p>a</p>')), '**More**\n\na'],
    ['expand without title', macro('expand', rich('<p>a</p>')), '**Details**\n\na'],
    [
      'code',
      macro(
        'code',
        parameter('language', 'JavaScript') + parameter('title', 'a.js') + plain('\nif (a < b) {\n  `*c*`\n}\n'),
      ),
      '**a.js**\n\n```javascript\nif (a < b) {\n  `*c*`\n}\n```',
    ],
    ['code with fences', macro('code', plain('```\na\n````')), '`````\n```\na\n````\n`````'],
    ['code of no lines', `a${macro('code', plain('\n'))}b`, 'a\n\nb'],
    ['preformatted text', '<pre>a\r\n  <b>b</b><br/>c</pre>', '```\na\n  b\nc\n```'],
    ['code in quotes', `<blockquote>${macro('code', plain('a\n\nb'))}</blockquote>`, '> ```\n> a\n>\n> b\n> ```'],
    ['status', macro('status', parameter('title', 'In progress')), 'IN PROGRESS'],
    ['toc', `<p>a</p>${macro('toc')}<h2>B</h2>`, 'a\n\n## B'],
    ['include', macro('include', parameter('', '<ri:page ri:content-title="P" />')), `[P](${site}/display/DOCS/P)`],
    ['lists made by the server', `<p>a</p>${macro('children')}`, 'a'],
    [
      'formulas',
      macro('mathinline', parameter('body', 'a_1')) + macro('mathblock', parameter('body', 'b')),
      '`a_1`\n\n```latex\nb\n```',
    ],
    [
      'layouts',
      '<ac:layout-section><ac:layout-cell>a</ac:layout-cell><ac:layout-cell>b</ac:layout-cell></ac:layout-section>',
      'a\n\nb',
    ],
  ])

  test('unknown ones keep their body', () => {
    const { markdown, warnings } = convertToMarkdown(macro('acme-app', plain('a <b>')), options)
    expect(markdown).toBe('```\na <b>\n```')
    expect(warnings).toEqual([{ code: 'unknown_macro', detail: 'acme-app' }])
  })
})
