import { cleaned } from './entities.ts'
import type { ConvertOptions, IncludedPage, PageReference, WarningCode } from './index.ts'
import type { Context } from './rules.ts'
import { hostOf } from './urls.ts'
import type { Warnings } from './warnings.ts'

/** How many pages deep pages include each other. */
const INCLUDE_DEPTH_LIMIT = 5

/** Characters of source that all pages within a page have together. */
const INCLUDE_SIZE_LIMIT = 2_000_000

/** What rules know about the page that is converted, or about one within it. */
export class PageContext implements Context {
  readonly options: ConvertOptions
  readonly base: string
  readonly host: string
  readonly #warnings: Warnings
  /** The ids of the pages around this one and its own, outermost first. */
  readonly #pages: readonly string[]
  /** Shared by all pages within a page. */
  readonly #budget: { characters: number }

  constructor(options: ConvertOptions, warnings: Warnings, around?: PageContext) {
    this.options = options
    this.base = `${options.baseUrl.replace(/\/+$/, '')}/`
    this.host = around ? around.host : hostOf(this.base)
    this.#warnings = warnings
    this.#pages = [...(around ? around.#pages : []), options.pageId]
    this.#budget = around ? around.#budget : { characters: INCLUDE_SIZE_LIMIT }
  }

  warn(code: WarningCode, detail?: string): void {
    this.#warnings.add(code, detail)
  }

  include(reference: PageReference, macro: string): IncludedPage | undefined {
    const { includePage } = this.options
    if (!includePage) return undefined
    if (this.#pages.length > INCLUDE_DEPTH_LIMIT) return this.#refuse('include_too_deep', macro)
    const page = includePage(reference)
    if (!page) return this.#refuse('include_missing', macro)
    if (this.#pages.includes(page.id)) return this.#refuse('include_loop', macro)
    if (page.storage.length > this.#budget.characters) return this.#refuse('include_too_large', macro)
    this.#budget.characters -= page.storage.length
    return { ...page, title: cleaned(page.title) }
  }

  within({ id, title, spaceKey }: IncludedPage): PageContext {
    const options = { ...this.options, pageId: id, title, ...(spaceKey !== undefined && { spaceKey }) }
    return new PageContext(options, this.#warnings, this)
  }

  #refuse(code: WarningCode, macro: string): undefined {
    this.warn(code, macro)
  }
}
