import {
  attribute,
  type Case,
  content,
  extension,
  macro,
  node,
  parameter,
  plain,
  rel,
  rich,
  type Section,
  site,
} from './storage.ts'

export const macros: Section = {
  title: 'Macros',
  cases: [
    ...(
      [
        ['info', 'Info: '],
        ['note', 'Note: '],
        ['tip', 'Tip: '],
        ['warning', 'Warning: '],
        ['panel', ''],
      ] as const
    ).map(
      ([name, kind]): Case => [
        name,
        macro(name, parameter('title', 'T &amp; U') + parameter('bgColor', '#fff') + rich('<p>a</p>')),
        `<aside data-panel="${name}"><p><strong>T &amp; U</strong></p><p>a</p></aside>`,
        `${kind}T & U\n\na`,
        `> **${kind}T & U**\n>\n> a`,
      ],
    ),
    [
      'panels that say what they are',
      macro('warning', parameter('title', 'Warning: hot') + rich('<p>a</p>')),
      '<aside data-panel="warning"><p><strong>Warning: hot</strong></p><p>a</p></aside>',
      'Warning: hot\n\na',
      '> **Warning: hot**\n>\n> a',
    ],
    [
      'panels without title',
      macro('info', rich('<p>a</p>')),
      '<aside data-panel="info"><p>a</p></aside>',
      'Info:\n\na',
      '> **Info**\n>\n> a',
    ],
    [
      'code',
      macro('code', parameter('language', 'JavaScript') + parameter('title', 'a.js') + plain('if (a < b) {\n  c()\n}')),
      '<figure><figcaption>a.js</figcaption><pre><code class="language-javascript">if (a &lt; b) {\n  c()\n}</code></pre></figure>',
      'a.js\nif (a < b) {\n  c()\n}',
      '**a.js**\n\n```javascript\nif (a < b) {\n  c()\n}\n```',
    ],
    [
      'code in no language',
      macro('code', parameter('language', 'none') + plain('a')),
      '<pre><code>a</code></pre>',
      'a',
      '```\na\n```',
    ],
    [
      'noformat',
      macro('noformat', plain(' a  b')),
      '<pre><code class="language-text"> a  b</code></pre>',
      ' a  b',
      '```text\n a  b\n```',
    ],
    [
      'expand',
      macro('expand', parameter('title', 'More') + rich('<p>a</p>')),
      '<details><summary>More</summary><p>a</p></details>',
      'More\n\na',
      '**More**\n\na',
    ],
    [
      'status',
      `<p>a ${macro('status', parameter('title', 'Done') + parameter('colour', 'Green'))} b</p>`,
      '<p>a <span data-status="green">DONE</span> b</p>',
      'a DONE b',
      'a DONE b',
    ],
    [
      'status of no colour',
      macro('status', parameter('title', 'x') + parameter('colour', '"onclick')),
      '<span data-status="grey">X</span>',
      'X',
      'X',
    ],
    [
      'toc',
      `${macro('toc', parameter('minLevel', '2') + parameter('maxLevel', '3'))}<h1>A</h1><h2>B</h2><h3>C</h3><h4>D</h4>`,
      '<nav data-macro="toc"><ul><li data-level="2"><a href="#cc-B">B</a></li><li data-level="3"><a href="#cc-C">C</a></li></ul></nav><h1 id="cc-A">A</h1><h2 id="cc-B">B</h2><h3 id="cc-C">C</h3><h4 id="cc-D">D</h4>',
      'A\n\nB\n\nC\n\nD',
      '# A\n\n## B\n\n### C\n\n#### D',
    ],
    [
      'toc of some headings',
      `${macro('toc', parameter('include', 'Step .*|Notes') + parameter('exclude', '.*2'))}<h2>Step 1</h2><h2>Step 2</h2><h2>Notes</h2><h2>Else</h2>`,
      '<nav data-macro="toc"><ul><li data-level="2"><a href="#cc-Step1">Step 1</a></li><li data-level="2"><a href="#cc-Notes">Notes</a></li></ul></nav><h2 id="cc-Step1">Step 1</h2><h2 id="cc-Step2">Step 2</h2><h2 id="cc-Notes">Notes</h2><h2 id="cc-Else">Else</h2>',
      'Step 1\n\nStep 2\n\nNotes\n\nElse',
      '## Step 1\n\n## Step 2\n\n## Notes\n\n## Else',
    ],
    ['toc without headings', macro('toc'), '<nav data-macro="toc"></nav>', '', ''],
    ['anchor', `<p>${macro('anchor', parameter('', 'x y'))}a</p>`, '<p><span id="cc-xy"></span>a</p>', 'a', 'a'],
    ['excerpt', macro('excerpt', parameter('name', 'x') + rich('<p>a</p>')), '<p>a</p>', 'a', 'a'],
    ['hidden excerpt', macro('excerpt', parameter('hidden', 'true') + rich('<p>a</p>')), '', '', ''],
    [
      'details',
      macro('details', rich('<table><tr><th>a</th><td>b</td></tr></table>')),
      '<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>',
      'a | b',
      '|  |  |\n| --- | --- |\n| a | b |',
    ],
    [
      'include',
      macro('include', parameter('', '<ac:link><ri:page ri:content-title="Renamed" /></ac:link>')),
      `<div data-macro="include"><a href="${site}/spaces/DOCS/pages/7" ${rel}>New Name</a></div>`,
      'New Name',
      `[New Name](${site}/spaces/DOCS/pages/7)`,
    ],
    [
      'excerpt-include',
      macro('excerpt-include', parameter('', 'HR:Leave') + parameter('nopanel', 'true')),
      `<div data-macro="excerpt-include"><a href="${site}/display/HR/Leave" ${rel}>Leave</a></div>`,
      'Leave',
      `[Leave](${site}/display/HR/Leave)`,
    ],
    [
      'view-file',
      macro('view-file', parameter('name', '<ri:attachment ri:filename="a.json" ri:version-at-save="1" />')).repeat(2),
      `<p><a href="${site}/download/attachments/42/a.json" ${rel}>a.json</a></p>`.repeat(2),
      'a.json\n\na.json',
      `[a.json](${site}/download/attachments/42/a.json)\n\n[a.json](${site}/download/attachments/42/a.json)`,
    ],
    [
      'viewpdf of the old editor',
      macro('viewpdf', parameter('name', 'a.pdf')),
      `<p><a href="${site}/download/attachments/42/a.pdf" ${rel}>a.pdf</a></p>`,
      'a.pdf',
      `[a.pdf](${site}/download/attachments/42/a.pdf)`,
    ],
    [
      'jira issue',
      macro('jira', parameter('serverId', 's') + parameter('key', 'AB-1')),
      `<a href="https://acme.atlassian.net/browse/AB-1" ${rel}>AB-1</a>`,
      'AB-1',
      '[AB-1](https://acme.atlassian.net/browse/AB-1)',
    ],
    ['jira table', macro('jira', parameter('jqlQuery', 'a = b')), '<span data-macro="jira"></span>', '', ''],
    [
      'widget',
      macro('widget', parameter('url', '<ri:url ri:value="https://x.org/v" />')),
      `<a href="https://x.org/v" ${rel}>https://x.org/v</a>`,
      'https://x.org/v',
      '<https://x.org/v>',
    ],
    [
      'formulas',
      macro('eazy-math-inline', parameter('body', 'a_1')) + macro('easy-math-block', parameter('body', 'b^2')),
      '<code>a_1</code><pre><code class="language-latex">b^2</code></pre>',
      'a_1\n\nb^2',
      '`a_1`\n\n```latex\nb^2\n```',
    ],
    [
      'lists made by the server',
      `<p>a</p>${macro('children', parameter('max', '5'))}`,
      '<p>a</p><span data-macro="children"></span>',
      'a',
      'a',
    ],
    [
      'a chart keeps its data',
      macro('chart', rich('<table><tr><td>a</td></tr></table>')),
      '<div data-macro="chart"><table><tbody><tr><td>a</td></tr></tbody></table></div>',
      'a',
      '|  |\n| --- |\n| a |',
    ],
    [
      'the form before 2012',
      '<ac:macro ac:name="excerpt-include"><ac:default-parameter>Leave</ac:default-parameter></ac:macro>',
      `<div data-macro="excerpt-include"><a href="${site}/display/DOCS/Leave" ${rel}>Leave</a></div>`,
      'Leave',
      `[Leave](${site}/display/DOCS/Leave)`,
    ],
    [
      'blocks in a paragraph split it',
      `<p><b>a ${macro('info', rich('<p>b</p>'))} c</b></p>`,
      '<p><strong>a</strong></p><aside data-panel="info"><p><strong>b</strong></p></aside><p><strong>c</strong></p>',
      'a\n\nInfo:\n\nb\n\nc',
      '**a**\n\n> **Info**\n>\n> **b**\n\n**c**',
    ],
  ],
}

