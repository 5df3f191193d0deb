const ID_LIMIT = 200

/**
 * The id of a heading or an anchor. Confluence names the anchor of a heading by its text without the spaces, so links that are written
 * for Confluence find ours.
 */
export function anchorId(text: string): string {
  return `cc-${text.replace(/\s+/g, '').slice(0, ID_LIMIT).toWellFormed()}`
}

/** Gives out the ids of a page, each once: of several with one name the first has it, and the others are numbered. */
export class Ids {
  readonly #taken = new Set<string>()
  /** The last number of each name, so that as many of one name take linear time. */
  readonly #numbers = new Map<string, number>()

  take(text: string): string {
    const name = anchorId(text)
    let number = this.#numbers.get(name) ?? 0
    let id = name
    while (this.#taken.has(id)) id = `${name}.${++number}`
    this.#numbers.set(name, number)
    this.#taken.add(id)
    return id
  }
}
