import { describe, expect, it } from 'vitest'
import type { Item } from '../../src/contract.ts'
import {
  canPick,
  checkedOf,
  countsOf,
  everythingPicked,
  inputOf,
  isIncluded,
  maxPicked,
  nothingPicked,
  type Place,
  pick,
  toggle,
} from '../../src/pickerSelection.ts'

const place = (externalId: string, space: string | null = null, more: Partial<Item> = {}): Place => ({
  space,
  item: {
    id: 1,
    externalId,
    type: space === null ? 'SPACE' : 'PAGE',
    name: externalId,
    url: '',
    parentExternalId: space,
    hasChildren: false,
    selectable: true,
    fileId: null,
    ...more,
  },
})

const space = place('s1')
const first = place('p1', 's1')
const second = place('p2', 's1')
const elsewhere = place('p9', 's2')

describe('picking', () => {
  it('takes a page, and takes it back', () => {
    const picked = toggle(nothingPicked, first)
    expect(inputOf(picked)).toEqual({ pages: ['p1'] })
    expect(checkedOf(picked, first)).toBe(true)
    expect(checkedOf(picked, space)).toBe('mixed')
    expect(inputOf(toggle(picked, first))).toEqual({})
    expect(countsOf(toggle(picked, first))).toEqual({ spaces: 0, pages: 0 })
  })

  it('lets a space stand for its pages, those picked before as well', () => {
    const picked = pick(nothingPicked, [first, elsewhere, space])
    expect(inputOf(picked)).toEqual({ spaces: ['s1'], pages: ['p9'] })
    expect(checkedOf(picked, second)).toBe(true)
    expect(isIncluded(picked, second)).toBe(true)
    expect(canPick(picked, second)).toBe(false)
    expect(toggle(picked, second)).toBe(picked)
    expect(countsOf(picked)).toEqual({ spaces: 1, pages: 1 })
  })

  it('leaves out what cannot be synced', () => {
    const locked = place('p3', 's1', { selectable: false })
    expect(toggle(nothingPicked, locked)).toBe(nothingPicked)
    expect(pick(nothingPicked, [locked, first]).picked.size).toBe(1)
  })

  it('is everything, in which nothing can be left out', () => {
    expect(inputOf(everythingPicked)).toEqual({})
    expect(checkedOf(everythingPicked, space)).toBe(true)
    expect(toggle(everythingPicked, first)).toBe(everythingPicked)
  })

  it('stops at what a sync takes', () => {
    const many = Array.from({ length: maxPicked + 5 }, (_, index) => place(`p${index}`, 's1'))
    expect(pick(nothingPicked, many).picked.size).toBe(maxPicked)
  })
})
