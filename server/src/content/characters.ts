/** What a code unit is to a counter of words. Signs neither begin nor end one. */
export const SPACE = 1
export const LETTER = 2
/** Chinese and Japanese have no spaces between words. */
export const IDEOGRAPH = 3
const SIGN = 4
/** The second half of a pair, which the first one speaks for. */
export const TRAIL = 5

/** Filled as characters are met: asking Unicode's tables each time would take several times as long as the lookup. */
const kinds = new Uint8Array(0x10000)

/** @param code a code unit of UTF-16 */
export function characterKind(code: number): number {
  const known = kinds[code]
  if (known) return known
  const kind = unicodeKind(code)
  kinds[code] = kind
  return kind
}

function unicodeKind(code: number): number {
  if (code >= 0xdc00 && code <= 0xdfff) return TRAIL
  // First halves tell no more than a block of characters: beyond the rare ideographs, emoji are what pages have.
  if (code >= 0xd840 && code <= 0xd8bf) return IDEOGRAPH
  if (code >= 0xd83c && code <= 0xd83e) return SIGN
  if (code >= 0xd800 && code <= 0xdbff) return LETTER
  const character = String.fromCharCode(code)
  if (/\s/.test(character)) return SPACE
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(character)) return IDEOGRAPH
  return /[\p{L}\p{N}]/u.test(character) ? LETTER : SIGN
}
