/** Something that a reader of the page sees, or something that nobody does. */
export interface Marker {
  name: string
  storage: string
  /** Every output must match. */
  keeps: RegExp
}

const parameter = (name: string, value: string) => `<ac:parameter ac:name="${name}">${value}</ac:parameter>`
const macro = (name: string, content = '') =>
  `<ac:structured-macro ac:name="${name}" ac:schema-version="1" ac:macro-id="leakMacroId">${content}</ac:structured-macro>`
const rich = (content: string) => `<ac:rich-text-body>${content}</ac:rich-text-body>`
const plain = (content: string) => `<ac:plain-text-body><![CDATA[${content}]]></ac:plain-text-body>`
const inline = (content: string) => `<p local-id="leakLocalId">${content}</p>`

/** What every output of the page below has to show. */
export const markers: Marker[] = [
  { name: 'headings', storage: '<h2 local-id="leakLocalId">keepHeading</h2>', keeps: /keepHeading/ },
  { name: 'paragraphs apart', storage: '<p>keepFirst</p><p>keepSecond</p>', keeps: /keepFirst\W[\s\S]*keepSecond/ },
  { name: 'marks', storage: inline('<strong>keep</strong><em>Marked</em>'), keeps: /keep(?:<[^>]+>|[*_])*Marked/ },
  { name: 'entities', storage: inline('keepFrom&nbsp;&rarr;&nbsp;keepTo'), keeps: /keepFrom.→.keepTo/ },
  {
    name: 'list items',
    storage: '<ul><li>keepItem<ol><li><p>keepInner</p></li></ol></li><li>keepOther</li></ul>',
    keeps: /keepItem\W[\s\S]*keepInner\W[\s\S]*keepOther/,
  },
  {
    name: 'table cells apart',
    storage:
      '<table><tbody><tr><th>keepHead</th><th>keepTop</th></tr><tr><td>keepCell</td><td>keepNext</td></tr></tbody></table>',
    keeps: /keepHead\W[\s\S]*keepTop\W[\s\S]*keepCell\W[\s\S]*keepNext/,
  },
  {
    name: 'code',
    storage: macro('code', parameter('language', 'java') + plain('keepCode();\n  keepIndented();')),
    keeps: /keepCode\(\);\n {2}keepIndented\(\);/,
  },
  { name: 'code without a language', storage: macro('code', plain('keepBare')), keeps: /keepBare/ },
  {
    name: 'titles of code',
    storage: macro('code', parameter('title', 'keepCodeTitle') + plain('x')),
    keeps: /keepCodeTitle/,
  },
  {
    name: 'references in code as they are',
    storage: macro('code', plain('keep&nbsp;Literal')),
    keeps: /keep&(?:amp;)?nbsp;Literal/,
  },
  {
    name: 'preformatted text',
    storage: macro('noformat', plain('keepNoformat <b>')),
    keeps: /keepNoformat (?:<|&lt;)b/,
  },
  { name: 'diagrams', storage: macro('plantuml', plain('keepDiagram')), keeps: /keepDiagram/ },
  {
    name: 'panels',
    storage: macro('info', parameter('title', 'keepPanelTitle') + rich('<p>keepPanel</p>')),
    keeps: /keepPanelTitle[\s\S]*keepPanel/,
  },
  {
    name: 'coloured panels',
    storage: macro('panel', parameter('bgColor', 'leakColour') + rich('<p>keepColoured</p>')),
    keeps: /keepColoured/,
  },
  {
    name: 'panels of the new editor, once',
    storage:
      '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">leakAdf</ac:adf-attribute><ac:adf-content><p>keepAdf</p></ac:adf-content></ac:adf-node><ac:adf-fallback><div><p>keepAdf</p></div></ac:adf-fallback></ac:adf-extension>',
    keeps: /^(?:(?!keepAdf)[\s\S])*keepAdf(?:(?!keepAdf)[\s\S])*$/,
  },
  {
    name: 'expand',
    storage: macro('expand', parameter('title', 'keepExpandTitle') + rich('<p>keepExpand</p>')),
    keeps: /keepExpandTitle[\s\S]*keepExpand/,
  },
  {
    name: 'status',
    storage: inline(macro('status', parameter('title', 'KEEPSTATUS') + parameter('colour', 'leakGreen'))),
    keeps: /KEEPSTATUS/,
  },
  {
    name: 'Jira keys',
    storage: inline(macro('jira', parameter('key', 'KEEP-42') + parameter('serverId', 'leakServer'))),
    keeps: /KEEP-42/,
  },
  {
    name: 'page links by title',
    storage: inline('<ac:link><ri:page ri:content-title="keepTitle" ri:version-at-save="7"/></ac:link>'),
    keeps: /keepTitle/,
  },
  {
    name: 'texts of links',
    storage: inline(
      '<ac:link><ri:page ri:content-title="x"/><ac:plain-text-link-body><![CDATA[keepLinkText]]></ac:plain-text-link-body></ac:link>',
    ),
    keeps: /keepLinkText/,
  },
  {
    name: 'addresses of links',
    storage: inline('<a href="https://keep.example/a" data-card-appearance="inline">keepAnchor</a>'),
    keeps: /https:\/\/keep\.example\/a/,
  },
  {
    name: 'attachments',
    storage: inline('<ac:link><ri:attachment ri:filename="keepfile.pdf"/></ac:link>'),
    keeps: /keepfile\.pdf/,
  },
  {
    name: 'files shown',
    storage: inline(macro('view-file', parameter('name', '<ri:attachment ri:filename="keepview.pdf"/>'))),
    keeps: /keepview\.pdf/,
  },
  {
    name: 'descriptions of images',
    storage: '<ac:image ac:alt="keepAlt" ac:width="leakWidth"><ri:attachment ri:filename="x.png"/></ac:image>',
    keeps: /keepAlt/,
  },
  {
    name: 'captions',
    storage: '<ac:image><ri:attachment ri:filename="x.png"/><ac:caption><p>keepCaption</p></ac:caption></ac:image>',
    keeps: /keepCaption/,
  },
  {
    name: 'mentions',
    storage: inline('keepAsk <ac:link><ri:user ri:account-id="557058:a"/></ac:link> keepBy'),
    keeps: /keepAsk (?!keepBy)\S[\s\S]*keepBy/,
  },
  { name: 'dates', storage: inline('<time datetime="2026-03-31" />'), keeps: /31 Mar 2026|2026-03-31/ },
  {
    name: 'emoji',
    storage: inline(
      '<ac:emoticon ac:name="blue-star" ac:emoji-id="1f389" ac:emoji-fallback="🎉"/><ac:emoticon ac:name="tick"/>',
    ),
    keeps: /🎉[\s\S]*✅/,
  },
  {
    name: 'tasks, done or not',
    storage:
      '<ac:task-list><ac:task><ac:task-id>4711</ac:task-id><ac:task-uuid>leakUuid</ac:task-uuid><ac:task-status>complete</ac:task-status><ac:task-body>keepDone</ac:task-body></ac:task><ac:task><ac:task-id>4712</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>keepToDo</ac:task-body></ac:task></ac:task-list>',
    keeps: /(?:\[x\]|checked|☑)\W*keepDone[\s\S]*keepToDo/,
  },
  {
    name: 'layouts',
    storage:
      '<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>keepLeft</p></ac:layout-cell><ac:layout-cell><p>keepRight</p></ac:layout-cell></ac:layout-section></ac:layout>',
    keeps: /keepLeft\W[\s\S]*keepRight/,
  },
  { name: 'excerpts', storage: macro('excerpt', rich('<p>keepExcerpt</p>')), keeps: /keepExcerpt/ },
  {
    name: 'page properties',
    storage: macro('details', rich('<table><tbody><tr><th>keepOwner</th><td>keepValue</td></tr></tbody></table>')),
    keeps: /keepOwner\W[\s\S]*keepValue/,
  },
  {
    name: 'words with a comment in them',
    storage: inline('keep<ac:inline-comment-marker ac:ref="leakRef">Commented</ac:inline-comment-marker>Word'),
    keeps: /keepCommentedWord/,
  },
  {
    name: 'bodies of unknown macros',
    storage: macro('acme', parameter('tone', 'leakTone') + rich('<p>keepUnknown</p>')),
    keeps: /keepUnknown/,
  },
  { name: 'the last section', storage: '<h2>keepLast</h2><p>keepEnd</p>', keeps: /keepLast\W[\s\S]*keepEnd/ },
  {
    name: 'hints for authors',
    storage: inline('<ac:placeholder>leakHint</ac:placeholder>keepHinted'),
    keeps: /keepHinted/,
  },
]

export const markedPage = markers.map(({ storage }) => storage).join('')

/** What nobody should read. Text alone is looked at for it: attributes of HTML are not read. */
const NOISE = [
  ...new Set([...(markedPage.match(/leak[A-Z]\w+/g) ?? []), '4711', 'incomplete', 'two_equal', 'CDATA', ']]>']),
]

export interface Score {
  kept: number
  lost: string[]
  noise: string[]
}

/** What the outputs of a converter for {@link markedPage} keep, and what leaks into the last of them, its text. */
export function scoreOf(outputs: readonly string[]): Score {
  const lost = markers.filter(({ keeps }) => !outputs.every((output) => keeps.test(output))).map(({ name }) => name)
  return { kept: markers.length - lost.length, lost, noise: NOISE.filter((word) => outputs.at(-1)?.includes(word)) }
}
