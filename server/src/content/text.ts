import { beginsWithWord, trimLines } from './lines.ts'
import type { Node, NodeOf, Renderer } from './nodes.ts'
import { script } from './scripts.ts'
import { Spans } from './spans.ts'
import { ENTER, LEAVE, type Step } from './text-steps.ts'
import { byKind, type Traits } from './traits.ts'
import { isSameAddress } from './urls.ts'

/** Deeper lists and quotes are not indented further, so that the output stays linear in the input. */
const INDENT_LIMIT = 40

/**
 * Renders plain text for people and for language models: blank lines between blocks, one line per list item and per table row, cells
 * separated by ` | `, code as it is.
 */
export class TextRenderer implements Renderer {
  #out = ''
  #empty = true
  /** Line breaks due before the next text; in a cell, where a row keeps to its line, a space instead. */
  #breaks = 0
  /** What lines begin with at this depth of lists and quotes. */
  #indent = ''
  readonly #indents: string[] = []
  /** The bullet, number or box that the next text begins with, and the indentation before it. */
  #marker = ''
  #beforeMarker = ''
  readonly #lists: { ordered: boolean; next: number }[] = []
  readonly #cells: Cell[] = []
  readonly #rows: string[][] = []
  readonly #tables: Spans[] = []
  #code: string | undefined
  #link: string | undefined
  /** What stands above or below the line, which is known as a whole only when it ends. */
  #script: string | undefined

  open(node: Node, { order }: Traits): void {
    const enter = ENTERING[order] as Step<Node> | undefined
    if (enter) enter(this, node)
  }

  close(node: Node, { order }: Traits): void {
    const leave = LEAVING[order] as Step<Node> | undefined
    if (leave) leave(this, node)
  }

  leaf(node: Node): void {
    this.#flushScript()
    if (node.kind === 'image' && node.described) this.text(node.alt)
    else if (node.kind === 'break') this.#breaks = Math.min(this.#breaks + 1, 2)
    else if (node.kind === 'rule' || node.kind === 'contents') this.gap()
  }

  text(value: string, plain = false): void {
    if (this.#code !== undefined) {
      this.#code += value
      return
    }
    const readable = plain ? value : value.replaceAll(NO_BREAK_SPACE, ' ')
    if (this.#script !== undefined) {
      this.#script += readable
      return
    }
    if (this.#link !== undefined) this.#link += readable
    const isStart = this.#empty || this.#breaks > 0 || this.#marker !== ''
    const written = isStart && !beginsWithWord(readable) ? readable.trimStart() : readable
    if (written === '') return
    this.#startLine()
    this.#out += written
  }

  finish(): string {
    return this.#out
  }

  /** Ends the line; what follows begins on the next one. */
  line(): void {
    this.#breaks = Math.max(this.#breaks, 1)
  }

  /** Ends the block; a blank line follows, but for lists, which are dense. */
  gap(): void {
    this.#breaks = Math.max(this.#breaks, this.#lists.length > 0 ? 1 : 2)
  }

  title(value: string | undefined): void {
    this.gap()
    if (!value) return
    this.text(value)
    this.line()
  }

  enterList(ordered: boolean, start: number): void {
    this.gap()
    this.#lists.push({ ordered, next: start })
  }

  leaveList(): void {
    this.#lists.pop()
    this.gap()
  }

  enterItem(box: string | undefined): void {
    this.line()
    const list = this.#lists[this.#lists.length - 1]
    const marker = box ?? (list?.ordered ? `${list.next++}. ` : '- ')
    if (this.#marker === '') this.#beforeMarker = this.#indent
    this.#marker += marker
    this.#pushIndent(' '.repeat(marker.length))
  }

  leaveItem(): void {
    this.#marker = ''
    this.leaveIndent()
    this.line()
  }

  enterQuote(): void {
    this.gap()
    this.#pushIndent('> ')
  }

  leaveIndent(): void {
    this.#indent = this.#indents.pop() ?? ''
  }

  leaveQuote(): void {
    this.leaveIndent()
    this.gap()
  }

  enterTable(): void {
    this.gap()
    this.#tables.push(new Spans())
  }

  leaveTable(): void {
    this.#tables.pop()
    this.gap()
  }

  enterRow(): void {
    this.line()
    this.#rows.push([])
  }

  leaveRow(): void {
    const cells = this.#rows.pop() ?? []
    this.#tables.at(-1)?.endRow(cells.length)
    while (cells.at(-1) === '') cells.pop()
    if (cells.length > 0) {
      this.#startLine()
      this.#out += cells.join(' | ')
    }
    this.line()
  }

  /** A cell is written aside, because only a row as a whole knows whether it has anything to say. */
  enterCell(): void {
    this.#cells.push({
      out: this.#out,
      empty: this.#empty,
      breaks: this.#breaks,
      indent: this.#indent,
      marker: this.#marker,
      beforeMarker: this.#beforeMarker,
    })
    this.#out = ''
    this.#empty = true
    this.#breaks = 0
    this.#indent = ''
    this.#marker = ''
  }

