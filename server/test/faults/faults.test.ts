import { expect, inject, it } from 'vitest'
import { playAll, report } from './runs.ts'

const RUNS = 10

it('leaves everything as it is in Confluence, whatever broke meanwhile', { timeout: 900_000 }, async () => {
  const outcomes = await playAll(
    Array.from({ length: RUNS }, (_, index) => index + 1),
    inject('postgresUrl'),
  )
  expect(outcomes.filter(({ wrong }) => wrong.length > 0).map(report)).toEqual([])
  expect(outcomes).toHaveLength(RUNS)
})
