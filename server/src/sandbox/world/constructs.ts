import type { Random } from '../random.ts'
import { sentences } from './vocabulary.ts'

/** What a construct may refer to while it is written. */
export interface Writer {
  random: Random
  /** One English sentence, as XML text. */
  sentence(): string
  /** The title of another page of the same space, as an XML attribute value. */
  linkedTitle: string
  /** Keys of the page's own space and of another one. */
  spaceKey: string
  otherSpaceKey: string
  /** Atlassian account id of somebody. */
  accountId: string
}

/** Escapes text for XML text and double-quoted attributes. */
export const escapeXml = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? character,
  )

type Parameters = Record<string, string>

const macro = (name: string, parameters: Parameters, body = ''): string => {
  const written = Object.entries(parameters).map(
    ([key, value]) => `<ac:parameter ac:name="${key}">${value}</ac:parameter>`,
  )
  return `<ac:structured-macro ac:name="${name}" ac:schema-version="1" ac:macro-id="5f0c7a52-0000-4000-8000-0000000000${name.length.toString(16).padStart(2, '0')}">${written.join('')}${body}</ac:structured-macro>`
}
const rich = (body: string) => `<ac:rich-text-body>${body}</ac:rich-text-body>`
/** Confluence closes a CDATA section and opens another one where the text itself has `]]>`. */
const plain = (text: string) =>
  `<ac:plain-text-body><![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]></ac:plain-text-body>`
const panel = (name: string, title: string) => (w: Writer) =>
  macro(name, title ? { title } : {}, rich(`<p>${w.sentence()}</p><p>${w.sentence()}</p>`))
const dynamic =
  (name: string, parameters: Parameters = {}) =>
  () =>
    `<p>${macro(name, parameters)}</p>`
const code = (language: string, title: string, text: string) => () =>
  macro('code', { ...(language && { language }), ...(title && { title }), breakoutMode: 'wide' }, plain(text))
const speech = (list: readonly string[], dir: 'ltr' | 'rtl') => (w: Writer) =>
  `<p${dir === 'rtl' ? ' dir="rtl"' : ''}>${[w.random.pick(list), w.random.pick(list), w.random.pick(list)].join(' ')}</p>`