  leaveCell(node: NodeOf<'cell'>): void {
    const cell = this.#cells.pop()
    const row = this.#rows.at(-1)
    if (!cell || !row) return
    this.#tables.at(-1)?.place(row, this.#out.trim(), node)
    this.#out = cell.out
    this.#empty = cell.empty
    this.#breaks = cell.breaks
    this.#indent = cell.indent
    this.#marker = cell.marker
    this.#beforeMarker = cell.beforeMarker
  }

  enterCode(title: string | undefined): void {
    this.title(title)
    this.#code = ''
  }

  /** Lines of code carry no indentation of ours: they can be copied as they are. */
  leaveCode(): void {
    const code = trimLines(this.#code ?? '')
    this.#code = undefined
    if (code === '') return
    const lines = code.includes('\n')
    if (!lines || this.#empty) this.#startLine()
    else {
      if (this.#marker !== '') this.#startLine()
      this.#out += '\n'.repeat(Math.max(this.#breaks, 1))
      this.#breaks = 0
    }
    this.#out += code
    this.gap()
    if (lines && this.#cells.length > 0) {
      this.#out += '\n'
      this.#breaks = 0
    }
  }

  enterLink(): void {
    this.#link = ''
  }

  /** Where a link leads matters to a reader only when it leaves the site and does not say so itself. */
  leaveLink({ href, external }: NodeOf<'link'>): void {
    const shown = (this.#link ?? '').trim()
    this.#link = undefined
    if (external && shown !== '' && !isSameAddress(shown, href)) this.text(` (${href.replace(/^mailto:/, '')})`)
  }

  /** One in another ends it: there are no characters for both. */
  enterScript(): void {
    this.#flushScript()
    this.#script = ''
  }

  leaveScript(tag: 'sub' | 'sup'): void {
    const text = this.#script
    this.#script = undefined
    if (text !== undefined) this.text(script(text, tag))
  }

  #flushScript(): void {
    const text = this.#script
    this.#script = undefined
    if (text !== undefined) this.text(text)
  }

  #pushIndent(more: string): void {
    this.#indents.push(this.#indent)
    if (this.#indent.length < INDENT_LIMIT) this.#indent += more
  }

  #startLine(): void {
    const start = this.#marker === '' ? this.#indent : this.#beforeMarker + this.#marker
    if (this.#empty) this.#out += start
    else if (this.#cells.length > 0 && this.#breaks > 0) this.#out += ` ${this.#marker}`
    else if (this.#breaks > 0) this.#out += '\n'.repeat(this.#breaks) + start
    this.#empty = false
    this.#breaks = 0
    this.#marker = ''
  }
}

interface Cell {
  out: string
  empty: boolean
  breaks: number
  indent: string
  marker: string
  beforeMarker: string
}

const ENTERING = byKind(ENTER)
const LEAVING = byKind(LEAVE)

const NO_BREAK_SPACE = String.fromCharCode(0xa0)
