// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { attributeNames } from '../../src/elementProperties.ts'
import { errorTable } from '../../src/errors.ts'

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

it('docs/errors.md explains every error code, and no other', () => {
  const explained = [...read('errors.md').matchAll(/^\| `(\w+)` \| .+ \| .+ \|$/gm)].map(([, code]) => code)
  expect(explained).toEqual(Object.keys(errorTable).sort())
})

it('docs/custom-element.md explains every attribute, and no other', () => {
  const [, table = ''] = read('custom-element.md').split(/^## Attributes$|^A flag is on/m)
  const cells = [...table.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell = '']) => cell.match(/[\w-]+/g) ?? [])
  expect(cells.sort()).toEqual(['open', ...attributeNames].sort())
})
