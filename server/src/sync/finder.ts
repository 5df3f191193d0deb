import type { ConvertOptions, PageReference } from '../content/index.ts'

/** Titles and keys of spaces are no longer at Confluence; what claims to be is nobody's. */
const NAME_LIMIT = 255
/** Different pages that one page may name; further ones keep their address by title. */
const REFERENCE_LIMIT = 1_000

/** A page that another one names. */
export interface Reference {
  spaceKey: string
  title: string
  /** Whether it is shown in the page, and not only linked. */
  includes: boolean
}

/** The page that is meant. */
export interface Target {
  id: string
  title: string
  url: string
  spaceKey: string
  /** Null where it is only linked, or too large to be shown. */
  storage: string | null
}

export type Found = ReadonlyMap<string, Target>

/** Keys of spaces and titles may hold anything, where a source was not written by Confluence. */
export const keyOf = ({ spaceKey, title }: Pick<Reference, 'spaceKey' | 'title'>) => JSON.stringify([spaceKey, title])

/** What the converter asks for other pages: it answers from what was found, and notes what was asked. */
export class Finder {
  readonly #found: Found
  readonly #asked = new Map<string, Reference>()

  constructor(found: Found = new Map()) {
    this.#found = found
  }

  /** The pages that were asked for. */
  get asked(): Reference[] {
    return [...this.#asked.values()]
  }

  /** The converter's. */
  get options(): Pick<ConvertOptions, 'resolvePage' | 'includePage'> {
    return {
      resolvePage: (reference) => this.#find(reference, false),
      includePage: (reference) => {
        const target = this.#find(reference, true)
        return target && target.storage !== null ? { ...target, storage: target.storage } : undefined
      },
    }
  }

  #find(reference: PageReference, includes: boolean): Target | undefined {
    // As the database writes them: halves of surrogate pairs would be two names here and one there.
    const spaceKey = (reference.spaceKey ?? '').toWellFormed()
    const title = reference.title.toWellFormed()
    if (spaceKey === '' || title === '' || spaceKey.length > NAME_LIMIT || title.length > NAME_LIMIT) return undefined
    const key = keyOf({ spaceKey, title })
    const before = this.#asked.get(key)
    if (before) before.includes ||= includes
    else if (this.#asked.size < REFERENCE_LIMIT) this.#asked.set(key, { spaceKey, title, includes })
    return this.#found.get(key)
  }
}
