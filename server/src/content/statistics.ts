import { characterKind, IDEOGRAPH, LETTER, SIGN, SPACE, TRAIL } from './characters.ts'
import type { Statistics } from './index.ts'
import { DISPLAY, type Node, type NodeOf, type Renderer } from './nodes.ts'

/** Counts what a page consists of while it is rendered. */
export class StatisticsRenderer implements Renderer<Statistics> {
  readonly #counts: Statistics = {
    characters: 0,
    words: 0,
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

  open(node: Node): void {
    const counts = this.#counts
    if (DISPLAY[node.kind] !== 'inline') this.#inWord = false
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

  close(node: Node): void {
    if (DISPLAY[node.kind] !== 'inline') this.#inWord = false
  }

  leaf(node: Node): void {
    if (node.kind === 'image') this.#counts.images++
    if (DISPLAY[node.kind] !== 'invisible') this.#inWord = false
  }

  text(value: string): void {
    let { characters, words } = this.#counts
    let inWord = this.#inWord
    for (let index = 0; index < value.length; index++) {
      const kind = characterKind(value.charCodeAt(index))
      if (kind === TRAIL) continue
      if (kind === SPACE) {
        inWord = false
        continue
      }
      characters++
      if (kind === IDEOGRAPH || (kind === LETTER && !inWord)) words++
      if (kind !== SIGN) inWord = kind === LETTER
    }
    this.#counts.characters = characters
    this.#counts.words = words
    this.#inWord = inWord
  }

  finish(): Statistics {
    return this.#counts
  }

  #title(title: string | undefined): void {
    if (title) this.text(title)
    this.#inWord = false
  }
}
