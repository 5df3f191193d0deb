import { describe, expect, it } from 'vitest'
import type { Item } from '../../src/contract.ts'
import {
  canPick,
  checkedOf,
  countsOf,
  everythingPicked,
  inputOf,
  isFull,
  isIncluded,
  maxPicked,
  nothingPicked,
  pick,
  toggle,
} from '../../src/pickerSelection.ts'

const item = (externalId: string, spaceId: string | null = null, more: Partial<Item> = {}): Item => ({
  id: 1,
  externalId,
  type: spaceId === null ? 'SPACE' : 'PAGE',
  name: externalId,
  url: '',
  parentExternalId: spaceId,
  spaceId,
  spaceName: spaceId,
  hasChildren: false,
  selectable: true,
  fileId: null,
  ...more,
})
const pagesOf = (spaceId: string, count: number) =>
  Array.from({ length: count }, (_, index) => item(`${spaceId}-p${index}`, spaceId))

const space = item('s1')
const first = item('p1', 's1')
const second = item('p2', 's1')
const nested = item('p3', 's1', { parentExternalId: 'p1' })
const elsewhere = item('p9', 's2')

describe('picking', () => {
  it('takes a page, and takes it back', () => {
    const picked = toggle(nothingPicked, first)
    expect(inputOf(picked)).toEqual({ pages: ['p1'] })
    expect(checkedOf(picked, first)).toBe(true)
    expect(checkedOf(picked, space)).toBe('mixed')
    expect(inputOf(toggle(picked, first))).toEqual({})
    expect(countsOf(toggle(picked, first))).toEqual({ spaces: 0, pages: 0 })
  })

  it('takes a page without those below it', () => {
    const picked = toggle(nothingPicked, first)
    expect(checkedOf(picked, nested)).toBe(false)
    expect(canPick(picked, nested)).toBe(true)
  })

  it('changes nothing in the selection that it starts from', () => {
    const before = pick(nothingPicked, [first])
    toggle(before, first)
    pick(before, [space])
    expect(inputOf(before)).toEqual({ pages: ['p1'] })
  })

  it('lets a space stand for its pages, those picked before as well', () => {
    const picked = pick(nothingPicked, [first, nested, elsewhere, space])
    expect(inputOf(picked)).toEqual({ spaces: ['s1'], pages: ['p9'] })
    expect(checkedOf(picked, second)).toBe(true)
    expect(isIncluded(picked, second)).toBe(true)
    expect(canPick(picked, second)).toBe(false)
    expect(toggle(picked, second)).toBe(picked)
    expect(countsOf(picked)).toEqual({ spaces: 1, pages: 1 })
  })

  it('knows a page as part of its space however deep it lies', () => {
    expect(isIncluded(pick(nothingPicked, [space]), nested)).toBe(true)
    expect(checkedOf(pick(nothingPicked, [nested]), space)).toBe('mixed')
  })

  it('takes a space back whole', () => {
    const back = toggle(pick(nothingPicked, [first, space]), space)
    expect(back.picked.size).toBe(0)
    expect(checkedOf(back, space)).toBe(false)
  })

  it('picks twice what is picked once', () => {
    expect(countsOf(pick(pick(nothingPicked, [first, space]), [space, first]))).toEqual({ spaces: 1, pages: 0 })
  })

  it('leaves out what cannot be synced, in a space and in everything too', () => {
    const locked = item('p3', 's1', { selectable: false })
    expect(toggle(nothingPicked, locked)).toBe(nothingPicked)
    expect(inputOf(pick(nothingPicked, [locked, first]))).toEqual({ pages: ['p1'] })
    expect(checkedOf(pick(nothingPicked, [space]), locked)).toBe(false)
    expect(checkedOf(everythingPicked, locked)).toBe(false)
  })

  it('is everything, in which nothing can be left out', () => {
    expect(inputOf(everythingPicked)).toEqual({})
    expect(checkedOf(everythingPicked, space)).toBe(true)
    expect(toggle(everythingPicked, first)).toBe(everythingPicked)
    expect(pick(everythingPicked, [first])).toBe(everythingPicked)
    expect(isFull(everythingPicked, [first])).toBe(false)
  })
})

describe('what one sync takes', () => {
  const many = pagesOf('s1', maxPicked + 5)

  it('bounds what is picked, and says that not all was', () => {
    const picked = pick(nothingPicked, many)
    expect(countsOf(picked)).toEqual({ spaces: 0, pages: maxPicked })
    expect(isFull(picked, many)).toBe(true)
    expect(isFull(picked, many.slice(0, maxPicked))).toBe(false)
    expect(isFull(toggle(picked, elsewhere), [elsewhere])).toBe(true)
  })

  it('has room for a space where there is none for a page, and for pages again after that', () => {
    const picked = pick(pick(nothingPicked, many), [elsewhere, space])
    expect(inputOf(picked)).toEqual({ spaces: ['s1'], pages: ['p9'] })
    expect(isFull(picked, [elsewhere, space])).toBe(false)
  })

  it('bounds spaces as well', () => {
    const spaces = Array.from({ length: maxPicked + 5 }, (_, index) => item(`s${index}`))
    expect(countsOf(pick(nothingPicked, spaces))).toEqual({ spaces: maxPicked, pages: 0 })
  })
})
