import { beforeEach, describe, expect, it } from 'vitest'
import { AtlassianError } from '../../src/confluence/errors.ts'
import { type App, reserve, settle } from '../../src/sync/budget.ts'
import { databases, useDatabase } from '../database.ts'

const HOUR = 60 * 60_000
const START = Date.parse('2026-03-01T09:20:00Z')
const NEXT_HOUR = new Date('2026-03-01T10:00:00Z')

describe.each(databases)('the points of an hour in the $kind database', ({ open }) => {
  const db = useDatabase(open)
  let app: App
  let apps = 0

  beforeEach(() => {
    apps += 1
    app = { clientId: `app-${apps}`, pointsPerHour: 1000 }
  })

  const take = (points: number, now = START) => reserve(db(), app, points, now)
  /** Asks until it is refused. @returns how often it was not */
  const takeAll = async (points: number, now = START) => {
    let taken = 0
    while (taken < 1000 && (await take(points, now)).ok) taken += 1
    return taken
  }
  const reserved = async (points: number, now = START) => {
    const reservation = await take(points, now)
    if (!reservation.ok) throw new Error('There were no points left.')
    return reservation
  }
  const said = (limit: number, used: number, resetAt = NEXT_HOUR) => ({ points: 1, quota: { limit, used, resetAt } })

  it('are shared by all who ask, but for a tenth', async () => {
    const taken = await Promise.all(Array.from({ length: 8 }, () => takeAll(20)))
    expect(taken.reduce((sum, each) => sum + each)).toBe(45)
    const refused = await take(1)
    expect(refused).toEqual({ ok: false, until: expect.any(Date) })
    const wait = refused.ok ? 0 : refused.until.getTime() - NEXT_HOUR.getTime()
    expect(wait).toBeGreaterThanOrEqual(0)
    expect(wait).toBeLessThanOrEqual(10_000)
  })

  it('are there again in the next hour', async () => {
    await takeAll(300)
    expect((await take(300)).ok).toBe(false)
    expect((await take(300, START + HOUR)).ok).toBe(true)
  })

  it('come back where a request cost less than it could', async () => {
    await settle(db(), app, await reserved(800), { points: 10 })
    expect((await take(800)).ok).toBe(true)
    expect((await take(100)).ok).toBe(false)
  })

  it('are counted as Atlassian counts them', async () => {
    app = { ...app, pointsPerHour: undefined }
    await settle(db(), app, await reserved(251), said(2000, 1500))
    // 1800 may be used, and 1500 are.
    expect(await takeAll(100)).toBe(3)
  })

  it('stay within the operator’s limit where Atlassian allows more', async () => {
    await settle(db(), app, await reserved(251), said(65_000, 700))
    expect(await takeAll(100)).toBe(2)
  })

  it('do not follow what is said of another hour', async () => {
    await settle(db(), app, await reserved(251), said(65_000, 64_000, new Date(NEXT_HOUR.getTime() - HOUR)))
    expect((await take(251)).ok).toBe(true)
  })

  it('are not asked for once Atlassian has refused', async () => {
    const until = new Date(START + 5 * 60_000)
    const error = new AtlassianError('rate_limited', 'Refused.', { limit: 'app', retryAt: until })
    const told = await settle(db(), app, await reserved(2), { points: 1, error })
    expect(told?.getTime()).toBeGreaterThanOrEqual(until.getTime())
    expect((await take(2)).ok).toBe(false)
    expect((await take(2, until.getTime())).ok).toBe(true)
  })

  it('are left to others by those that have had many, up to a tenth of them all', async () => {
    const takeAfter = (had: number, points: number) => reserve(db(), app, points, START, { had })
    await reserved(790)
    expect((await takeAfter(5_000, 11)).ok).toBe(false)
    expect((await takeAfter(5_000, 10)).ok).toBe(true)
    // 100 are left.
    expect((await takeAfter(99, 2)).ok).toBe(false)
    expect((await takeAfter(50, 50)).ok).toBe(true)
    expect((await takeAfter(30, 20)).ok).toBe(true)
    expect((await takeAfter(2, 28)).ok).toBe(true)
    expect((await takeAfter(2, 2)).ok).toBe(false)
    expect((await takeAfter(0, 2)).ok).toBe(true)
  })

  it('are left to others by what nobody waits for, as many as there is left of the hour', async () => {
    const yielding = (points: number, now = START) => reserve(db(), app, points, now, { yields: true })
    await reserved(280)
    // A third of the hour is over, and of its 900 points 300 may be used.
    expect((await yielding(21)).ok).toBe(false)
    expect((await yielding(19)).ok).toBe(true)
    const refused = await yielding(1)
    const wait = refused.ok ? 0 : refused.until.getTime() - START
    expect(wait).toBeGreaterThanOrEqual(4 * 60_000)
    expect(wait).toBeLessThanOrEqual(8 * 60_000)
    expect((await take(250)).ok).toBe(true)
    expect((await yielding(1, START + HOUR / 4)).ok).toBe(false)
    // None go to waste.
    expect((await yielding(330, NEXT_HOUR.getTime() - HOUR / 100)).ok).toBe(true)
    expect((await yielding(251, START + HOUR)).ok).toBe(true)
  })
})
