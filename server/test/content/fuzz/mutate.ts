import type { Random } from '../../../src/sandbox/random.ts'
import { partOf } from './sources.ts'

/** Changes a document in one place. */
type Mutation = (document: string, random: Random) => string

/** What pages hold that mean harm, or that no tool would write. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '<style>* { position: fixed }</style>',
  '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
  '<a href="&#106;ava&Tab;script&colon;alert(1)">x</a>',
  '<a href="//x.org/a b\'c">x</a>',
  '<img src="data:image/svg+xml,&lt;svg onload=alert(1)&gt;" onerror="alert(1)"/>',
  '<img src="data:image/png;base64,AAAA"/>',
  '<p style="text-align: center; background: url(//x.org)" id="x" class="y">x',
  '<svg><a xlink:href="javascript:alert(1)"><title><style><img title="</style><img src=x onerror=alert(1)>">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><form><input name="innerHTML"/></form></template>',
  '<h1>x<h2>y</h1>z</h2>',
  '<a href="https://x.org">x<a href="https://y.org">y</a></a>',
  '<pre>x<p>y</p><table><td>z</pre>',
  '<select><option>x<textarea></select></textarea>',
  '<ac:structured-macro ac:name="toc"/>',
  '<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">x</ac:parameter></ac:structured-macro>',
  '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[</code></pre><script>]]></ac:plain-text-body></ac:structured-macro>',
  '<ac:image><ri:url ri:value="javascript:alert(1)"/><ac:caption>x</ac:caption></ac:image>',
  '<ac:link ac:anchor="%00%FF"><ri:attachment ri:filename="../.."><ri:page ri:content-title=".."/></ri:attachment></ac:link>',
]

/** What breaks the way in which references, sections, comments and tags are told apart. */
const DAMAGE = [
  '&',
  '&#',
  '&#x',
  '&#0;',
  '&#1;',
  '&#xD800;',
  '&#x110000;',
  '&nbsp',
  '&notit;',
  '&amp;lt;',
  '&#10;',
  '<![CDATA[',
  ']]>',
  ']]]]><![CDATA[>',
  '<!--',
  '-->',
  '<!DOCTYPE x [<!ENTITY y "z">]>',
  '<?xml',
  '?>',
  '<',
  '>',
  '</',
  '/>',
  '"',
  "'",
  '=',
  '<p',
  '</p',
]

const CHARACTERS = [
  '\0',
  '\x0b',
  '\x1f',
  '\ud800',
  '\udc00',
  '\u00a0',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\u200b',
  '\u202e',
  '\uffff',
  '\r',
  '\r\n',
  '\t',
  '\u{1f389}',
  'İ',
  '\u212a',
]

/** A stretch of the document, by its positions. */
function stretch(document: string, random: Random, limit: number): [start: number, end: number] {
  const start = random.int(document.length + 1)
  return [start, Math.min(document.length, start + random.int(limit))]
}

const insert = (document: string, at: number, what: string) => document.slice(0, at) + what + document.slice(at)
const anywhere = (document: string, random: Random) => random.int(document.length + 1)

/** The tags of a document, or of one name if it has any. */
const tagsIn = (document: string) => [...document.matchAll(/<\/?[a-z][\w:-]*[^<>]*>/gi)]

const nameOf = (tag: string) => /[a-z][\w:-]*/i.exec(tag)?.[0] ?? 'p'

const mutations: Record<string, Mutation> = {
  splice: (document, random) => insert(document, anywhere(document, random), partOf(random, 500)),
  duplicate: (document, random) => {
    const [start, end] = stretch(document, random, 400)
    return insert(document, anywhere(document, random), document.slice(start, end).repeat(1 + random.int(3)))
  },
  delete: (document, random) => {
    const [start, end] = stretch(document, random, 200)
    return document.slice(0, start) + document.slice(end)
  },
  truncate: (document, random) =>
    random.int(2) ? document.slice(0, anywhere(document, random)) : document.slice(anywhere(document, random)),
  flipBit: (document, random) => {
    const at = anywhere(document, random)
    const flipped = document.charCodeAt(at) ^ (1 << random.int(8))
    return document.slice(0, at) + String.fromCharCode(flipped) + document.slice(at + 1)
  },
  dropTag: (document, random) => {
    const tags = tagsIn(document)
    if (tags.length === 0) return document
    const { 0: tag, index } = random.pick(tags)
    return document.slice(0, index) + document.slice(index + tag.length)
  },
  swapTags: (document, random) => {
    const tags = tagsIn(document)
    if (tags.length === 0) return document
    const { 0: tag, index } = random.pick(tags)
    const other = nameOf(random.pick(tags)[0])
    return document.slice(0, index) + tag.replace(/[a-z][\w:-]*/i, other) + document.slice(index + tag.length)
  },
  swapAttributes: (document, random) => {
    const attributes = [...document.matchAll(/([\w:-]+)="([^"]*)"/g)]
    if (attributes.length === 0) return document
    const { 0: one, index } = random.pick(attributes)
    const [, name, value] = random.pick(attributes)
    const swapped = random.int(2) ? one.replace(/^[\w:-]+/, name ?? '') : one.replace(/"[^"]*"/, () => `"${value}"`)
    return document.slice(0, index) + swapped + document.slice(index + one.length)
  },
  nest: (document, random) => {
    const tags = tagsIn(document).filter(([tag]) => !/^<\/|\/>$/.test(tag))
    if (tags.length === 0) return document
    const opens = Array.from({ length: 1 + random.int(random.int(20) ? 12 : 600) }, () => random.pick(tags)[0])
    const closes = opens.map((tag) => `</${nameOf(tag)}>`).toReversed()
    const [start, end] = stretch(document, random, 600)
    const inner = document.slice(start, end)
    const after = random.int(3) ? closes.join('') : ''
    return document.slice(0, start) + opens.join('') + inner + after + document.slice(end)
  },
  damage: (document, random) => insert(document, anywhere(document, random), random.pick(DAMAGE)),
  loseReferences: (document, random) =>
    document.replace(/&([#\w]+);/g, (whole) => (random.int(3) ? whole : random.pick(DAMAGE))),
  loseSections: (document, random) =>
    document.replace(/<!\[CDATA\[|\]\]>/g, (whole) => (random.int(3) ? whole : random.pick(DAMAGE))),
  hostile: (document, random) => insert(document, anywhere(document, random), random.pick(HOSTILE)),
  characters: (document, random) =>
    insert(document, anywhere(document, random), random.pick(CHARACTERS).repeat(1 + random.int(2))),
}

const table = Object.values(mutations)

/** A part of a page that was changed in up to ten places. */
export function mutated(random: Random): string {
  let document = partOf(random)
  for (let left = 1 + random.int(10); left > 0; left--) document = random.pick(table)(document, random)
  return document
}
