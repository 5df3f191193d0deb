import { type CharacterClass, classOf, codeSpan, escapeText, isAutolink, linkTarget } from './markdown-escape.ts'

/** Where a line stands: what ends it and what it may hold depends on that. */
export type LineKind = 'paragraph' | 'heading' | 'cell'

/** A stretch of a line that is marked or that links. */
export interface Span {
  tag: 'strong' | 'em' | 's' | 'sub' | 'sup' | 'link'
  href: string
  /** The index of the piece that ends it. */
  close: number
}

/** What a line consists of. Spaces never stand right inside of a span, and every span has content. */
export type Piece =
  | { kind: 'text' | 'code' | 'raw'; value: string }
  | { kind: 'open' | 'close'; span: Span }
  | { kind: 'image'; alt: string; src: string }
  | { kind: 'break' }

/** Writes the pieces of a line as Markdown. */
export function writeInline(pieces: readonly Piece[], kind: LineKind): string {
  const writer = new InlineWriter(pieces, kind)
  for (let index = 0; index < pieces.length; ) index = writer.write(index)
  return writer.out
}

type Mark = Exclude<Span['tag'], 'link'>

/** Marks without a delimiter are always written as HTML. */
const DELIMITER: Partial<Record<Mark, string>> = { strong: '**', em: '*', s: '~~' }
const ELEMENT: Record<Mark, string> = { strong: 'strong', em: 'em', s: 'del', sub: 'sub', sup: 'sup' }
const BREAK: Record<LineKind, string> = { paragraph: '\\\n', heading: ' ', cell: '<br>' }

class InlineWriter {
  out = ''
  readonly #pieces: readonly Piece[]
  readonly #kind: LineKind
  readonly #tildes: boolean
  /** What was written last; the end of `out` would be slow to read. */
  #last = ''
  #lineStart = true
  #inLink = false
  /** How many marks are open. */
  #marks = 0
  /** How many of them by asterisks. */
  #asterisks = 0
  /** Spans that had to be written as HTML. */
  readonly #elements = new Set<Span>()
  /** The asterisks written last: whether they open or close, and what stands before them. */
  #run: { opens: boolean; before: CharacterClass } | undefined

  constructor(pieces: readonly Piece[], kind: LineKind) {
    this.#pieces = pieces
    this.#kind = kind
    this.#tildes = canStrike(pieces)
  }

  /** Writes the piece at an index and returns the index of the next one. */
  write(index: number): number {
    const piece = this.#pieces[index]
    switch (piece?.kind) {
      case 'text':
        this.#emit(this.#escaped(piece.value, this.#pieces[index + 1]))
        break
      case 'code':
        this.#emit(codeSpan(piece.value, this.#inCell))
        break
      case 'raw':
        this.#emit(this.#inCell ? piece.value.replaceAll('|', '\\|') : piece.value)
        break
      case 'image':
        this.#emit(`![${this.#label(piece.alt)}](${linkTarget(piece.src, this.#inCell)})`)
        break
      case 'break':
        this.#emit(BREAK[this.#kind])
        this.#lineStart = this.#kind === 'paragraph'
        break
      case 'open':
        return this.#open(piece.span, index)
      case 'close':
        this.#close(piece.span)
        break
    }
    return index + 1
  }

