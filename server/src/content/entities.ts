import { Parser } from 'htmlparser2'

/**
 * Replaces character references by what an HTML browser shows for them. Storage format uses HTML's names (`&nbsp;`, `&rarr;`)
 * although its syntax is XML, which knows five. References that HTML does not know stay as they are.
 */
export function decodeEntities(text: string): string {
  return text.includes('&') ? text.replace(REFERENCE, decodeReference) : text
}

// The longest name in HTML has 31 characters.
const REFERENCE = /&(?:#\d{1,10}|#[xX][\da-fA-F]{1,8}|[a-zA-Z][\da-zA-Z]{1,31});/g

/** Bounded, because hostile text could hold any number of different references. */
const CACHE_LIMIT = 4096
const cache = new Map<string, string>()

function decodeReference(reference: string): string {
  const known = cache.get(reference)
  if (known !== undefined) return known
  const decoded = decodeAsHtml(reference)
  if (cache.size < CACHE_LIMIT) cache.set(reference, decoded)
  return decoded
}

function decodeAsHtml(reference: string): string {
  let decoded = ''
  const parser = new Parser({
    ontext(data) {
      decoded += data
    },
  })
  parser.end(reference)
  return withoutControls(decoded)
}

/** Removes the characters that XML forbids, and that databases and browsers stumble over: U+0000 above all. */
export function withoutControls(text: string): string {
  return CONTROLS.test(text) ? text.replace(ALL_CONTROLS, '') : text
}

/** Replaces halves of surrogate pairs, which no encoding can write. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD')
}

const CONTROLS = controls('')
const ALL_CONTROLS = controls('g')

// Written by number: control characters are unreadable in a regular expression literal, and lint forbids them there.
function controls(flags: string): RegExp {
  const range = (from: number, to: number) => `${String.fromCharCode(from)}-${String.fromCharCode(to)}`
  return new RegExp(`[${range(0x00, 0x08)}${range(0x0b, 0x0c)}${range(0x0e, 0x1f)}]`, flags)
}
