import { Parser } from 'htmlparser2'

const VOID = new Set(['br', 'hr', 'img', 'input'])

/** Every element that output may have, and its attributes. */
export const ALLOWED: Record<string, readonly string[]> = {
  p: ['style'],
  h1: ['id'],
  h2: ['id'],
  h3: ['id'],
  h4: ['id'],
  h5: ['id'],
  h6: ['id'],
  ol: ['start'],
  ul: ['data-tasks'],
  li: ['data-level'],
  input: ['type', 'disabled', 'checked'],
  table: [],
  tbody: [],
  tr: [],
  th: ['colspan', 'rowspan'],
  td: ['colspan', 'rowspan'],
  blockquote: [],
  figure: [],
  figcaption: [],
  pre: [],
  code: ['class'],
  aside: ['data-panel'],
  details: [],
  summary: [],
  section: ['data-layout'],
  div: ['data-column', 'data-macro'],
  span: ['data-macro', 'data-status', 'id'],
  nav: ['data-macro'],
  a: ['href', 'rel', 'data-mention'],
  time: ['datetime'],
  img: ['src', 'alt', 'width', 'height'],
  br: [],
  hr: [],
  strong: [],
  em: [],
  u: [],
  s: [],
  sub: [],
  sup: [],
  small: [],
  mark: [],
}

/** What a value must look like where any value at all would be unsafe. */
const VALUES: Record<string, RegExp> = {
  href: /^(?:https?:\/\/|mailto:|tel:|#cc-)/,
  src: /^https?:\/\//,
  id: /^cc-/,
  style: /^text-align: (?:center|right|justify)$/,
  class: /^language-[\w+#.-]+$/,
  type: /^checkbox$/,
}

/** Where an element must stand, because a browser would move it or drop its tags elsewhere. */
const PARENTS: Record<string, readonly string[]> = {
  tbody: ['table'],
  tr: ['tbody'],
  td: ['tr'],
  th: ['tr'],
  li: ['ul', 'ol'],
  summary: ['details'],
  figcaption: ['figure'],
}

/** Elements that hold no text of their own. */
const TEXTLESS = new Set(['table', 'tbody', 'tr', 'ul', 'ol'])

/** Parses a fragment as HTML and lists what is not well-formed in it or not allowed by the policy. */
export function violationsOf(html: string): string[] {
  const violations: string[] = []
  const stack: string[] = []
  const parser = new Parser({
    onopentag(name, attributes, isImplied) {
      if (isImplied) violations.push(`implied <${name}>`)
      const parent = stack.at(-1) ?? ''
      if (PARENTS[name]?.includes(parent) === false) violations.push(`<${name}> in <${parent}>`)
      if (TEXTLESS.has(parent) && !PARENTS[name] && !TEXTLESS.has(name)) violations.push(`<${name}> in <${parent}>`)
      if (name === 'a' && stack.includes('a')) violations.push('<a> in <a>')
      stack.push(name)
      const allowed = Object.hasOwn(ALLOWED, name) ? ALLOWED[name] : undefined
      if (!allowed) violations.push(`<${name}>`)
      for (const [key, value] of Object.entries(attributes)) {
        if (!allowed?.includes(key)) violations.push(`<${name} ${key}>`)
        else if (VALUES[key]?.test(value) === false) violations.push(`<${name} ${key}="${value}">`)
      }
    },
    ontext(data) {
      if (TEXTLESS.has(stack.at(-1) ?? '') && data.trim() !== '') violations.push(`text in <${stack.at(-1)}>`)
    },
    onclosetag(name, isImplied) {
      stack.pop()
      if (isImplied && !VOID.has(name)) violations.push(`unclosed <${name}>`)
    },
    oncomment: () => violations.push('comment'),
    onprocessinginstruction: () => violations.push('declaration'),
  })
  parser.end(html)
  return violations
}

const BLOCKS = new Set(
  'address article aside blockquote br caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img li nav ol p pre section summary table tbody td th thead tr ul'.split(
    ' ',
  ),
)

/** The words that a browser shows of an HTML page or fragment, in order. */
export function visibleWords(html: string): string[] {
  let text = ''
  let hidden = 0
  const parser = new Parser({
    onopentag(name) {
      if (name === 'script' || name === 'style') hidden++
      if (BLOCKS.has(name)) text += ' '
    },
    onclosetag(name) {
      if (name === 'script' || name === 'style') hidden--
      if (BLOCKS.has(name)) text += ' '
    },
    ontext(data) {
      if (hidden === 0) text += data
    },
  })
  parser.end(html)
  return wordsOf(text)
}

/** The words of plain text. */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

/** Raised and lowered characters on the line again. */
export function onLine(text: string): string {
  return text
    .replace(/[¹²³⁰-ₜ\u2212]/g, (character) => character.normalize('NFKC').replace('\u2212', '-'))
    .replace(/[_^]\(([^()]*)\)/g, '$1')
}

/** The words that are missing where all of them should be found, in their order, among others. */
export function missingWords(words: readonly string[], among: readonly string[]): string[] {
  const missing: string[] = []
  let position = 0
  for (const word of words) {
    const found = among.indexOf(word, position)
    if (found === -1) missing.push(word)
    else position = found + 1
  }
  return missing
}