/** Every construct of storage format that the generated pages use, by name. Each page takes several. */
export const constructs: Record<string, (writer: Writer) => string> = {
  marks: (w) =>
    `<p>${w.sentence()} <strong>Strong</strong>, <em>emphasis</em>, <u>underlined</u>, <s>struck</s>, <del>deleted</del>, <span style="text-decoration: line-through;">crossed out</span>, H<sub>2</sub>O, 10<sup>3</sup>, <code>inline &lt;code&gt;</code>, <small>small</small> and <big>big</big>.</p>`,
  colours: (w) =>
    `<p><span style="color: rgb(255,86,48);">${w.sentence()}</span> <span style="background-color: rgb(198,237,251);">${w.sentence()}</span></p>`,
  aligned: (w) =>
    `<p style="text-align: center;" local-id="a1b2c3">${w.sentence()}</p><p style="margin-left: 30.0px;">${w.sentence()}</p><p />`,
  quote: (w) => `<blockquote><p>${w.sentence()}</p></blockquote><hr />`,
  preformatted: () => '<pre>first line\n  indented line\nlast line</pre>',
  breaks: (w) => `<p>${w.sentence()}<br />${w.sentence()}</p>`,
  entities: () =>
    '<p>Temperature&nbsp;&plusmn;2&deg; &ndash; &ldquo;quoted&rdquo; &lsquo;once&rsquo; &mdash; from A &rarr; B, both ways &harr;, &euro;5 &amp; &pound;3&hellip; caf&eacute;</p>',
  lists: (w) =>
    `<ul><li><p>${w.sentence()}</p><ul><li><p>${w.sentence()}</p><ol start="3"><li><p>${w.sentence()}</p></li><li><p>Fourth</p></li></ol></li></ul></li><li><p /></li><li>${w.sentence()}</li></ul>`,
  table: (w) =>
    `<table data-table-width="760" data-layout="default" ac:local-id="t1"><colgroup><col style="width: 226.0px;" /><col style="width: 226.0px;" /><col style="width: 306.0px;" /></colgroup><tbody><tr><th><p><strong>Region</strong></p></th><th><p><strong>Owner</strong></p></th><th><p><strong>Notes</strong></p></th></tr><tr><td rowspan="2"><p>Europe</p></td><td data-highlight-colour="#e3fcef"><p>Platform</p></td><td><ul><li><p>${w.sentence()}</p></li><li><p>second point</p></li></ul></td></tr><tr><td colspan="2"><p>${w.sentence()}</p></td></tr><tr><td><p>&nbsp;</p></td><td><p /></td><td><table><tbody><tr><td><p>nested cell</p></td></tr></tbody></table></td></tr></tbody></table>`,
  layout: (w) =>
    `<ac:layout><ac:layout-section ac:type="two_left_sidebar" ac:breakout-mode="default"><ac:layout-cell><p>${w.sentence()}</p></ac:layout-cell><ac:layout-cell><p>${w.sentence()}</p></ac:layout-cell></ac:layout-section><ac:layout-section ac:type="three_equal" ac:breakout-mode="wide" ac:breakout-width="1800"><ac:layout-cell><p>Left</p></ac:layout-cell><ac:layout-cell><p>Middle</p></ac:layout-cell><ac:layout-cell><p>Right</p></ac:layout-cell></ac:layout-section></ac:layout>`,
  pageLinks: (w) =>
    `<p>See <ac:link ac:card-appearance="inline"><ri:page ri:content-title="${w.linkedTitle}" ri:version-at-save="2" /><ac:link-body>the <em>neighbouring</em> page</ac:link-body></ac:link>, <ac:link><ri:page ri:content-title="${w.linkedTitle}" /></ac:link>, <ac:link ac:anchor="details"><ri:page ri:space-key="${w.otherSpaceKey}" ri:content-title="Home" /><ac:plain-text-link-body><![CDATA[another space <home>]]></ac:plain-text-link-body></ac:link> and <ac:link ac:anchor="top"><ac:link-body>the top</ac:link-body></ac:link>.</p>`,
  otherLinks: (w) =>
    `<p><ac:link><ri:space ri:space-key="${w.otherSpaceKey}" /></ac:link> <ac:link><ri:user ri:account-id="${w.accountId}" /></ac:link> <ac:link><ri:attachment ri:filename="price list.xlsx" /><ac:plain-text-link-body><![CDATA[price list]]></ac:plain-text-link-body></ac:link> <ac:link><ri:blog-post ri:space-key="${w.spaceKey}" ri:content-title="Spring news" ri:posting-day="2025/04/02" /></ac:link> <ac:link><ri:content-entity ri:content-id="98307" /></ac:link> <ac:link><ri:shortcut ri:key="jira" ri:parameter="OPS-17" /></ac:link></p>`,
  smartLinks: () =>
    '<p><a href="https://example.com/status?a=1&amp;b=2" data-card-appearance="inline">https://example.com/status?a=1&amp;b=2</a> and <a href="mailto:ops@example.com">ops@example.com</a></p><p><a href="https://example.com/board" data-card-appearance="block" data-layout="center">https://example.com/board</a></p>',
  image: () =>
    '<ac:image ac:align="center" ac:layout="center" ac:original-height="900" ac:original-width="1440" ac:custom-width="true" ac:alt="The dashboard, with four charts" ac:width="760"><ri:attachment ri:filename="dash board.png" ri:version-at-save="1" /><ac:caption><p>Figure 1: the dashboard after the <strong>change</strong></p></ac:caption><ac:adf-mark key="border" ac:size="1" ac:color="#091e4224" /></ac:image>',
  remoteImage: () =>
    '<p><ac:image ac:width="120" ac:thumbnail="true" ac:border="true"><ri:url ri:value="https://example.com/logo.png?size=120&amp;v=2" /></ac:image></p>',
  emoticons: () =>
    '<p>Done <ac:emoticon ac:name="tick" ac:emoji-shortname=":check_mark:" ac:emoji-id="atlassian-check_mark" ac:emoji-fallback=":check_mark:" /> failed <ac:emoticon ac:name="cross" ac:emoji-shortname=":cross_mark:" ac:emoji-id="atlassian-cross_mark" ac:emoji-fallback=":cross_mark:" /> party <ac:emoticon ac:name="blue-star" ac:emoji-shortname=":tada:" ac:emoji-id="1f389" ac:emoji-fallback="🎉" /> old <ac:emoticon ac:name="smile" /></p>',
  date: () => '<p>Due <time datetime="2026-03-31" />, reviewed <time datetime="2025-06-15" />.</p>',
  tasks: (w) =>
    `<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-uuid>7c3e0f4e-1111-4222-8333-444455556666</ac:task-uuid><ac:task-status>complete</ac:task-status><ac:task-body><span class="placeholder-inline-tasks">${w.sentence()}</span></ac:task-body></ac:task><ac:task><ac:task-id>2</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>Ask <ac:link><ri:user ri:account-id="${w.accountId}" /></ac:link> by <time datetime="2026-02-01" /></ac:task-body></ac:task></ac:task-list>`,
  placeholder: (w) => `<p><ac:placeholder>Write the goal here</ac:placeholder>${w.sentence()}</p>`,
  comments: () =>
    '<p>A sen<ac:inline-comment-marker ac:ref="11112222-3333-4444-8555-666677778888">tence with a comm</ac:inline-comment-marker>ent, and <code>con<ac:inline-comment-marker ac:ref="99990000-3333-4444-8555-666677778888">fig</ac:inline-comment-marker>.yaml</code>.</p>',
  adfPanel: (w) => {
    const text = w.sentence()
    return `<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute><ac:adf-content><p>${text}</p></ac:adf-content></ac:adf-node><ac:adf-fallback><div class="panel conf-macro output-block"><div class="panelContent"><p>${text}</p></div></div></ac:adf-fallback></ac:adf-extension>`
  },
  decisions: (w) => {
    const text = w.sentence()
    return `<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-attribute key="local-id">d1</ac:adf-attribute><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content>${text}</ac:adf-content></ac:adf-node></ac:adf-node><ac:adf-fallback><ul class="decision-list"><li>${text}</li></ul></ac:adf-fallback></ac:adf-extension>`
  },
  fragmentMark: (w) =>
    `<table><ac:adf-fragment-mark><ac:adf-fragment-mark-detail name="Table 1" local-id="f1" /></ac:adf-fragment-mark><tbody><tr><td><p>${w.sentence()}</p></td></tr></tbody></table>`,
  oldMacro: (w) =>
    `<ac:macro ac:name="tip"><ac:default-parameter>old</ac:default-parameter><ac:rich-text-body><p>${w.sentence()}</p></ac:rich-text-body></ac:macro>`,
  info: panel('info', ''),
  note: panel('note', 'Before you start'),
  tip: panel('tip', 'It worked'),
  warning: panel('warning', ''),
  customPanel: (w) =>
    macro(
      'panel',
      { title: 'House rules', bgColor: '#deebff', panelIcon: ':house:', panelIconText: '🏠', panelIconId: '1f3e0' },
      rich(`<p>${w.sentence()}</p>`),
    ),
  yaml: code('yaml', 'config.yaml', 'service:\n  name: "billing"\n  retries: 3 # &nbsp; stays six characters\n'),
  scriptCode: code('javascript', '', 'if (a < b && list[list[0]]>0) {\n  document.write("<script>1</script>")\n}\n'),
  codeWithoutLanguage: code('', '', 'make deploy REGION=eu-west-1'),
  noformat: () => macro('noformat', {}, plain('  kept   as it is\n<not a tag>')),
  expand: (w) =>
    macro(
      'expand',
      { title: 'More about this' },
      rich(`<p>${w.sentence()}</p>${macro('info', {}, rich(`<p>${w.sentence()}</p>`))}`),
    ),
  statuses: () =>
    `<p>${['Green', 'Blue', 'Red', 'Yellow', 'Purple'].map((colour) => macro('status', { title: `${colour.toUpperCase()} STATE`, colour })).join(' ')} ${macro('status', { title: 'TO DO', subtle: 'true' })}</p>`,
  toc: () => macro('toc', { minLevel: '2', maxLevel: '3', outline: 'false', style: 'none', type: 'list' }),
  file: () =>
    `<p>${macro('view-file', { name: '<ri:attachment ri:filename="Report 2025.pdf" ri:version-at-save="1" />' })}</p>`,
  anchor: (w) =>
    `<p><ac:structured-macro ac:name="anchor" ac:schema-version="1"><ac:parameter ac:name="">details</ac:parameter></ac:structured-macro>${w.sentence()}</p>`,
  excerpt: (w) =>
    macro('excerpt', { name: 'summary', 'atlassian-macro-output-type': 'BLOCK' }, rich(`<p>${w.sentence()}</p>`)),
  hiddenExcerpt: () => macro('excerpt', { hidden: 'true' }, rich('<p>Only other pages may show this.</p>')),
  includes: (w) =>
    `${macro('excerpt-include', { '': `<ac:link><ri:page ri:content-title="${w.linkedTitle}" /></ac:link>`, nopanel: 'true' })}${macro('include', { '': `<ac:link><ri:page ri:content-title="${w.linkedTitle}" /></ac:link>` })}`,
  properties: (w) =>
    `${macro('details', { id: 'facts' }, rich(`<table><tbody><tr><th><p>Owner</p></th><td><p>${w.sentence()}</p></td></tr><tr><th><p>State</p></th><td><p>${macro('status', { title: 'LIVE', colour: 'Green' })}</p></td></tr></tbody></table>`))}${macro('detailssummary', { cql: 'label = &quot;facts&quot;', headings: 'Owner,State' })}`,
  children: dynamic('children', { all: 'true', depth: '2' }),
  pagetree: dynamic('pagetree', { root: '@self', searchBox: 'true' }),
  byLabel: dynamic('contentbylabel', { cql: 'label = &quot;howto&quot;', max: '10' }),
  recent: dynamic('recently-updated', { max: '5', theme: 'concise' }),
  blogPosts: dynamic('blog-posts', { max: '3' }),
  gallery: dynamic('gallery', { columns: '3' }),
  attachments: dynamic('attachments', { old: 'false' }),
  profile: (w) =>
    `<p>${macro('profile', { user: `<ri:user ri:account-id="${w.accountId}" />` })}${macro('profile-picture', { User: `<ri:user ri:account-id="${w.accountId}" />` })}</p>`,
  reports: () =>
    ['tasks-report-macro', 'livesearch', 'contributors', 'change-history', 'listlabels']
      .map((name) => macro(name, {}))
      .join(''),
  jira: () =>
    `<p>${macro('jira', { key: 'OPS-42', serverId: '00000000-0000-3000-8000-000000000000', server: 'System Jira' })}</p>${macro('jira', { jqlQuery: 'project = OPS', columns: 'key,summary,status', maximumIssues: '20' })}`,
  section: (w) =>
    macro(
      'section',
      { border: 'true' },
      rich(
        `${macro('column', { width: '40%' }, rich(`<p>${w.sentence()}</p>`))}${macro('column', {}, rich(`<p>${w.sentence()}</p>`))}`,
      ),
    ),
  embeds: () =>
    `${macro('widget', { url: '<ri:url ri:value="https://example.com/video" />' })}${macro('iframe', { src: '<ri:url ri:value="https://example.com/frame" />' })}${macro('html', {}, plain('<b onclick="alert(1)">raw</b>'))}`,
  chart: () =>
    macro(
      'chart',
      { type: 'bar', title: 'Orders' },
      rich(
        '<table><tbody><tr><th><p>Month</p></th><th><p>Orders</p></th></tr><tr><td><p>May</p></td><td><p>310</p></td></tr></tbody></table>',
      ),
    ),
  diagrams: () =>
    `${macro('drawio', { diagramName: 'overview', width: '640' })}${macro('gliffy', { name: 'network' })}${macro('plantuml', {}, plain('@startuml\nAlice -> Bob: hello\n@enduml'))}`,
  unknownMacro: (w) => macro('acme-banner', { tone: 'loud', 'space-key': w.spaceKey }, rich(`<p>${w.sentence()}</p>`)),
  korean: speech(sentences.korean, 'ltr'),
  japanese: speech(sentences.japanese, 'ltr'),
  arabic: speech(sentences.arabic, 'rtl'),
  hebrew: speech(sentences.hebrew, 'rtl'),
}
