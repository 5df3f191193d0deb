/** Deeper lists and quotes are not indented further, so that the output stays linear in the input. */
const INDENT_LIMIT = 40

/** A list item or a quote that is open. */
interface Container {
  isItem: boolean
  /** What lines around it begin with. */
  outer: string
  /** The length of the marker that was waiting before its own. */
  marker: number
  /** How much had been written when it opened. */
  written: number
}

/** Writes blocks below each other, within list items and quotes: a blank line between them, but for lists, which are dense. */
export class Blocks {
  /** Counts blocks. */
  written = 0
  #out = ''
  readonly #containers: Container[] = []
  /** What lines begin with. */
  #indent = ''
  /** What the next block begins with instead, as the first of its items, and the indentation before that. */
  #marker = ''
  #beforeMarker = ''
  /** How many containers the last block and the next one share. */
  #shared = 0
  #dense = false
  /** The depth of the last block if it was a paragraph, or -1. */
  #paragraph = -1

  get depth(): number {
    return this.#containers.length
  }

  /** The next block is the first of a list item. */
  get beginsItem(): boolean {
    return this.#marker !== ''
  }

  /** The next block stands right below a paragraph in a list item. */
  get followsItemText(): boolean {
    return this.#paragraph === this.depth && this.#containers.at(-1)?.isItem === true
  }

  openItem(marker: string): void {
    if (this.#marker === '') this.#beforeMarker = this.#indent
    this.#open(true, marker, ' '.repeat(marker.length))
  }

  openQuote(): void {
    // Where an item begins, the first line has its marker in place of the indentation, and the quote's behind it.
    if (this.#indent.length < INDENT_LIMIT) this.#open(false, this.#marker === '' ? '' : '> ', '> ')
    else this.#open(false, '', '')
  }

  /** Goes on in an item that was closed already. */
  reopenItem(markerLength: number): void {
    this.#open(true, '', ' '.repeat(markerLength))
  }

  /** Closes the innermost container and returns whether anything was written in it. */
  close(): boolean {
    const container = this.#containers.pop()
    if (!container) return false
    this.#indent = container.outer
    this.#marker = this.#marker.slice(0, container.marker)
    this.#shared = Math.min(this.#shared, this.depth)
    return this.written > container.written
  }

  /** Whether the next block follows without a blank line. */
  setDense(dense: boolean): void {
    this.#dense = dense
  }

  write(block: string, isParagraph = false): void {
    if (this.written > 0) {
      const between = this.#containers[this.#shared]?.outer ?? this.#indent
      this.#out += this.#dense ? '\n' : `\n${between.trimEnd()}\n`
    }
    this.#out += this.#marker === '' ? this.#indent : this.#beforeMarker + this.#marker
    this.#out += this.#indent === '' ? block : indented(block, this.#indent)
    this.written++
    this.#marker = ''
    this.#dense = false
    this.#shared = this.depth
    this.#paragraph = isParagraph ? this.depth : -1
  }

  finish(): string {
    return this.#out
  }

  #open(isItem: boolean, first: string, rest: string): void {
    const { written } = this
    this.#containers.push({ isItem, outer: this.#indent, marker: this.#marker.length, written })
    this.#marker += first
    if (this.#indent.length < INDENT_LIMIT) this.#indent += rest
  }
}

/** Indents all lines but the first one. */
function indented(block: string, indent: string): string {
  if (!block.includes('\n')) return block
  const blank = indent.trimEnd()
  return block
    .split('\n')
    .map((line, index) => (index === 0 ? line : line === '' ? blank : indent + line))
    .join('\n')
}
