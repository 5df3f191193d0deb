import { expect, it } from 'vitest'
import { documentOf, play } from './fuzz.ts'
import { leaksOf } from './judge.ts'

const RUNS = 3_000

it('converts whatever is made of pages, safely and completely', { timeout: 120_000 }, () => {
  const finds = Array.from({ length: RUNS }, (_, seed) => play(seed)).filter((find) => find !== undefined)
  expect(finds.map(({ seed, complaints }) => ({ seed, complaints }))).toEqual([])
})

it('makes the same document of the same seed, and another one of another', () => {
  expect(documentOf(7)).toBe(documentOf(7))
  expect(new Set(Array.from({ length: 50 }, (_, seed) => documentOf(seed))).size).toBe(50)
})

it('would see what comes through', () => {
  expect(leaksOf('<p>canary</p>')).toHaveLength(3)
})
