/** What is known by a name. */
export interface Named {
  readonly name: string
}

/** Finds what names in a source stand for without copying them out of it: nearly every tag of a page has a name that is known. */
export class Names<T extends Named> {
  readonly #slots: (T | undefined)[]
  readonly #mask: number
  readonly #unknown: (name: string) => T

  /**
   * @param known with names in lower case
   * @param unknown makes what another name stands for
   */
  constructor(known: readonly T[], unknown: (name: string) => T) {
    const size = 2 ** Math.ceil(Math.log2(known.length * 4))
    this.#mask = size - 1
    this.#unknown = unknown
    this.#slots = new Array<T | undefined>(size).fill(undefined)
    for (const named of known) {
      let slot = hash(named.name, 0, named.name.length) & this.#mask
      while (this.#slots[slot] !== undefined) slot = (slot + 1) & this.#mask
      this.#slots[slot] = named
    }
  }

  /** What the name between two positions of a source stands for, in whatever case it is written. */
  at(source: string, start: number, end: number): T {
    let slot = hash(source, start, end) & this.#mask
    for (let named = this.#slots[slot]; named !== undefined; named = this.#slots[slot]) {
      if (named.name.length === end - start && source.startsWith(named.name, start)) return named
      slot = (slot + 1) & this.#mask
    }
    const name = source.slice(start, end)
    const lower = name.toLowerCase()
    return lower === name ? this.#unknown(name) : this.at(lower, 0, lower.length)
  }
}

/** Three characters and the length tell the names of storage format apart well enough. */
function hash(source: string, start: number, end: number): number {
  const middle = (start + end) >> 1
  return source.charCodeAt(start) + source.charCodeAt(end - 1) * 5 + source.charCodeAt(middle) * 31 + (end - start) * 7
}