  get #inCell(): boolean {
    return this.#kind === 'cell'
  }

  #emit(written: string): void {
    this.out += written
    this.#last = written
    this.#lineStart = false
    this.#run = undefined
  }

  #escaped(value: string, next: Piece | undefined): string {
    const escaped = escapeText(value, {
      lineStart: this.#lineStart && this.#kind === 'paragraph',
      inLink: this.#inLink,
      inMark: this.#marks > 0,
      inCell: this.#inCell,
      tildes: this.#tildes,
      next: nextOf(next, this.#kind),
    })
    // The end of a heading may be closed by number signs, which are then no text.
    return this.#kind === 'heading' && !next && value.endsWith('#') ? `${escaped.slice(0, -1)}\\#` : escaped
  }

  #label(alt: string): string {
    return escapeText(alt, {
      lineStart: false,
      inLink: true,
      inMark: false,
      inCell: this.#inCell,
      tildes: true,
      next: 'nothing',
    })
  }

  #open(span: Span, index: number): number {
    const { tag, href } = span
    if (tag === 'link') {
      const only = index + 2 === span.close ? this.#pieces[index + 1] : undefined
      if (only?.kind === 'text' && says(only.value, href) && isAutolink(only.value, this.#inCell)) {
        this.#emit(`<${only.value}>`)
        return span.close + 1
      }
      this.#emit('[')
      this.#inLink = true
      return index + 1
    }
    this.#marks++
    const before = this.#run?.opens && tag !== 's' ? this.#run.before : this.#before
    const delimiter = DELIMITER[tag]
    if (delimiter && this.#canDelimit(span, index, before)) {
      this.#emit(delimiter)
      if (tag !== 's') {
        this.#asterisks++
        this.#run = { opens: true, before }
      }
    } else {
      this.#elements.add(span)
      this.#emit(`<${ELEMENT[tag]}>`)
    }
    return index + 1
  }

  #close(span: Span): void {
    const { tag } = span
    if (tag === 'link') {
      this.#emit(`](${linkTarget(span.href, this.#inCell)})`)
      this.#inLink = false
      return
    }
    this.#marks--
    if (this.#elements.has(span)) {
      this.#emit(`</${ELEMENT[tag]}>`)
    } else {
      this.#emit(DELIMITER[tag] ?? '')
      if (tag !== 's') {
        this.#asterisks--
        this.#run = { opens: false, before: 'punctuation' }
      }
    }
  }

  /** What stands before the next character. */
  get #before(): CharacterClass {
    return this.#lineStart ? 'space' : classOf(lastCharacter(this.#last))
  }

  /**
   * Whether delimiters around a span are read as what they are, by every renderer: emphasis neither begins nor ends between a letter and
   * punctuation, and asterisks that could close as well as open may close another span.
   */
  #canDelimit(span: Span, index: number, before: CharacterClass): boolean {
    const first = this.#startOf(this.#pieces[index + 1])
    const last = this.#endOf(this.#pieces[span.close - 1])
    const after = this.#startOf(this.#pieces[span.close + 1])
    if (!flanks(first, before) || !flanks(last, after)) return false
    if (span.tag === 's') return true
    if (this.#run && !this.#run.opens) return false
    const couldClose = before !== 'space' && (before !== 'punctuation' || first !== 'letter')
    return !(couldClose && this.#asterisks > 0)
  }

  #startOf(piece: Piece | undefined): CharacterClass {
    if (!piece) return 'space'
    if (piece.kind === 'text') return classOf(String.fromCodePoint(piece.value.codePointAt(0) ?? 0x20))
    return piece.kind === 'break' && this.#kind === 'heading' ? 'space' : 'punctuation'
  }

  #endOf(piece: Piece | undefined): CharacterClass {
    return piece?.kind === 'text' ? classOf(lastCharacter(piece.value)) : 'punctuation'
  }
}

/** Whether delimiters may stand between what they mark and what is around it. */
function flanks(inside: CharacterClass, outside: CharacterClass): boolean {
  return inside === 'letter' || (inside !== 'space' && (outside === 'space' || outside === 'punctuation'))
}

function nextOf(piece: Piece | undefined, kind: LineKind): 'nothing' | 'link' | 'markup' {
  if (!piece || (piece.kind === 'break' && kind === 'heading')) return 'nothing'
  return piece.kind === 'open' && piece.span.tag === 'link' ? 'link' : 'markup'
}

/** One `~` alone is no markup, and common between numbers. */
function canStrike(pieces: readonly Piece[]): boolean {
  let tildes = 0
  for (const piece of pieces) {
    if (piece.kind === 'open' && piece.span.tag === 's') return true
    if (piece.kind !== 'text') continue
    const first = piece.value.indexOf('~')
    if (first !== -1) tildes += piece.value.includes('~', first + 1) ? 2 : 1
  }
  return tildes > 1
}

/** Whether a text is the address that it links to. */
function says(text: string, href: string): boolean {
  return href === text || href === `${text}/` || href === `mailto:${text}`
}

function lastCharacter(text: string): string {
  const last = text.at(-1) ?? ''
  return /[\udc00-\udfff]/.test(last) ? text.slice(-2) : last
}
