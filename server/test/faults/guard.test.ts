import { describe, expect, it } from 'vitest'
import { mustBeHeld, type Sight, type Standing, wrongDecisions } from './guard.ts'

/** Pages `a0` to `a49` of a space A of fifty, without those of `gone`. */
const pages = (size = 50, gone: readonly string[] = []) =>
  new Map(
    Array.from({ length: size }, (_, index) => `a${index}`)
      .filter((id) => !gone.includes(id))
      .map((id) => [id, 'A']),
  )
const first = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`)
const heldIn = (ids: readonly string[]) => new Map(ids.map((id) => [id, 'A']))

const sight = (seen = pages(), spaces = ['A']): Sight => ({
  pages: seen,
  spaces: new Set(spaces),
  elsewhere: new Set(),
})
const standing = (stored = pages(), held: readonly string[] = [], reason = 'many_vanished'): Standing => ({
  stored,
  held: heldIn(held),
  reasons: new Map(held.length > 0 ? [['A', reason]] : []),
})

describe('what must be held after walks in peace', () => {
  const must = (before: Standing, seen: Sight) => [...mustBeHeld(before, seen)].length
  it.each([
    ['nothing, where nothing has vanished', standing(), sight(), 0],
    ['nothing of 19', standing(), sight(pages(50, first(19))), 0],
    ['all of 20', standing(), sight(pages(50, first(20))), 20],
    ['nothing of 20, where that is less than a fifth', standing(pages(101)), sight(pages(101, first(20))), 0],
    ['all of a fifth', standing(pages(100)), sight(pages(100, first(20))), 20],
    ['all of a space that is not shown', standing(pages(3)), sight(new Map(), []), 3],
    ['what was held before', standing(pages(), first(3)), sight(pages(50, first(3))), 3],
    ['nothing that has come back', standing(pages(), first(3)), sight(), 0],
  ])('%s', (_, before, seen, count) => {
    expect(must(before, seen)).toBe(count)
  })
})

describe('what was decided while people went on working', () => {
  const wrong = (before: Standing, after: Standing, sights: Sight[], syncs = 1) =>
    wrongDecisions({ before, after, sights, syncs })
  const deleted = (count: number) => standing(pages(50, first(count)))

  it.each([
    ['nothing happened', standing(), standing(), [sight()], 1],
    ['a few vanished and were deleted', standing(), deleted(5), [sight(), sight(pages(50, first(5)))], 1],
    [
      'many vanished and were held',
      standing(),
      standing(pages(), first(20)),
      [sight(), sight(pages(50, first(20)))],
      1,
    ],
    ['two walks deleted a few each', standing(), deleted(25), [sight(), sight(pages(50, first(25)))], 2],
    [
      'the space was away for a moment',
      standing(),
      standing(pages(), first(50), 'space_unreachable'),
      [sight(), sight(new Map(), []), sight()],
      1,
    ],
  ])('is right where %s', (_, before, after, sights, syncs) => {
    expect(wrong(before, after, sights, syncs)).toEqual([])
  })

  it.each([
    ['a page was deleted that was there', standing(), deleted(1), [sight()], /a0 was deleted, and was there/],
    ['a page was held that was there', standing(), standing(pages(), ['a0']), [sight()], /a0 is held, and was there/],
    [
      'a few were held',
      standing(),
      standing(pages(), first(5)),
      [sight(), sight(pages(50, first(5)))],
      /too little of space A/,
    ],
    [
      'a space was called unreachable that was not',
      standing(),
      standing(pages(), first(20), 'space_unreachable'),
      [sight(), sight(pages(50, first(20)))],
      /too little of space A/,
    ],
    ['many were deleted', standing(), deleted(20), [sight(), sight(pages(50, first(20)))], /20 files .* at once/],
    [
      'some of many were deleted',
      standing(),
      { ...deleted(1), held: heldIn(first(20).slice(1)), reasons: new Map([['A', 'many_vanished']]) },
      [sight(pages(50, first(20)))],
      /a0 was deleted, and had to be held/,
    ],
    [
      'a space that was away lost a page',
      standing(),
      deleted(1),
      [sight(new Map(), [])],
      /had to be held with space A/,
    ],
    [
      'what was held was let go',
      standing(pages(), ['a0']),
      standing(),
      [sight(pages(50, ['a0']))],
      /a0 was held, and is no more/,
    ],
  ])('is wrong where %s', (_, before, after, sights, told) => {
    expect(wrong(before, after, sights).join('\n')).toMatch(told)
  })
})
