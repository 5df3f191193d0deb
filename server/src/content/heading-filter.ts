/** Longer patterns are no author's, and longer headings are compared by their beginning. */
const PATTERN_LIMIT = 100
const HEADING_LIMIT = 255

/** What a pattern consists of: a character as it is, any one, or any number of any. */
type Part = { character: string } | 'one' | 'any'

/**
 * Whether a heading matches what an author wrote to say which headings a table of contents has: a regular expression that matches all of it, or
 * one of several with `|` between. Authors use `.`, `.*` and `.+`; nothing else is read, so that no pattern takes long.
 *
 * @returns undefined for patterns with anything else in them
 * @see {@link https://confluence.atlassian.com/doc/table-of-contents-macro-182682099.html | Table of Contents Macro}
 */
export function headingFilter(pattern: string): ((heading: string) => boolean) | undefined {
  if (pattern === '' || pattern.length > PATTERN_LIMIT) return undefined
  const alternatives = pattern.split('|').map(partsOf)
  if (!alternatives.every((parts) => parts !== undefined)) return undefined
  return (heading) => {
    const characters = [...heading.slice(0, HEADING_LIMIT)]
    return alternatives.some((parts) => matches(parts, characters))
  }
}

const TOKEN = /\\([^\p{L}\p{N}])|(\.\*)|(\.\+)|(\.)|([^\\.*+?()[\]{}^$])/uy

function partsOf(pattern: string): Part[] | undefined {
  const bare = pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '')
  const parts: Part[] = []
  const token = new RegExp(TOKEN)
  while (token.lastIndex < bare.length) {
    const [whole, escaped, any, some, one, literal] = token.exec(bare) ?? []
    if (whole === undefined) return undefined
    if (some || one) parts.push('one')
    if (any || some) parts.push('any')
    const character = escaped ?? literal
    if (character !== undefined) parts.push({ character })
  }
  return parts
}

/** Goes back to the last `any` only, for one before it could not do better. */
function matches(parts: readonly Part[], characters: readonly string[]): boolean {
  let part = 0
  let at = 0
  let retry: { part: number; at: number } | undefined
  while (at < characters.length) {
    const expected = parts[part]
    if (expected === 'any') {
      retry = { part: ++part, at }
    } else if (expected === 'one' || expected?.character === characters[at]) {
      part++
      at++
    } else if (retry) {
      retry.at++
      part = retry.part
      at = retry.at
    } else return false
  }
  while (parts[part] === 'any') part++
  return part === parts.length
}
