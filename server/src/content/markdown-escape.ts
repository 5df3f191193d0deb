/** What a piece of text stands in, as far as Markdown reads it differently there. */
interface TextPlace {
  /** It begins a line of a paragraph, where it could look like the start of a block. */
  lineStart: boolean
  inLink: boolean
  /** Its first or last character decides whether delimiters around it are read as such. */
  inMark: boolean
  inCell: boolean
  /** A `~` could find a second one to strike with. */
  tildes: boolean
  /** What stands right behind it on its line. */
  next: 'nothing' | 'link' | 'markup'
}

/** Escapes what Markdown would read as markup, and no more: plain words stay as they are. */
export function escapeText(text: string, place: TextPlace): string {
  const guard = place.lineStart ? guardPosition(text) : -1
  const before = guard === -1 ? '' : `${text.slice(0, guard)}\\${text[guard]}`
  return before + escapeAddresses(text.slice(guard + 1), place)
}

/**
 * Renderers make links of bare addresses and show them raw, backslashes included. One that needs escapes, or that touches markup, is
 * therefore written as an explicit link or kept from being read as an address.
 */
function escapeAddresses(text: string, place: TextPlace): string {
  if (place.inLink || !/:\/\/|www\./i.test(text)) return escapeCharacters(text, place)
  let escaped = ''
  let position = 0
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    escaped += escapeCharacters(text.slice(position, index), place, address)
    position = index + address.length
    escaped += escapeAddress(address, text[position], place)
  }
  return escaped + escapeCharacters(text.slice(position), place)
}

const ADDRESS = /(?:https?:\/\/|ftp:\/\/|www\.)[^\s<]*/gi
const ADDRESS_NAME = /(?:https?|ftp)(?=:\/\/)|www(?=\.)/gi

function escapeAddress(address: string, following: string | undefined, place: TextPlace): string {
  const escaped = escapeCharacters(address, place, following)
  const touches = following === undefined ? place.next !== 'nothing' : following === '<'
  if (escaped === address && !touches) return address
  const end = endOfAddress(address)
  const core = address.slice(0, end)
  if (!place.inMark && isAutolink(core, place.inCell)) {
    return `<${core}>${escapeCharacters(address.slice(end), place, following)}`
  }
  return escaped.replace(ADDRESS_NAME, '$&\\')
}

/** Punctuation behind an address belongs to the sentence. A loop, because a regular expression would take quadratic time. */
function endOfAddress(address: string): number {
  const trailing = address.includes('(') ? TRAILING : `${TRAILING})`
  let end = address.length
  while (end > 0 && trailing.includes(address.charAt(end - 1))) end--
  return end
}

const TRAILING = '?!.,:;*_~\'"]}>'

/** Whether an address can stand in angle brackets, where nothing can be escaped. */
export function isAutolink(address: string, inCell: boolean): boolean {
  if (inCell && address.includes('|')) return false
  return MAIL.test(address) || (URL_WITHOUT_SPACES.test(address) && !REFERENCE.test(address))
}

const URL_WITHOUT_SPACES = /^(?:https?|ftp):\/\/[^\s<>\\\u007f]+$/i
const MAIL = /^[\w.+-]+@[\da-z]+(?:[.-][\da-z]+)*$/i
const REFERENCE = /&(?:#|[a-z][\da-z]{1,31};)/i

/** Underscores within words are no markup, all others could be. */
const SPECIAL =
  /\\(?=[!-/:-@[-`{-~]|$)|[`*[]|<(?=\S|$)|&(?=#|[a-z][\da-z]{1,31};)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/giu

/** `following` is what stands behind the text if it is not the end of its piece. */
function escapeCharacters(text: string, place: TextPlace, following?: string): string {
  let escaped = text.replace(SPECIAL, '\\$&')
  if (place.tildes) escaped = escaped.replaceAll('~', '\\~')
  if (place.inCell) escaped = escaped.replaceAll('|', '\\|')
  if (place.inLink) escaped = escaped.replaceAll(']', '\\]')
  const makesImage = following === undefined && place.next === 'link' && escaped.endsWith('!')
  return makesImage ? `${escaped.slice(0, -1)}\\!` : escaped
}

/** Where a line needs a backslash to stay a line of its paragraph, or -1. */
function guardPosition(line: string): number {
  if (BLOCK_START.test(line)) return 0
  return NUMBER.exec(line)?.[0].length ?? -1
}

/** A quote, a heading, an item, the underline of a heading, a rule, the delimiters of a table. */
const BLOCK_START = /^(?:>|#{1,6}(?!\S)|[-+](?!\S)|=+\s*$|[-:|][-:|\s]*$)/
const NUMBER = /^\d{1,9}(?=[.)](?!\S))/

/** Text as inline code, with a fence longer than any run of backticks in it. */
export function codeSpan(code: string, inCell: boolean): string {
  // A cell ends at a `|` behind an escaped backslash, and code knows no other escape.
  if (inCell && code.includes('\\|')) {
    const place: TextPlace = { lineStart: false, inLink: false, inMark: true, inCell, tildes: true, next: 'markup' }
    return `<code>${escapeText(code, place)}</code>`
  }
  const fence = '`'.repeat(longestRun(code) + 1)
  const padded = /^`|`$/.test(code) || (code.startsWith(' ') && code.endsWith(' ')) ? ` ${code} ` : code
  return fence + (inCell ? padded.replaceAll('|', '\\|') : padded) + fence
}

/** Lines of code between fences longer than any run of backticks in them. */
export function codeBlock(code: string, language: string | undefined): string {
  const fence = '`'.repeat(Math.max(longestRun(code) + 1, 3))
  return `${fence}${language ?? ''}\n${code}\n${fence}`
}

function longestRun(code: string): number {
  let longest = 0
  for (const [run] of code.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  return longest
}

/** The target of a link or an image, in angle brackets where it could end too early. */
export function linkTarget(url: string, inCell: boolean): string {
  const escaped = url.replace(TARGET_SPECIAL, '\\$&')
  const target = BARE_TARGET.test(url) ? escaped : `<${escaped.replace(/[<>]/g, '\\$&')}>`
  return inCell ? target.replaceAll('|', '\\|') : target
}

const TARGET_SPECIAL = /\\|&(?=#|[a-z][\da-z]{1,31};)/gi
const BARE_TARGET = /^[^\s()<>]*$/

/** How a character counts where emphasis begins or ends. About the unsure ones, renderers disagree. */
export type CharacterClass = 'space' | 'punctuation' | 'letter' | 'unsure'

export function classOf(character: string): CharacterClass {
  if (character === '' || /[\p{Zs}\t\n]/u.test(character)) return 'space'
  // Beyond U+FFFF, some renderers look at half a surrogate pair.
  if (character.length === 1 && /[!-/:-@[-`{-~\p{P}]/u.test(character)) return 'punctuation'
  return /[\p{P}\p{S}\s]/u.test(character) ? 'unsure' : 'letter'
}
