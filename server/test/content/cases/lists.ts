import { macro, parameter, plain, rich, type Section } from './storage.ts'

export const lists: Section = {
  title: 'Lists',
  cases: [
    [
      'unordered',
      '<ul><li>a</li><li><p>b</p></li></ul>',
      '<ul><li>a</li><li><p>b</p></li></ul>',
      '- a\n- b',
      '- a\n- b',
    ],
    [
      'ordered',
      '<ol start="3"><li>a</li><li>b</li></ol>',
      '<ol start="3"><li>a</li><li>b</li></ol>',
      '3. a\n4. b',
      '3. a\n4. b',
    ],
    [
      'nested',
      '<ol><li><p>a</p><ul><li>b</li></ul></li><li>c</li></ol><p>d</p>',
      '<ol><li><p>a</p><ul><li>b</li></ul></li><li>c</li></ol><p>d</p>',
      '1. a\n   - b\n2. c\n\nd',
      '1. a\n   - b\n2. c\n\nd',
    ],
    [
      'code within',
      `<ul><li><p>a</p>${macro('code', plain('x\n  y'))}</li><li>b</li></ul>`,
      '<ul><li><p>a</p><pre><code>x\n  y</code></pre></li><li>b</li></ul>',
      '- a\nx\n  y\n- b',
      '- a\n\n  ```\n  x\n    y\n  ```\n- b',
    ],
    [
      'tasks',
      '<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-uuid>u</ac:task-uuid><ac:task-status>complete</ac:task-status><ac:task-body>a</ac:task-body></ac:task><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body><span>b</span></ac:task-body></ac:task></ac:task-list>',
      '<ul data-tasks><li><input type="checkbox" disabled checked> a</li><li><input type="checkbox" disabled> b</li></ul>',
      '[x] a\n[ ] b',
      '- [x] a\n- [ ] b',
    ],
  ],
}

export const tables: Section = {
  title: 'Tables',
  cases: [
    [
      'cells and spans',
      '<table data-table-width="9"><colgroup><col style="width: 1px" /></colgroup><tbody><tr ac:local-id="x"><th colspan="2"><p>a</p></th></tr><tr><td rowspan="2" data-highlight-colour="#fff">b</td><td /></tr></tbody></table>',
      '<table><tbody><tr><th colspan="2"><p>a</p></th></tr><tr><td rowspan="2">b</td><td></td></tr></tbody></table>',
      'a\nb',
      '| a |  |\n| --- | --- |\n| b |  |',
    ],
    [
      'spans keep their columns',
      '<table><tr><th colspan="2">a</th><th>b</th></tr><tr><td rowspan="2">c</td><td>d</td></tr><tr><td>e</td><td>f</td></tr></table>',
      '<table><tbody><tr><th colspan="2">a</th><th>b</th></tr><tr><td rowspan="2">c</td><td>d</td></tr><tr><td>e</td><td>f</td></tr></tbody></table>',
      'a |  | b\nc | d\n | e | f',
      '| a |  | b |\n| --- | --- | --- |\n| c | d |  |\n|  | e | f |',
    ],
    [
      'blocks in cells keep to their row',
      '<table><tbody><tr><td><p>a</p><p>b</p></td><td><ul><li>c</li><li>d</li></ul></td></tr></tbody></table>',
      '<table><tbody><tr><td><p>a</p><p>b</p></td><td><ul><li>c</li><li>d</li></ul></td></tr></tbody></table>',
      'a b | - c - d',
      '|  |  |\n| --- | --- |\n| a<br>b | - c<br>- d |',
    ],
    [
      'rows without text',
      '<table><tr><td>&nbsp;</td><td/></tr><tr><td>a</td></tr></table>',
      '<table><tbody><tr><td>\u00a0</td><td></td></tr><tr><td>a</td></tr></tbody></table>',
      'a',
      '|  |\n| --- |\n| a |',
    ],
    [
      'nested tables',
      '<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr></table>',
      '<table><tbody><tr><td>a<table><tbody><tr><td>b</td><td>c</td></tr></tbody></table></td><td>d</td></tr></tbody></table>',
      'a b | c | d',
      '|  |  |\n| --- | --- |\n| a<br>b \\| c | d |',
    ],
    [
      'code in cells',
      `<table><tr><td>${macro('code', plain('a\n b'))}</td><td>c</td></tr></table>`,
      '<table><tbody><tr><td><pre><code>a\n b</code></pre></td><td>c</td></tr></tbody></table>',
      'a\n b | c',
      '|  |  |\n| --- | --- |\n| `a`<br>` b` | c |',
    ],
  ],
}

export const layouts: Section = {
  title: 'Layouts',
  cases: [
    [
      'sections and cells',
      '<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>a</p></ac:layout-cell><ac:layout-cell><p>b</p></ac:layout-cell></ac:layout-section></ac:layout>',
      '<section data-layout="two_equal"><div data-column><p>a</p></div><div data-column><p>b</p></div></section>',
      'a\n\nb',
      'a\n\nb',
    ],
    [
      'of the old editor',
      macro('section', rich(macro('column', parameter('width', '50%') + rich('<p>a</p>')))),
      '<section><div data-column><p>a</p></div></section>',
      'a',
      'a',
    ],
  ],
}
