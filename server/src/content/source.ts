import { cleaned, decodeEntities } from './entities.ts'
import type { Composite, CompositeRule, Element, Parameter, Resource } from './rules.ts'
import { attributeIn } from './tokenizer.ts'

/**
 * Characters of source that are converted, many times a large page. No character makes more than 45 of any output, so that every output fits
 * into a string.
 */
export const SOURCE_LIMIT = 10_000_000

/** Ends a source that is too large before a tag, if there is one. */
export function withinLimit(storage: string): string {
  if (storage.length <= SOURCE_LIMIT) return storage
  const tag = storage.lastIndexOf('<', SOURCE_LIMIT)
  return storage.slice(0, tag > 0 ? tag : SOURCE_LIMIT)
}

/** An element as it stands in the source. */
export class SourceElement implements Resource {
  readonly name: string
  within: Resource | undefined = undefined
  readonly #source: string
  readonly #start: number
  readonly #end: number

  /** @param start where its attributes begin in the source, and `end` where they end */
  constructor(name: string, source: string, start: number, end: number) {
    this.name = name
    this.#source = source
    this.#start = start
    this.#end = end
  }

  attribute(name: string): string | undefined {
    if (this.#start === this.#end) return undefined
    const value = attributeIn(this.#source, this.#start, this.#end, name)
    return value ? cleaned(decodeEntities(value)) || undefined : undefined
  }
}

/** A composite of the source whose body may not have begun yet. */
export class OpenComposite implements Composite {
  readonly element: Element
  readonly rule: CompositeRule
  resource: Resource | undefined = undefined
  begun = false
  hidden = false
  /** Most links, images and emoji have none. */
  #parameters: Map<string, Parameter> | undefined = undefined

  constructor(element: Element, rule: CompositeRule) {
    this.element = element
    this.rule = rule
  }

  get parameters(): Map<string, Parameter> {
    this.#parameters ??= new Map()
    return this.#parameters
  }

  value(name: string): string | undefined {
    return this.#parameters?.get(name)?.text.trim() || undefined
  }
}
