import type { Warning, WarningCode } from './index.ts'

const WARNING_LIMIT = 100

/** Says each thing once, and not endlessly many. */
export class Warnings {
  readonly list: Warning[] = []
  readonly #seen = new Set<string>()

  /** @param detail dropped where it does not look like a name */
  add(code: WarningCode, detail?: string): void {
    const name = detail !== undefined && NAME.test(detail) ? detail : undefined
    const key = `${code} ${name ?? ''}`
    if (this.list.length >= WARNING_LIMIT || this.#seen.has(key)) return
    this.#seen.add(key)
    this.list.push(name === undefined ? { code } : { code, detail: name })
  }
}

const NAME = /^[\w:.-]{1,64}$/
