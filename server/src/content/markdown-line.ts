import { REPEATED_TARGET_LIMIT } from './flow.ts'
import { type LineKind, type Piece, type Span, writeInline } from './markdown-inline.ts'

export type SpanTag = Span['tag'] | 'code'

/** A span that was opened: it is written only when there is content for it. */
interface OpenSpan {
  tag: SpanTag
  href: string
  /** `idle`: another span around it says the same, or it cannot be told here. */
  state: 'waiting' | 'live' | 'idle'
  span?: Span
}

/**
 * Collects one line of text, and whatever lies in it, until it is known how it ends. Spaces and breaks wait for the content that follows, so
 * that they stand outside of spans and never at the ends of the line.
 */
export class Line {
  /** Counts pieces of content. */
  written = 0
  #pieces: Piece[] = []
  readonly #spans: OpenSpan[] = []
  #code = 0
  #space = false
  #break = false
  #separator = ''
  #marker = ''

  /** A line break waits to be written. */
  get breaks(): boolean {
    return this.#break
  }

  text(value: string): void {
    const readable = value.includes(NO_BREAK_SPACE) ? value.replaceAll(NO_BREAK_SPACE, ' ') : value
    const text = readable.trim()
    if (text === '') {
      if (readable !== '') this.#space = true
      return
    }
    if (readable.trimStart().length < readable.length) this.#space = true
    this.#begin()
    if (this.#code > 0) this.#add('code', text)
    else this.#add('text', text)
    this.#space = readable.trimEnd().length < readable.length
  }

  /** Text as code, as it is. */
  code(value: string): void {
    this.#begin()
    this.#add('code', value)
  }

  image(alt: string, src: string): void {
    this.#begin()
    this.#pieces.push({ kind: 'image', alt, src })
  }

  open(tag: SpanTag, href = ''): void {
    const idle = this.#spans.some((outer) => outer.tag === tag) || (this.#code > 0 && tag !== 'link')
    this.#spans.push({ tag, href, state: idle ? 'idle' : 'waiting' })
    if (tag === 'code') this.#code++
  }

  /** Opens a span that writes nothing. */
  openIdle(): void {
    this.#spans.push({ tag: 'link', href: '', state: 'idle' })
  }

  close(): void {
    const top = this.#spans.pop()
    if (top?.tag === 'code') this.#code--
    if (top) this.#end(top)
  }

  /** Lets the content that follows begin on a new line; breaks do not add up. */
  break(): void {
    if (this.#separator === '') this.#break = true
  }

  /** Lets the content that follows begin on a new line, even behind a separator. */
  endRow(): void {
    this.#separator = ''
    this.#break = true
  }

  /** Puts a separator before the content that follows, in place of a break. */
  separate(separator: string): void {
    this.#separator = separator
    this.#break = false
  }

  /** Puts a marker right before the content that follows, behind those that wait already. Returns how much waited. */
  mark(marker: string): number {
    this.#marker += marker
    return this.#marker.length - marker.length
  }

  /** Takes back markers that are still waiting. */
  unmark(length: number): void {
    this.#marker = this.#marker.slice(0, length)
  }

  /** Ends the line and returns it; spans that are open go on in the next one. */
  take(kind: LineKind): string {
    for (const open of this.#spans.toReversed()) this.#end(open)
    const markdown = writeInline(this.#pieces, kind)
    this.#pieces = []
    this.#space = false
    this.#break = false
    this.#separator = ''
    this.#marker = ''
    return markdown
  }

  #add(kind: 'text' | 'code', value: string): void {
    const last = this.#pieces.at(-1)
    if (last?.kind === kind) last.value += value
    else this.#pieces.push({ kind, value })
  }

  #end(open: OpenSpan): void {
    if (open.state !== 'live') return
    open.state = open.href.length > REPEATED_TARGET_LIMIT ? 'idle' : 'waiting'
    if (!open.span) return
    open.span.close = this.#pieces.length
    this.#pieces.push({ kind: 'close', span: open.span })
  }

  /** Writes what waits for content: the gap before it, then the spans around it. */
  #begin(): void {
    this.written++
    const isStart = this.#pieces.length === 0
    const gap = !isStart && (this.#break || this.#space || this.#separator !== '')
    if (gap) {
      if (this.#break) this.#pieces.push({ kind: 'break' })
      else if (this.#separator === '') this.#add(this.#isInCode ? 'code' : 'text', ' ')
      else this.#pieces.push({ kind: 'raw', value: this.#separator })
    }
    if (this.#marker !== '') this.#pieces.push({ kind: 'raw', value: this.#marker })
    const follows = !gap && this.#marker === ''
    this.#space = false
    this.#break = false
    this.#separator = ''
    this.#marker = ''
    for (const open of this.#spans) if (open.state === 'waiting') this.#revive(open, follows)
  }

  /** Opens a span, or goes on with one of its kind that just ended: delimiters cannot stand back to back. */
  #revive(open: OpenSpan, follows: boolean): void {
    open.state = 'live'
    if (open.tag === 'code') return
    const last = this.#pieces.at(-1)
    if (follows && last?.kind === 'close' && last.span.tag === open.tag && open.tag !== 'link') {
      this.#pieces.pop()
      open.span = last.span
      return
    }
    open.span = { tag: open.tag, href: open.href, close: -1 }
    this.#pieces.push({ kind: 'open', span: open.span })
  }

  /** The last piece and the content that follows are of the same code. */
  get #isInCode(): boolean {
    const last = this.#pieces.at(-1)
    return last?.kind === 'code' && this.#spans.some(({ tag, state }) => tag === 'code' && state === 'live')
  }
}

const NO_BREAK_SPACE = String.fromCharCode(0xa0)
