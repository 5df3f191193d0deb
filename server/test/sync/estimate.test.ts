import { describe, expect, it } from 'vitest'
import type { SyncLaneRow } from '../../src/db/schema.ts'
import { layLanes } from '../../src/sync/first-sync.ts'
import { estimateTotal } from '../../src/sync/progress.ts'

const lane = (row: Partial<SyncLaneRow>): SyncLaneRow => ({
  id: 1,
  sync_id: 1,
  space_ids: [],
  next: null,
  job_id: null,
  first_page_id: null,
  last_page_id: null,
  pages_synced: 0,
  pages_failed: 0,
  finished_at: null,
  ...row,
})

describe('estimateTotal', () => {
  const sync = { newest_page_id: '1000' }

  it('knows nothing before every lane has begun', () => {
    expect(estimateTotal(sync, [])).toBeNull()
    expect(
      estimateTotal(sync, [lane({ first_page_id: '0', last_page_id: '500', pages_synced: 50 }), lane({})]),
    ).toBeNull()
  })

  it('projects from how far the ids have come', () => {
    expect(
      estimateTotal(sync, [lane({ first_page_id: '0', last_page_id: '250', pages_synced: 24, pages_failed: 1 })]),
    ).toBe(100)
  })

  it('counts finished lanes as they are', () => {
    const finished = lane({ first_page_id: '0', last_page_id: '10', pages_synced: 7, finished_at: new Date() })
    expect(estimateTotal(sync, [finished, lane({ first_page_id: '0', last_page_id: '500', pages_synced: 50 })])).toBe(
      107,
    )
  })

  it('never says less than what is there', () => {
    expect(estimateTotal(sync, [lane({ first_page_id: '900', last_page_id: '1200', pages_synced: 50 })])).toBe(50)
  })
})

describe('layLanes', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [150, 2],
    [201, 3],
    [1000, 10],
  ])('lays %i spaces out on %i lanes, each space once, at most 100 a lane', (spaces, lanes) => {
    const ids = Array.from({ length: spaces }, (_, index) => String(index))
    const laid = layLanes(ids)
    expect(laid).toHaveLength(lanes)
    expect(laid.flat().sort()).toEqual([...ids].sort())
    expect(Math.max(0, ...laid.map((lane) => lane.length))).toBeLessThanOrEqual(100)
  })
})
