// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDeclarations } from '../../.storybook/declarations.ts'

const at = (...parts: string[]) => join(import.meta.dirname, '../..', ...parts)
const read = (name: string) => readFileSync(at('stories', name), 'utf8')
const types = Object.keys(readDeclarations(at('src')))
const pages = readdirSync(at('stories')).filter((name) => name.endsWith('.mdx'))

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name)

/** The stories that a page imports, as it writes them: `Theming.Shadcn`. */
const storiesFor = (page: string) =>
  [...page.matchAll(/import \* as (\w+) from '\.\/([\w.]+)'/g)].flatMap(([, as, file = '']) =>
    found(read(file), /^export const (\w+)/gm).map((story) => `${as}.${story}`),
  )

// Nothing compiles these pages before somebody looks at them.
describe.each(pages)('%s', (name) => {
  const page = read(name)

  it('shows types that there are', () => {
    const shown = [...found(page, / of="(\w+)"/g), ...found(page, /'(\w+)'(?=[^{}]*\]\} \/>)/g)]
    expect(shown.filter((type) => !types.includes(type))).toEqual([])
  })

  it('shows stories that there are', () => {
    const shown = found(page, / of=\{([\w.]+)\}/g)
    expect(shown.filter((story) => !storiesFor(page).includes(story))).toEqual([])
  })

  it('leads to pages that there are', () => {
    const titles = pages.flatMap((each) => found(read(each), /<Meta title="([^"]+)"/g))
    const ids = titles.map((title) => `${title.toLowerCase().replace(/[^a-z]+/g, '-')}--docs`)
    expect(found(page, /\?path=\/docs\/([\w-]+)/g).filter((id) => !ids.includes(id))).toEqual([])
  })
})
