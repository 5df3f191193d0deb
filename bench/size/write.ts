import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [start, end] = ['<!-- sizes: written by npm run bench -- size -->', '<!-- /sizes -->']

/** Puts what was measured between the two marks of a page. */
export function writeInto(page: string, text: string) {
  const file = join(import.meta.dirname, '..', '..', page)
  const [before, , after] = readFileSync(file, 'utf8').split(new RegExp(`(?<=${start})([\\s\\S]*)(?=${end})`))
  if (before === undefined || after === undefined) throw new Error(`${page} has no place for sizes.`)
  writeFileSync(file, `${before}\n${text}${after}`)
}
