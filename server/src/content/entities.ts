import { decodeHTML } from 'entities/decode'

/**
 * Replaces character references by what an HTML browser shows for them. Storage format uses HTML's names (`&nbsp;`, `&rarr;`)
 * although its syntax is XML, which knows five. References that HTML does not know stay as they are.
 */
export function decodeEntities(text: string): string {
  let start = text.indexOf('&')
  if (start === -1) return text
  let decoded = ''
  let position = 0
  while (start !== -1) {
    const end = endOfReference(text, start)
    if (end !== -1) {
      decoded += text.slice(position, start) + decodeReference(text.slice(start, end))
      position = end
    }
    start = text.indexOf('&', end === -1 ? start + 1 : end)
  }
  return decoded + text.slice(position)
}

/** The longest name in HTML has 31 characters. */
const REFERENCE_LIMIT = 33

/** The position behind the `;` that ends the reference at `start`, or -1 where there is none. */
function endOfReference(text: string, start: number): number {
  const limit = Math.min(text.length, start + REFERENCE_LIMIT)
  for (let position = start + 1; position < limit; position++) {
    const code = text.charCodeAt(position)
    if (code === SEMICOLON) return position + 1
    if (code === AMPERSAND) return -1
  }
  return -1
}

const SEMICOLON = 0x3b
const AMPERSAND = 0x26
const REFERENCE = /^&(?:#\d{1,10}|#[xX][\da-fA-F]{1,8}|[a-zA-Z][\da-zA-Z]{1,30});$/

/** Bounded, because hostile text could hold any number of different references. */
const CACHE_LIMIT = 4096
const cache = new Map<string, string>()

function decodeReference(reference: string): string {
  const known = cache.get(reference)
  if (known !== undefined) return known
  if (!REFERENCE.test(reference)) return reference
  const decoded = decodeHTML(reference)
  if (cache.size < CACHE_LIMIT) cache.set(reference, decoded)
  return decoded
}

/** Text as it may be stored and shown: {@link withoutControls}, and with whole surrogate pairs only, which all encodings can write. */
export function cleaned(text: string): string {
  return SUSPICIOUS.test(text) ? withoutControls(text).toWellFormed() : text
}

/** Removes the characters that XML forbids, and that databases and browsers stumble over: U+0000 above all. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, '')
}

/**
 * Whether text passes through as it is: there is nothing to decode or to clean, no white space to collapse, and nothing that some output
 * writes differently. One look, since nearly all text is so.
 */
export function isPlain(text: string): boolean {
  return !SPECIAL.test(text) && !SPACES.test(text)
}

// Written by number: control characters are unreadable in a regular expression literal, and lint forbids them there.
const range = (from: number, to: number) => `${String.fromCharCode(from)}-${String.fromCharCode(to)}`
const FORBIDDEN = `${range(0x00, 0x08)}${range(0x0b, 0x0c)}${range(0x0e, 0x1f)}`
const SURROGATES = '\\ud800-\\udfff'
const CONTROLS = new RegExp(`[${FORBIDDEN}]`, 'g')
const SUSPICIOUS = new RegExp(`[${FORBIDDEN}${SURROGATES}]`)
const SPECIAL = new RegExp(`[${range(0x00, 0x1f)}${SURROGATES}&<>\\u00a0]`)
/** Apart: together they take twice the time. */
const SPACES = / {2}/
