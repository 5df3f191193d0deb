import { macro, parameter, plain, rel, type Section } from './storage.ts'

export const characters: Section = {
  title: 'Characters',
  cases: [
    ['names of HTML', '&nbsp;&rarr;&harr;&euro;&ldquo;&hellip;&notin;', '\u00a0→↔€“…∉', '→↔€“…∉', '→↔€“…∉'],
    [
      'names of XML',
      '&lt;b&gt; &amp;amp; &quot;&apos;',
      '&lt;b&gt; &amp;amp; "\'',
      '<b> &amp; "\'',
      '\\<b> \\&amp; "\'',
    ],
    ['numbers', '&#8594;&#x2192;', '→→', '→→', '→→'],
    [
      'names that are none',
      '&nosuchname; & &#; AT&T',
      '&amp;nosuchname; &amp; &amp;#; AT&amp;T',
      '&nosuchname; & &#; AT&T',
      '\\&nosuchname; & \\&#; AT&T',
    ],
    [
      'attributes',
      '<a href="https://x.org/?a=1&amp;b=2">c</a>',
      `<a href="https://x.org/?a=1&amp;b=2" ${rel}>c</a>`,
      'c (https://x.org/?a=1&b=2)',
      '[c](https://x.org/?a=1&b=2)',
    ],
    ['U+0000', 'a\u0000b&#0;&#1;c', 'ab\ufffdc', 'ab\ufffdc', 'ab�c'],
    [
      'names in CDATA stay',
      macro('code', plain('&nbsp;&lt;')),
      '<pre><code>&amp;nbsp;&amp;lt;</code></pre>',
      '&nbsp;&lt;',
      '```\n&nbsp;&lt;\n```',
    ],
    [
      'CDATA that holds its own end',
      macro('code', plain('a]]]]><![CDATA[>b')),
      '<pre><code>a]]&gt;b</code></pre>',
      'a]]>b',
      '```\na]]>b\n```',
    ],
    ['CDATA that never ends', '<p>a<![CDATA[b</p>', '<p>ab&lt;/p&gt;</p>', 'ab</p>', 'ab\\</p>'],
    ['CDATA in text', '<p><![CDATA[<b>]]></p>', '<p>&lt;b&gt;</p>', '<b>', '\\<b>'],
    ['comments', 'a<!-- b <p> -->c', 'ac', 'ac', 'ac'],
    ['declarations', '<?xml version="1.0"?><!DOCTYPE x>a', 'a', 'a', 'a'],
    ['comparisons', 'a < b <= c', 'a &lt; b &lt;= c', 'a < b <= c', 'a < b \\<= c'],
    ['other cases', '<P>a</P><Br/>', '<p>a</p><br>', 'a', 'a'],
  ],
}

export const malformed: Section = {
  title: 'Malformed structure',
  cases: [
    ['unclosed', '<ul><li>a<li>b', '<ul><li>a<ul><li>b</li></ul></li></ul>', '- a\n  - b', '- a\n  - b'],
    ['closed too often', '</p>a</b></p>', 'a', 'a', 'a'],
    [
      'overlapping',
      '<p><b>a<i>b</b>c</i></p>',
      '<p><strong>a<em>b</em></strong>c</p>',
      'abc',
      '<strong>a*b*</strong>c',
    ],
    [
      'cells without a table',
      '<td>a</td>',
      '<table><tbody><tr><td>a</td></tr></tbody></table>',
      'a',
      '|  |\n| --- |\n| a |',
    ],
    [
      'text between cells',
      '<table>a<tr>b<td>c</td></tr></table>',
      '<table><tbody><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></tbody></table>',
      'a\nb | c',
      '|  |  |\n| --- | --- |\n| a |  |\n| b | c |',
    ],
    ['links in links', '<a href="#a">a<a href="#b">b</a></a>', '<a href="#cc-a">ab</a>', 'ab', 'ab'],
    [
      'anchors between cells',
      `<table>${macro('anchor', parameter('', 'x'))}</table>`,
      '<table><tbody><tr><td><span id="cc-x"></span></td></tr></tbody></table>',
      '',
      '',
    ],
    ['headings in headings', '<h1>a<h2>b</h2></h1>', '<h1 id="cc-ab">ab</h1>', 'ab', '# ab'],
    ['a body without its macro', '<ac:rich-text-body><p>a</p></ac:rich-text-body>', '<p>a</p>', 'a', 'a'],
    [
      'a macro without its body',
      '<ac:structured-macro ac:name="info"><p>a</p></ac:structured-macro>',
      '<aside data-panel="info"><p>a</p></aside>',
      'Info:\n\na',
      '> **Info**\n>\n> a',
    ],
  ],
}
