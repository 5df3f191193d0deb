import { describe, expect, it } from 'vitest'
import type { SyncLaneRow } from '../../src/db/schema.ts'
import { layLanes } from '../../src/sync/lanes.ts'
import { estimateTotal } from '../../src/sync/progress.ts'

const lane = (row: Partial<SyncLaneRow>): SyncLaneRow => ({
  id: 1,
  sync_id: 1,
  step: 'store',
  differing: null,
  space_ids: [],
  page_ids: null,
  filters: null,
  after_id: null,
  last_id: null,
  pages_total: null,
  next: null,
  job_id: null,
  attempt: 0,
  first_created_at: null,
  last_created_at: null,
  pages_synced: 0,
  pages_failed: 0,
  restarts: 0,
  page_size: 250,
  sound: 0,
  finished_at: null,
  ...row,
})

const day = (number: number) => new Date(Date.UTC(2026, 0, 1) + number * 86_400_000)

describe('estimateTotal', () => {
  const sync = { started_at: day(1000) }
  const walked = (from: number, to: number, pages_synced: number) =>
    lane({ first_created_at: day(from), last_created_at: day(to), pages_synced })

  it('knows nothing before every lane has come some way', () => {
    expect(estimateTotal(sync, [])).toBeNull()
    expect(estimateTotal(sync, [walked(0, 500, 50), lane({})])).toBeNull()
    expect(estimateTotal(sync, [walked(0, 10, 50)])).toBeNull()
    expect(estimateTotal({ started_at: null }, [walked(0, 500, 50)])).toBeNull()
  })

  it('projects from how far the pages have come in time', () => {
    expect(estimateTotal(sync, [{ ...walked(0, 250, 24), pages_failed: 1 }])).toBe(100)
  })

  it('counts finished lanes as they are', () => {
    expect(estimateTotal(sync, [{ ...walked(0, 10, 7), finished_at: new Date() }, walked(0, 500, 50)])).toBe(107)
  })

  it('knows how many pages were picked', () => {
    expect(estimateTotal({ started_at: null }, [lane({ page_ids: ['1', '2', '3'] })])).toBe(3)
  })

  it('knows how many pages matched, until those that were left are known', () => {
    const portions = lane({ page_ids: ['1'], filters: {}, pages_total: 900, pages_synced: 250 })
    const none = { started_at: null }
    expect(estimateTotal(none, [portions])).toBe(900)
    expect(estimateTotal(none, [{ ...portions, pages_synced: 901 }])).toBe(901)
    expect(estimateTotal(none, [{ ...portions, pages_synced: 880, finished_at: new Date() }])).toBe(880)
  })

  it('never says less than what is there', () => {
    expect(estimateTotal(sync, [walked(900, 1200, 50)])).toBe(50)
  })
})

describe('layLanes', () => {
  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [9, 8],
    [150, 8],
    [801, 9],
    [1000, 10],
  ])('lays %i spaces out on %i lanes, each space once, at most 100 a lane', (spaces, lanes) => {
    const ids = Array.from({ length: spaces }, (_, index) => String(index))
    const laid = layLanes(ids)
    expect(laid).toHaveLength(lanes)
    expect(laid.flat().sort()).toEqual([...ids].sort())
    expect(Math.max(0, ...laid.map((lane) => lane.length))).toBeLessThanOrEqual(100)
  })
})
