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

  text(value: string, plain = false): void {
    if (plain && !BEYOND_LATIN.test(value)) this.#countSegments(value)
    else this.#countCharacters(value, 0, value.length)
  }

  finish(): Statistics {
    return { characters: this.#characters, words: this.#words, ...this.#counts }
  }

  /** Counts by what stands between spaces, which is found several times as fast as one looks at each character. */
  #countSegments(value: string): void {
    for (let start = 0; start < value.length; ) {
      const space = value.indexOf(' ', start)
      const end = space === -1 ? value.length : space
      if (this.#inWord) this.#characters += end - start
      else if (isLetterOrDigit(value.charCodeAt(start))) {
        this.#characters += end - start
        this.#words++
        this.#inWord = true
      } else this.#countCharacters(value, start, end)
      if (space !== -1) this.#inWord = false
      start = end + 1
    }
  }

  /** A loop over code units: regular expressions would take several times as long. */
  #countCharacters(value: string, start: number, end: number): void {
    let words = this.#words
    let inWord = this.#inWord
    let uncounted = 0
    for (let index = start; index < end; index++) {
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
    this.#characters += end - start - uncounted
  }

  #title(title: string | undefined): void {
    if (title) this.text(title)
    this.#inWord = false
  }
}

/** What has its words between spaces, and no spaces but the usual one: the rest is looked at character by character. */
const BEYOND_LATIN = /[^ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]/

const isLetterOrDigit = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)
