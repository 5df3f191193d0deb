import type { Named, Names } from './names.ts'

/** Receives the tokens of a document, in order. */
export interface TokenSink<T extends Named> {
  /** The innermost open element, which closing tags usually name. */
  readonly innermost: T | undefined
  /** The attributes are the source from `start` to `end`: {@link attributeIn} reads them. */
  open(tag: T, start: number, end: number, selfClosing: boolean): void
  close(tag: T): void
  /** `literal` text comes from CDATA: entities in it are not to be decoded. */
  text(value: string, literal: boolean): void
}

/**
 * Splits XML-like source into tags and text in one pass and in linear time, for any string: what is not well-formed markup is
 * text, and a construct that never ends reaches to the end of the source. Keeps no stack: matching tags is the sink's business.
 */
export function tokenize<T extends Named>(source: string, names: Names<T>, sink: TokenSink<T>): void {
  let position = 0
  let start = source.indexOf('<')
  while (start !== -1) {
    const next = source.charCodeAt(start + 1)
    if (!beginsMarkup(next)) {
      start = source.indexOf('<', start + 1)
      continue
    }
    if (start > position) sink.text(source.slice(position, start), false)
    if (next === SLASH) position = readClosingTag(source, start, names, sink)
    else if (isNameStart(next)) position = readOpeningTag(source, start, names, sink)
    else position = readDeclaration(source, start, sink)
    // Tags often follow each other.
    start = source.charCodeAt(position) === LESS ? position : source.indexOf('<', position)
  }
  if (position < source.length) sink.text(source.slice(position), false)
}

/** Reads the tag that begins with the `<` at `start` and returns the position after it. So do the others below. */
function readClosingTag<T extends Named>(source: string, start: number, names: Names<T>, sink: TokenSink<T>): number {
  const { innermost } = sink
  if (innermost !== undefined) {
    const end = start + 2 + innermost.name.length
    if (source.charCodeAt(end) === GREATER && source.startsWith(innermost.name, start + 2)) {
      sink.close(innermost)
      return end + 1
    }
  }
  const nameEnd = endOfName(source, start + 2)
  if (nameEnd > start + 2) sink.close(names.at(source, start + 2, nameEnd))
  return source.charCodeAt(nameEnd) === GREATER ? nameEnd + 1 : after(source, '>', nameEnd)
}

function readOpeningTag<T extends Named>(source: string, start: number, names: Names<T>, sink: TokenSink<T>): number {
  const nameEnd = endOfName(source, start + 1)
  const end = endOfTag(source, nameEnd)
  const selfClosing = end > nameEnd && source.charCodeAt(end - 1) === SLASH
  sink.open(names.at(source, start + 1, nameEnd), nameEnd, selfClosing ? end - 1 : end, selfClosing)
  return end + 1
}

/** Comments, CDATA sections, declarations and processing instructions. */
function readDeclaration<T extends Named>(source: string, start: number, sink: TokenSink<T>): number {
  if (source.startsWith('<![CDATA[', start)) {
    const end = source.indexOf(']]>', start + 9)
    sink.text(source.slice(start + 9, end === -1 ? undefined : end), true)
    return end === -1 ? source.length : end + 3
  }
  if (source.startsWith('<!--', start)) return after(source, '-->', start + 4)
  return after(source, '>', start + 2)
}

/** The position of the `>` that ends a tag: one outside of quotes, or the first one where a quote is never closed. */
function endOfTag(source: string, from: number): number {
  for (let position = from; position < source.length; position++) {
    const code = source.charCodeAt(position)
    if (code > GREATER) continue
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
 * Reads one attribute of a tag, whatever the case of its name is. Of several with one name the first counts, as in HTML. Pages have more attributes
 * than anybody asks for, so that nothing is kept of the others.
 *
 * @param start where the attributes begin in the source, as {@link TokenSink.open} got it, and `end` where they end
 * @param name in lower case
 * @returns the value as it is in the source, or `undefined` where there is none
 */
export function attributeIn(source: string, start: number, end: number, name: string): string | undefined {
  let position = start
  while (position < end) {
    if (isDelimiter(source.charCodeAt(position))) {
      position++
      continue
    }
    const nameStart = position
    const nameEnd = endOfName(source, position)
    let valueStart = nameEnd
    let valueEnd = nameEnd
    position = skipSpaces(source, nameEnd)
    if (position < end && source.charCodeAt(position) === EQUALS) {
      valueStart = skipSpaces(source, position + 1)
      const quote = source.charCodeAt(valueStart)
      if (quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE) {
        const closing = source.indexOf(quote === DOUBLE_QUOTE ? '"' : "'", ++valueStart)
        valueEnd = closing === -1 || closing > end ? end : closing
        position = valueEnd + 1
      } else {
        valueEnd = valueStart
        while (valueEnd < end && !isSpace(source.charCodeAt(valueEnd))) valueEnd++
        position = valueEnd
      }
    }
    if (nameEnd - nameStart === name.length && isName(source, nameStart, name)) {
      return valueStart < valueEnd ? source.slice(valueStart, valueEnd) : ''
    }
  }
  return undefined
}

const SLASH = 0x2f
const BANG = 0x21
const QUESTION = 0x3f
const EQUALS = 0x3d
const LESS = 0x3c
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

/** No delimiter stands behind `>` in Unicode, while letters do: most characters take one comparison. */
const isDelimiter = (code: number): boolean =>
  code <= GREATER &&
  (code === GREATER ||
    isSpace(code) ||
    code === SLASH ||
    code === EQUALS ||
    code === DOUBLE_QUOTE ||
    code === SINGLE_QUOTE ||
    code === LESS)

/** Whether a name stands at a position, in whatever case. */
function isName(source: string, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    const code = source.charCodeAt(start + index)
    const lower = code >= 0x41 && code <= 0x5a ? code | 0x20 : code
    if (lower !== name.charCodeAt(index)) return false
  }
  return true
}

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
