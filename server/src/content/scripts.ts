/** How characters stand above and below the line. Letters are few, and fonts lack most of them. */
const RAISED = pairs('0123456789+-\u2212=()ni', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ')
const LOWERED = pairs('0123456789+-\u2212=()', '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎')

/** What is longer is no exponent and no index. */
const LENGTH_LIMIT = 40

/** A single letter, or letters and numbers with signs: without a mark, they would mean something else. */
const FORMULA = /^(?:\p{L}|(?=.*[\p{N}+/=\u2212-])(?=.*[\p{L}\p{N}])[\p{L}\p{N}+*/=\u2212-]+)$/u

/**
 * Superscript or subscript as plain text: `10⁻³` and `H₂O` where there are characters for it, `2^(k+1)` and `x_k` where it is a formula, else as
 * it is: `1st`.
 */
export function script(text: string, tag: 'sup' | 'sub'): string {
  if (text.length > LENGTH_LIMIT) return text
  const characters = tag === 'sup' ? RAISED : LOWERED
  const written = text.replace(/[^\s,;]/gu, (character) => characters.get(character) ?? character)
  if ([...text].every((character) => characters.has(character) || /[\s,;]/.test(character))) return written
  if (!FORMULA.test(text)) return text
  const mark = tag === 'sup' ? '^' : '_'
  return [...text].length === 1 ? mark + text : `${mark}(${text})`
}

function pairs(from: string, to: string): ReadonlyMap<string, string> {
  const characters = [...to]
  return new Map([...from].map((character, index) => [character, characters[index] ?? character]))
}
