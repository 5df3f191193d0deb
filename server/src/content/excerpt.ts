import { decodeEntities } from './entities.ts'
import type { Named } from './names.ts'
import { attributeIn, type TokenSink } from './tokenizer.ts'

const MACROS = new Set(['ac:structured-macro', 'ac:macro'])
const BODY = 'ac:rich-text-body'
const PARAMETER = 'ac:parameter'

/** Passes on what stands in an excerpt of a page, hidden there or not. */
export class ExcerptSink<T extends Named> implements TokenSink<T> {
  readonly #source: string
  readonly #wanted: string
  readonly #sink: TokenSink<T>
  #place: 'outside' | 'macro' | 'name' | 'body' | 'behind' = 'outside'
  /** The name of the excerpt that began last. */
  #name = ''
  /** How many bodies are open, from that of the excerpt on. */
  #bodies = 0

  /** @param wanted the name of the excerpt; of several the first counts, and so it does where the name is empty */
  constructor(source: string, wanted: string, sink: TokenSink<T>) {
    this.#source = source
    this.#wanted = wanted
    this.#sink = sink
  }

  get innermost(): T | undefined {
    return this.#place === 'body' ? this.#sink.innermost : undefined
  }

  open(tag: T, start: number, end: number, selfClosing: boolean): void {
    if (this.#place === 'body') {
      if (tag.name === BODY && !selfClosing) this.#bodies++
      this.#sink.open(tag, start, end, selfClosing)
    } else if (this.#place !== 'behind' && !selfClosing) {
      this.#approach(tag.name, attributeIn(this.#source, start, end, 'ac:name'))
    }
  }

  close(tag: T): void {
    if (this.#place === 'body') {
      if (tag.name === BODY) this.#bodies--
      if (this.#bodies === 0) this.#place = 'behind'
      else this.#sink.close(tag)
    } else if (this.#place === 'name' && tag.name === PARAMETER) this.#place = 'macro'
    else if (this.#place === 'macro' && MACROS.has(tag.name)) this.#place = 'outside'
  }

  text(value: string, literal: boolean): void {
    if (this.#place === 'body') this.#sink.text(value, literal)
    else if (this.#place === 'name') this.#name += literal ? value : decodeEntities(value)
  }

  #approach(element: string, name: string | undefined): void {
    if (MACROS.has(element)) {
      this.#place = name === 'excerpt' ? 'macro' : 'outside'
      this.#name = ''
    } else if (this.#place === 'macro' && element === PARAMETER && name === 'name') {
      this.#place = 'name'
    } else if (this.#place === 'macro' && element === BODY) {
      const found = this.#wanted === '' || this.#name.trim() === this.#wanted
      this.#place = found ? 'body' : 'outside'
      this.#bodies = 1
    }
  }
}