const mathml = (display: string, annotation: string) =>
  `<math${display}><semantics><mrow><mi>E</mi><mo>=</mo><mfrac><mi>a</mi><mi>b</mi></mfrac></mrow>${annotation}</semantics></math>`
const tex = '<annotation encoding="application/x-tex">E = \\frac{a}{b}</annotation>'

export const math: Section = {
  title: 'Formulas in MathML',
  cases: [
    [
      'in a line',
      `<p>a ${mathml('', tex)}<span aria-hidden="true">E=ab</span></p>`,
      '<p>a <code>E = \\frac{a}{b}</code></p>',
      'a E = \\frac{a}{b}',
      'a `E = \\frac{a}{b}`',
    ],
    [
      'of their own',
      mathml(' display="block"', tex),
      '<pre><code class="language-latex">E = \\frac{a}{b}</code></pre>',
      'E = \\frac{a}{b}',
      '```latex\nE = \\frac{a}{b}\n```',
    ],
    ['without their source', mathml('', '<annotation-xml>c</annotation-xml>'), 'E=ab', 'E=ab', 'E=ab'],
    ['without annotations', '<math><mi>x</mi><mo>+</mo><mn>1</mn></math>', 'x+1', 'x+1', 'x+1'],
  ],
}

export const adf: Section = {
  title: 'Content of the new editor',
  cases: [
    [
      'a panel, once',
      extension(node('panel', attribute('panel-type', 'note') + content('<p>a</p>')), '<div class="panel">a</div>'),
      '<aside data-panel="note"><p>a</p></aside>',
      'Note:\n\na',
      '> **Note**\n>\n> a',
    ],
    [
      'decisions',
      extension(
        node('decision-list', node('decision-item', attribute('state', 'DECIDED') + content('a'))),
        '<ul class="decision-list"><li>a</li></ul>',
      ),
      '<ul><li>a</li></ul>',
      '- a',
      '- a',
    ],
    [
      'the fallback of what has no content',
      extension(node('extension', attribute('k', 'v')), '<p>a</p>'),
      '<p>a</p>',
      'a',
      'a',
    ],
    [
      'an app without content',
      extension(node('extension', attribute('extension-key', 'acme-app') + attribute('k', 'v')), ''),
      '<span data-macro="acme-app"></span>',
      '',
      '',
    ],
    [
      'marks',
      '<p>a<ac:adf-fragment-mark><ac:adf-fragment-mark-detail name="x">b</ac:adf-fragment-mark-detail></ac:adf-fragment-mark></p>',
      '<p>a</p>',
      'a',
      'a',
    ],
  ],
}
