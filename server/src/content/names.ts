/** Finds known names in a source without copying them out of it: nearly every tag of a page has one of them. */
export class Names {
  readonly #slots: (string | undefined)[]
  readonly #mask: number

  /** @param names in lower case */
  constructor(names: Iterable<string>) {
    const known = [...names]
    const size = 2 ** Math.ceil(Math.log2(known.length * 4))
    this.#mask = size - 1
    this.#slots = new Array<string | undefined>(size).fill(undefined)
    for (const name of known) {
      let slot = hash(name, 0, name.length) & this.#mask
      while (this.#slots[slot] !== undefined) slot = (slot + 1) & this.#mask
      this.#slots[slot] = name
    }
  }

  /** The name between two positions of a source, in lower case; for a known one always the same string. */
  at(source: string, start: number, end: number): string {
    let slot = hash(source, start, end) & this.#mask
    for (let known = this.#slots[slot]; known !== undefined; known = this.#slots[slot]) {
      if (known.length === end - start && source.startsWith(known, start)) return known
      slot = (slot + 1) & this.#mask
    }
    return source.slice(start, end).toLowerCase()
  }
}

/** Three characters and the length tell the names of storage format apart well enough. */
function hash(source: string, start: number, end: number): number {
  const middle = (start + end) >> 1
  return source.charCodeAt(start) + source.charCodeAt(end - 1) * 5 + source.charCodeAt(middle) * 31 + (end - start) * 7
}
