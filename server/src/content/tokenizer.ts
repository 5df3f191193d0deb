/** Receives the tokens of a document, in order. */
export interface TokenSink {
  /** `name` is in lower case, `attributes` the untouched source between the name and the end of the tag. */
  open(name: string, attributes: string, selfClosing: boolean): void
  close(name: string): void
  /** `literal` text comes from CDATA: entities in it are not to be decoded. */
  text(value: string, literal: boolean): void
}

/**
 * Splits XML-like source into tags and text in one pass and in linear time, for any string: what is not well-formed markup is
 * text, and a construct that never ends reaches to the end of the source. Keeps no stack: matching tags is the sink's business.
 */
export function tokenize(source: string, sink: TokenSink): void {
  let position = 0
  let start = source.indexOf('<')
  while (start !== -1) {
    if (!beginsMarkup(source.charCodeAt(start + 1))) {
      start = source.indexOf('<', start + 1)
      continue
    }
    if (start > position) sink.text(source.slice(position, start), false)
    position = readMarkup(source, start, sink)
    start = source.indexOf('<', position)
  }
  if (position < source.length) sink.text(source.slice(position), false)
}

/** Reads the construct that begins with the `<` at `start` and returns the position after it. */
function readMarkup(source: string, start: number, sink: TokenSink): number {
  const next = source.charCodeAt(start + 1)
  if (next === SLASH) return readClosingTag(source, start, sink)
  if (next === BANG) return readDeclaration(source, start, sink)
  if (next === QUESTION) return after(source, '>', start + 2)
  return readOpeningTag(source, start, sink)
}

function readClosingTag(source: string, start: number, sink: TokenSink): number {
  const nameEnd = endOfName(source, start + 2)
  if (nameEnd > start + 2) sink.close(source.slice(start + 2, nameEnd).toLowerCase())
  return after(source, '>', nameEnd)
}

function readDeclaration(source: string, start: number, sink: TokenSink): number {
  if (source.startsWith('<![CDATA[', start)) {
    const end = source.indexOf(']]>', start + 9)
    sink.text(source.slice(start + 9, end === -1 ? undefined : end), true)
    return end === -1 ? source.length : end + 3
  }
  if (source.startsWith('<!--', start)) return after(source, '-->', start + 4)
  return after(source, '>', start + 2)
}

function readOpeningTag(source: string, start: number, sink: TokenSink): number {
  const nameEnd = endOfName(source, start + 1)
  const end = endOfTag(source, nameEnd)
  const selfClosing = end > nameEnd && source.charCodeAt(end - 1) === SLASH
  sink.open(
    source.slice(start + 1, nameEnd).toLowerCase(),
    source.slice(nameEnd, selfClosing ? end - 1 : end),
    selfClosing,
  )
  return end + 1
}

/** The position of the `>` that ends a tag: one outside of quotes, or the first one where a quote is never closed. */
function endOfTag(source: string, from: number): number {
  for (let position = from; position < source.length; position++) {
    const code = source.charCodeAt(position)
    if (code === GREATER) return position
    if (code !== DOUBLE_QUOTE && code !== SINGLE_QUOTE) continue
    const closing = source.indexOf(code === DOUBLE_QUOTE ? '"' : "'", position + 1)
    if (closing === -1) {
      const fallback = source.indexOf('>', position)
      return fallback === -1 ? source.length : fallback
    }
    position = closing
  }
  return source.length
}

/**
 * Reads the attributes of a tag, names in lower case. Of several with one name the first counts, as in HTML.
 *
 * @param source what {@link TokenSink.open} got
 * @param decode decodes the entities of a value
 */
export function parseAttributes(source: string, decode: (value: string) => string): Map<string, string> {
  const attributes = new Map<string, string>()
  let position = 0
  while (position < source.length) {
    if (isDelimiter(source.charCodeAt(position))) {
      position++
      continue
    }
    const nameEnd = endOfName(source, position)
    const name = source.slice(position, nameEnd).toLowerCase()
    position = skipSpaces(source, nameEnd)
    let value = ''
    if (source.charCodeAt(position) === EQUALS) {
      const start = skipSpaces(source, position + 1)
      const quote = source.charCodeAt(start)
      if (quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE) {
        const closing = source.indexOf(quote === DOUBLE_QUOTE ? '"' : "'", start + 1)
        const end = closing === -1 ? source.length : closing
        value = source.slice(start + 1, end)
        position = end + 1
      } else {
        position = start
        while (position < source.length && !isSpace(source.charCodeAt(position))) position++
        value = source.slice(start, position)
      }
    }
    if (!attributes.has(name)) attributes.set(name, decode(value))
  }
  return attributes
}

const SLASH = 0x2f
const BANG = 0x21
const QUESTION = 0x3f
const EQUALS = 0x3d
const GREATER = 0x3e
const DOUBLE_QUOTE = 0x22
const SINGLE_QUOTE = 0x27

const after = (source: string, end: string, from: number): number => {
  const found = source.indexOf(end, from)
  return found === -1 ? source.length : found + end.length
}

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)

const isNameStart = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a

const beginsMarkup = (code: number): boolean =>
  isNameStart(code) || code === SLASH || code === BANG || code === QUESTION

const isDelimiter = (code: number): boolean =>
  isSpace(code) ||
  code === SLASH ||
  code === GREATER ||
  code === EQUALS ||
  code === DOUBLE_QUOTE ||
  code === SINGLE_QUOTE ||
  code === 0x3c

const endOfName = (source: string, from: number): number => {
  let position = from
  while (position < source.length && !isDelimiter(source.charCodeAt(position))) position++
  return position
}

const skipSpaces = (source: string, from: number): number => {
  let position = from
  while (position < source.length && isSpace(source.charCodeAt(position))) position++
  return position
}
