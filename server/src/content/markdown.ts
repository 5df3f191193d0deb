import { trimLines } from './lines.ts'
import { Blocks } from './markdown-blocks.ts'
import { codeBlock } from './markdown-escape.ts'
import { Line, type SpanTag } from './markdown-line.ts'
import { Lists } from './markdown-lists.ts'
import { ENTER, LEAF, LEAVE, type Step } from './markdown-steps.ts'
import { Table } from './markdown-table.ts'
import type { Image, Node, NodeOf, Renderer } from './nodes.ts'
import { byKind, type Traits } from './traits.ts'

/**
 * Renders Markdown: CommonMark with the tables, tasks and strikethrough of GitHub's flavour. Rendered again, it shows the same text as our
 * HTML. Cells and headings hold no blocks: what stands in them is written on their line.
 */
export class MarkdownRenderer implements Renderer {
  readonly #blocks = new Blocks()
  readonly #line = new Line()
  readonly #lists = new Lists(this.#blocks, this.#line)
  /** The box of the task that begins. */
  #box = ''
  #table = new Table()
  /** How much was written in the line when each row of a table within a cell began. */
  readonly #rows: number[] = []
  /** How many cells and headings are open. */
  #flat = 0
  #code: string | undefined

  open(node: Node, { order }: Traits): void {
    if (this.#code !== undefined) return
    const enter = ENTERING[order] as Step<Node> | undefined
    if (enter) enter(this, node)
  }

  close(node: Node, { kind, order }: Traits): void {
    if (this.#code !== undefined && kind !== 'code') return
    const leave = LEAVING[order] as Step<Node> | undefined
    if (leave) leave(this, node)
  }

  leaf(node: Node): void {
    const write = LEAF[node.kind] as Step<Node> | undefined
    write?.(this, node)
  }

  text(value: string): void {
    if (this.#code === undefined) this.#line.text(value)
    else this.#code += value
  }

  finish(): string {
    this.endLine()
    return this.#blocks.finish()
  }

  /** Ends the line; what follows is another block or, within a cell or a heading, stands behind a break. */
  endLine(): void {
    if (this.#flat > 0) {
      this.#line.break()
      return
    }
    const line = this.#line.take('paragraph')
    if (line === '') return
    const box = this.#blocks.beginsItem ? this.#box : ''
    this.#write(box + line, true)
  }

  title(value: string | undefined): void {
    this.endLine()
    if (!value) return
    this.#line.open('strong')
    this.#line.text(value.replace(/\s+/g, ' '))
    this.#line.close()
    this.endLine()
  }

  enterSpan(tag: SpanTag): void {
    this.#line.open(tag)
  }

  leaveSpan(): void {
    this.#line.close()
  }

  /** Links within the page are text: headings have no ids in Markdown. */
  enterLink(node: NodeOf<'link'>): void {
    if (node.href.startsWith('#')) this.#line.openIdle()
    else this.#line.open('link', node.href)
  }

  /** In a cell, a heading is bold. */
  enterHeading(): void {
    this.endLine()
    if (this.#flat > 0) this.#line.open('strong')
    this.#flat++
  }

  leaveHeading(level: number): void {
    this.#flat--
    if (this.#flat > 0) {
      this.#line.close()
      this.endLine()
      return
    }
    const line = this.#line.take('heading')
    if (line !== '') this.#write(`${'#'.repeat(level)} ${line}`)
  }

  enterList(ordered: boolean, start: number): void {
    this.endLine()
    this.#lists.enter(ordered, start, this.#flat > 0)
  }

  leaveList(): void {
    this.endLine()
    this.#lists.leave(this.#flat > 0)
  }

  enterItem(box: string): void {
    this.endLine()
    this.#lists.enterItem(box, this.#flat > 0)
    if (this.#flat === 0) this.#box = box
  }

  leaveItem(): void {
    this.endLine()
    this.#lists.leaveItem(this.#flat > 0)
  }

  enterQuote(): void {
    this.endLine()
    if (this.#flat > 0) return
    this.#box = ''
    this.#blocks.openQuote()
  }

  leaveQuote(): void {
    this.endLine()
    if (this.#flat === 0) this.#blocks.close()
  }

  enterTable(): void {
    this.endLine()
    if (this.#flat === 0) this.#table = new Table()
  }

  leaveTable(): void {
    this.endLine()
    if (this.#flat > 0) return
    const table = this.#table.finish()
    if (table !== '') this.#write(table)
  }

  enterRow(): void {
    if (this.#flat === 0) this.#table.startRow()
    else {
      this.#line.endRow()
      this.#rows.push(this.#line.written)
    }
  }

  leaveRow(): void {
    if (this.#flat === 0) this.#table.endRow()
    else {
      this.#line.endRow()
      this.#rows.pop()
    }
  }

  enterCell(): void {
    const start = this.#rows.at(-1)
    if (this.#flat > 0 && start !== undefined && this.#line.written > start) this.#line.separate(' | ')
    this.#flat++
  }

  leaveCell(node: NodeOf<'cell'>): void {
    this.#flat--
    if (this.#flat === 0) this.#table.cell(this.#line.take('cell'), node)
  }

  enterCode(title: string | undefined): void {
    this.title(title)
    this.#code = ''
  }

  leaveCode(language: string | undefined): void {
    const code = trimLines((this.#code ?? '').replace(/\r\n?/g, '\n'))
    this.#code = undefined
    if (code === '') return
    if (this.#flat === 0) {
      this.#write(codeBlock(code, language))
      return
    }
    for (const line of code.split('\n')) {
      if (line.trim() !== '') this.#line.code(line.trimEnd())
      this.#line.break()
    }
  }

  image({ alt, src }: Image): void {
    const description = alt.replace(/\s+/g, ' ').trim()
    if (src !== undefined || description !== '') this.#line.image(description, src ?? '')
  }

  /** Two breaks make a blank line, and that ends a paragraph. */
  break(): void {
    if (this.#flat === 0 && this.#line.breaks) this.endLine()
    else this.#line.break()
  }

  /** Written in a way that cannot be taken for items or for what underlines a heading. */
  rule(): void {
    this.endLine()
    if (this.#flat === 0) this.#write('***')
  }

  #write(block: string, isParagraph = false): void {
    this.#blocks.write(block, isParagraph)
    this.#box = ''
  }
}

const ENTERING = byKind(ENTER)
const LEAVING = byKind(LEAVE)
