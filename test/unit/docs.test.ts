// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { errorTable } from '../../src/errors.ts'

it('docs/errors.md explains every error code, and no other', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  const explained = [...page.matchAll(/^\| `(\w+)` \| .+ \| .+ \|$/gm)].map(([, code]) => code)
  expect(explained).toEqual(Object.keys(errorTable).sort())
})
