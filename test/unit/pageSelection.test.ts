import { describe, expect, it } from 'vitest'
import type { Page, PageSelection, PageStatus } from '../../src/index.ts'
import {
  countOf,
  everything,
  isOnItsWay,
  isSelected,
  nothing,
  present,
  select,
  shareOfShown,
  withoutPage,
} from '../../src/pageSelection.ts'
import { memoryPages } from '../../src/testing.ts'

const pageOf = (id: number, status: PageStatus = 'READY'): Page => ({ ...(memoryPages(1)[0] as Page), id, status })

const [one, two, three] = [pageOf(1), pageOf(2), pageOf(3)]
const moving = pageOf(4, 'SYNCING')
const all = everything({})

describe('what is on its way', () => {
  it.each(['READY', 'READY_TO_SYNC', 'SYNC_ABORTED', 'SYNC_ERROR'] as const)('is not what is %s', (status) =>
    expect(isOnItsWay({ status })).toBe(false),
  )
  it.each(['DELAYED', 'EVALUATING_RESYNC', 'QUEUED_FOR_OCR', 'QUEUED_FOR_SYNC', 'RATE_LIMITED', 'SYNCING'] as const)(
    'is what is %s',
    (status) => expect(isOnItsWay({ status })).toBe(true),
  )
})

describe('some pages', () => {
  it('are selected and taken out, each once', () => {
    const some = select(select(nothing, [one, two], true), [two, three], true)
    expect(some).toEqual({ ids: [1, 2, 3] })
    expect(select(some, [two], false)).toEqual({ ids: [1, 3] })
    expect(nothing).toEqual({ ids: [] })
  })
  it('leave out what is on its way', () => {
    const some = select(nothing, [one, moving], true)
    expect(some).toEqual({ ids: [1] })
    expect(isSelected(some, one)).toBe(true)
    expect(isSelected(some, moving)).toBe(false)
  })
  it('do not include one that has set out since it was selected, as long as it is under way', () => {
    const some = select(nothing, [one, two], true)
    const sent = { ...two, status: 'QUEUED_FOR_SYNC' as const }
    expect(isSelected(some, sent)).toBe(false)
    expect(present(some, [one, sent])).toEqual({ ids: [1] })
    expect(present(some, [one, two])).toEqual({ ids: [1, 2] })
  })
  it('include those on other pages of the list', () => {
    const some = select(nothing, [one], true)
    expect(present(some, [three])).toEqual({ ids: [1] })
    expect(countOf(some, 1240)).toBe(1)
  })
  it('lose one that was deleted', () => {
    expect(withoutPage({ ids: [1, 2] }, 1)).toEqual({ ids: [2] })
  })
})

describe('all pages', () => {
  it('are those that can be acted on, of the search and the status', () => {
    expect(all).toEqual({ all: { status: ['READY', 'READY_TO_SYNC', 'SYNC_ABORTED', 'SYNC_ERROR'] } })
    expect(everything({ search: 'faq', status: ['SYNC_ERROR', 'SYNCING'] })).toEqual({
      all: { search: 'faq', status: ['SYNC_ERROR'] },
    })
  })
  it('are never more than that: where none can be acted on there is no such selection', () => {
    expect(everything({ status: ['SYNCING'] })).toBeNull()
  })
  it('leave out the few that are taken out, wherever they are', () => {
    if (!all) throw new Error('There is nothing to select.')
    const most = select(all, [one, moving], false)
    expect(most).toEqual({ ...all, except: [1] })
    expect(isSelected(most, one)).toBe(false)
    expect(isSelected(most, two)).toBe(true)
    expect(isSelected(most, moving)).toBe(false)
    expect(select(most, [one], true)).toEqual({ ...all, except: [] })
    expect(countOf(most, 1240)).toBe(1239)
    expect(countOf(most, 0)).toBe(0)
    expect(present(most, [moving])).toBe(most)
  })
  it('do not count a deleted one as left out', () => {
    if (!all) throw new Error('There is nothing to select.')
    expect(withoutPage(select(all, [one, two], false), 1)).toEqual({ ...all, except: [2] })
  })
})

describe('the pages shown', () => {
  const but = (...except: number[]): PageSelection => ({ all: {}, except })
  const cases: [share: string, selection: PageSelection, shown: Page[]][] = [
    ['none', nothing, [one, two]],
    ['none', nothing, []],
    ['none', { ids: [4] }, [moving]],
    ['some', { ids: [1] }, [one, two]],
    ['all', { ids: [1, 2] }, [one, two, moving]],
    ['all', { all: {} }, [one, two]],
    ['some', but(1), [one, two]],
    ['none', but(1, 2), [one, two]],
  ]
  it.each(cases)('are selected: %s of %j', (share, selection, shown) => {
    expect(shareOfShown(selection, shown)).toBe(share)
  })
})
