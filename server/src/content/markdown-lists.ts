import type { Blocks } from './markdown-blocks.ts'
import type { Line } from './markdown-line.ts'

const NUMBER_LIMIT = 999_999_999

interface List {
  ordered: boolean
  /** The number of the next item. */
  next: number
  /** Two lists in a row would be read as one, so every other one is marked differently. */
  alternate: boolean
  /** An item of it was written. */
  started: boolean
  /** An item of it is open. */
  inItem: boolean
  /** How many containers are around it. */
  depth: number
  /** How long the last marker was. */
  width: number
  /** It goes on in an item of the list around it. */
  isAdopted: boolean
}

/** Opens and closes lists and their items, as blocks or, where those cannot stand, as markers in a line. */
export class Lists {
  readonly #blocks: Blocks
  readonly #line: Line
  readonly #lists: List[] = []
  /** The list that ended last, and how much was written then. */
  #ended: { list: List; written: number } | undefined
  /** What waited in the line when each item in it began. */
  readonly #waiting: number[] = []

  constructor(blocks: Blocks, line: Line) {
    this.#blocks = blocks
    this.#line = line
  }

  enter(ordered: boolean, start: number, inLine: boolean): void {
    const outer = this.#lists.at(-1)
    const next = Math.max(start, 0)
    const list = {
      ordered,
      next,
      alternate: false,
      started: false,
      inItem: false,
      depth: 0,
      width: 0,
      isAdopted: false,
    }
    this.#lists.push(list)
    if (inLine) return
    // A list right in a list belongs to the item before it.
    if (outer && !outer.inItem && outer.started) {
      this.#blocks.reopenItem(outer.width)
      list.isAdopted = true
    }
    list.depth = this.#blocks.depth
    list.alternate = this.#continues(list)
    // Right below text, only a list that begins with 1 is read as one.
    const mayFollow = !ordered || next === 1
    if (!mayFollow || !this.#blocks.beginsItem) this.#blocks.setDense(mayFollow && this.#blocks.followsItemText)
  }

  leave(inLine: boolean): void {
    const list = this.#lists.pop()
    if (!list || inLine) return
    if (list.isAdopted) this.#blocks.close()
    this.#blocks.setDense(false)
    if (list.started) this.#ended = { list, written: this.#blocks.written }
  }

  /** `box` stands for the marker where that would be in a line. */
  enterItem(box: string, inLine: boolean): void {
    const list = this.#lists.at(-1)
    if (!list) return
    const marker = markerOf(list)
    list.next = Math.min(list.next + 1, NUMBER_LIMIT)
    list.inItem = true
    list.width = marker.length
    if (inLine) {
      this.#waiting.push(this.#line.mark(box || marker))
      return
    }
    if (list.started) this.#blocks.setDense(true)
    this.#blocks.openItem(marker)
  }

  /** Items without content are left out; the numbers of the others stay as they are. */
  leaveItem(inLine: boolean): void {
    const list = this.#lists.at(-1)
    if (!list) return
    list.inItem = false
    if (inLine) this.#line.unmark(this.#waiting.pop() ?? 0)
    else if (this.#blocks.close()) list.started = true
    else if (!list.started) this.#blocks.setDense(false)
  }

  /** Whether a list stands right below one that is marked as it would be. */
  #continues({ ordered, depth }: List): boolean {
    const ended = this.#ended
    if (!ended || ended.written !== this.#blocks.written || this.#blocks.beginsItem) return false
    return ended.list.depth === depth && ended.list.ordered === ordered && !ended.list.alternate
  }
}

function markerOf({ ordered, next, alternate }: List): string {
  if (ordered) return `${next}${alternate ? ')' : '.'} `
  return alternate ? '+ ' : '- '
}
