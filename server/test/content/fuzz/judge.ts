import { convertStorage, convertToMarkdown } from '../../../src/content/index.ts'
import { violationsOf } from '../html.ts'
import { asWritten, readableText, reparsed, sanitized } from './browser.ts'
import { CANARY } from './reshape.ts'

const options = { baseUrl: 'https://acme.atlassian.net/wiki', spaceKey: 'DOCS', pageId: '42', title: 'Home' }

/** What no output may hold: characters that XML forbids, and halves of surrogate pairs. */
const FORBIDDEN = /[\p{Surrogate}]|[^\P{Cc}\t\n\r\u007f-\u009f]/u

/**
 * Letters and digits, those above and below the line as well: text has characters of their own for them. Taken apart and not put together, which
 * would depend on what stands between them.
 */
const letters = (text: string): string => text.normalize('NFKD').replace(/[^\p{L}\p{N}]/gu, '')

/** Where two strings begin to differ, with what stands around it. */
function difference(one: string, other: string): string {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60))
  return `${around(one)} against ${around(other)}`
}

/** The first letter of a text that does not follow in another one, in order, with what stands around it. */
function missing(text: string, among: string): string | undefined {
  let position = 0
  for (let index = 0; index < text.length; index++) {
    position = among.indexOf(text.charAt(index), position) + 1
    if (position === 0) return text.slice(Math.max(0, index - 30), index + 30)
  }
  return undefined
}

/** The ids of all elements. Attributes are read one after the other, since their values may look like attributes. */
const idsOf = (html: string): (string | undefined)[] =>
  [...html.matchAll(/<[a-z]\w*((?: [\w-]+(?:="[^"]*")?)+)>/g)].flatMap(([, attributes = '']) =>
    [...attributes.matchAll(/ ([\w-]+)(?:="([^"]*)")?/g)].flatMap(([, name, value]) => (name === 'id' ? [value] : [])),
  )

/** Converts a document and lists what is wrong with the outputs; nothing, if all is well. */
export function complaintsOf(document: string): string[] {
  const complaints: string[] = []
  const { html, text } = convertStorage(document, options)
  const { markdown } = convertToMarkdown(document, options)
  for (const [name, output] of Object.entries({ html, text, markdown })) {
    if (FORBIDDEN.test(output)) complaints.push(`${name}: a character that it must not hold`)
  }
  complaints.push(...violationsOf(html))
  const ids = idsOf(html)
  if (new Set(ids).size < ids.length) complaints.push('an id is given twice')
  const understood = reparsed(html)
  const written = asWritten(html)
  if (understood !== written) complaints.push(`a browser reads something else: ${difference(written, understood)}`)
  const [safe, whole] = [sanitized(html), understood].map((each) => each.replaceAll('text-align: ', 'text-align:'))
  if (safe !== whole) complaints.push(`a sanitizer finds something: ${difference(whole ?? '', safe ?? '')}`)
  const lost = missing(letters(readableText(html)), letters(text))
  if (lost !== undefined) complaints.push(`text lacks what HTML has: ${JSON.stringify(lost)}`)
  return complaints
}

/** The same for a well-formed page with {@link CANARY} wherever readers see nothing: none of it may come through. */
export function leaksOf(document: string): string[] {
  const { html, text } = convertStorage(document, options)
  const outputs = { html, text, markdown: convertToMarkdown(document, options).markdown }
  const leaks = Object.entries(outputs).filter(([, output]) => output.includes(CANARY))
  return leaks.map(
    ([name, output]) => `${name} shows what is hidden: ${output.slice(0, output.indexOf(CANARY) + 20).slice(-80)}`,
  )
}
