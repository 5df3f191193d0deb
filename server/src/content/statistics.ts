import { characterKind, IDEOGRAPH, LETTER, SPACE, TRAIL } from './characters.ts'
import type { Statistics } from './index.ts'
import { DISPLAY, type Node, type NodeOf, type Renderer } from './nodes.ts'
import type { Traits } from './traits.ts'

/** Counts what a page consists of while it is rendered. */
export class StatisticsRenderer implements Renderer<Statistics> {
  #characters = 0
  #words = 0
  readonly #counts = {
    externalLinks: 0,
    codeBlocks: 0,
    tasks: 0,
    tasksDone: 0,
    images: 0,
    tables: 0,
  }
  /** The character before belongs to a word that was counted. */
  #inWord = false
  /** The last link, which may go on in another block. */
  #linked: NodeOf<'link'> | undefined

  open(node: Node, { display }: Traits): void {
    const counts = this.#counts
    if (display !== 'inline') this.#inWord = false
    switch (node.kind) {
      case 'link':
        if (node.external && node !== this.#linked) counts.externalLinks++
        this.#linked = node
        break
      case 'code':
        counts.codeBlocks++
        this.#title(node.title)
        break
      case 'panel':
      case 'expand':
        this.#title(node.title)
        break
      case 'task':
        counts.tasks++
        if (node.done) counts.tasksDone++
        break
      case 'table':
        counts.tables++
        break
      default:
    }
  }

  close(_node: Node, { display }: Traits): void {
    if (display !== 'inline') this.#inWord = false
  }

  leaf(node: Node): void {
    if (node.kind === 'image') this.#counts.images++
    if (DISPLAY[node.kind] !== 'invisible') this.#inWord = false
  }

  /** A loop over code units: regular expressions would take several times as long. */
  text(value: string): void {
    let words = this.#words
    let inWord = this.#inWord
    let uncounted = 0
    for (let index = 0; index < value.length; index++) {
      const kind = characterKind(value.charCodeAt(index))
      if (kind === LETTER) {
        if (!inWord) words++
        inWord = true
      } else if (kind === SPACE) {
        inWord = false
        uncounted++
      } else if (kind === IDEOGRAPH) {
        inWord = false
        words++
      } else if (kind === TRAIL) uncounted++
    }
    this.#words = words
    this.#inWord = inWord
    this.#characters += value.length - uncounted
  }

  finish(): Statistics {
    return { characters: this.#characters, words: this.#words, ...this.#counts }
  }

  #title(title: string | undefined): void {
    if (title) this.text(title)
    this.#inWord = false
  }
}
