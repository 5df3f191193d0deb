import { beforeEach, describe, expect, it } from 'vitest'
import { AtlassianError } from '../../src/confluence/errors.ts'
import {
  afterFailure,
  type Entered,
  FAILURES_TO_PAUSE,
  giveTurnBack,
  renewTurn,
  type SiteState,
  takeTurn,
} from '../../src/sync/site-pace.ts'
import { databases, useDatabase } from '../database.ts'

const START = Date.parse('2026-03-01T09:20:00Z')
const MINUTE = 60_000
const serverError = new AtlassianError('unavailable', 'It failed.', { status: 500 })
const busy = new AtlassianError('unavailable', 'It is busy.', { status: 503 })

describe.each(databases)('the turns of a site in the $kind database', ({ open }) => {
  const db = useDatabase(open)
  let site = 0

  beforeEach(() => {
    site += 1
  })

  const take = (now = START): Promise<Entered> => takeTurn(db(), `site-${site}`, now)
  const give = (turn: string, outcome: { error?: AtlassianError; isNearLimit?: boolean } = {}, now = START) =>
    giveTurnBack(db(), `site-${site}`, turn, { points: 1, ...outcome }, now)
  const turn = async (now = START) => {
    const entered = await take(now)
    if (!entered.ok) throw new Error('There was no turn.')
    return entered.turn
  }
  /** How many can be under way at once; none of them stays. */
  const width = async (now = START) => {
    const taken: string[] = []
    for (let entered = await take(now); entered.ok && taken.length < 20; entered = await take(now))
      taken.push(entered.turn)
    // What was refused says nothing about the site.
    const neutral = new AtlassianError('not_found', 'Not there.', { status: 404 })
    for (const each of taken) await give(each, { error: neutral }, now)
    return taken.length
  }
  const succeed = async (times: number) => {
    for (let each = 0; each < times; each++) await give(await turn())
  }

  it('are four at first, whoever asks', async () => {
    const entered = await Promise.all(Array.from({ length: 10 }, () => take()))
    expect(entered.filter(({ ok }) => ok)).toHaveLength(4)
    expect(entered.filter((each) => !each.ok && each.closed === null)).toHaveLength(6)
  })

  it('become one more with each success, up to eight', async () => {
    await succeed(1)
    expect(await width()).toBe(5)
    await succeed(10)
    expect(await width()).toBe(8)
  })

  it('are halved when the site is busy, and become one more with every 20 successes from then on', async () => {
    await succeed(4)
    await give(await turn(), { error: busy })
    expect(await width()).toBe(4)
    await succeed(19)
    expect(await width()).toBe(4)
    await succeed(1)
    expect(await width()).toBe(5)
    await succeed(5 * 20)
    expect(await width()).toBe(8)
  })

  it('are one when Atlassian says that little is left', async () => {
    await succeed(4)
    await give(await turn(), { isNearLimit: true })
    expect(await width()).toBe(1)
    await succeed(19)
    expect(await width()).toBe(1)
    await succeed(1)
    expect(await width()).toBe(2)
  })

  it('are lost by those that never came back', async () => {
    await Promise.all([turn(), turn(), turn(), turn()])
    expect(await width(START + 10_000)).toBe(0)
    expect(await width(START + 30_000)).toBe(4)
  })

  it('are kept for requests that take long', async () => {
    const held = await turn()
    const renewed = await renewTurn(db(), `site-${site}`, held, START + 15_000)
    expect(await width(START + 30_000)).toBe(3)
    await give(renewed)
    expect(await width(START + 30_000)).toBe(5)
  })

  it('are closed while Atlassian asks to wait', async () => {
    const error = new AtlassianError('rate_limited', 'Wait.', { limit: 'site', retryAt: new Date(START + MINUTE) })
    const until = await give(await turn(), { error })
    expect(until?.getTime()).toBeGreaterThanOrEqual(START + MINUTE)
    expect(await take(START + MINUTE / 2)).toMatchObject({ ok: false, closed: { closed_as: 'rate_limited' } })
    expect((await take(START + 2 * MINUTE)).ok).toBe(true)
  })

  it('pause after many failures in a row; then one asks, and if it is answered others do', async () => {
    for (let failures = 0; failures < FAILURES_TO_PAUSE - 1; failures++)
      await give(await turn(), { error: serverError })
    await succeed(1)
    for (let failures = 0; failures < FAILURES_TO_PAUSE; failures++) await give(await turn(), { error: serverError })
    expect(await take(START + 1_000)).toMatchObject({ ok: false, closed: { closed_as: 'paused' } })
    const later = START + MINUTE
    const probe = await turn(later)
    expect(await take(later)).toEqual({ ok: false, closed: null })
    await give(probe, { error: serverError }, later)
    expect(await take(later + 1_000)).toMatchObject({ ok: false, closed: { closed_as: 'paused' } })
    await give(await turn(later + MINUTE), {}, later + MINUTE)
    await give(await turn(later + MINUTE), { error: serverError }, later + MINUTE)
    expect((await take(later + MINUTE)).ok).toBe(true)
  })
})

describe('what a failure teaches', () => {
  const fresh: SiteState = { allowed: 8, threshold: 8, successes: 3, failures: 0, closed_until: null, closed_as: null }
  const untold = new AtlassianError('rate_limited', 'Wait.', { limit: 'site' })
  const seconds = ({ closed_until }: SiteState) => ((closed_until?.getTime() ?? START) - START) / 1000

  it('waits two seconds and twice as long each time, up to a minute, where Atlassian does not say', () => {
    const waits: number[] = []
    for (let site = fresh; waits.length < 7; ) {
      site = afterFailure({ ...site, closed_until: null }, untold, START, 0.5)
      waits.push(seconds(site))
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60])
  })

  it.each([
    ['least', 0, 1.4],
    ['most', 1, 2.6],
  ])('spreads such waits: %s', (_, random, wait) => {
    expect(seconds(afterFailure(fresh, untold, START, random))).toBeCloseTo(wait, 5)
  })

  it.each([
    ['least', 0, 7200],
    ['most', 1, 9360],
  ])('waits at least as long as Atlassian says, however long that is: %s', (_, random, wait) => {
    const told = new AtlassianError('rate_limited', 'Wait.', { limit: 'site', retryAt: new Date(START + 7_200_000) })
    expect(seconds(afterFailure(fresh, told, START, random))).toBeCloseTo(wait, 5)
  })

  it('does not ask fewer at once because of a page that cannot be read', () => {
    expect(afterFailure(fresh, serverError, START)).toMatchObject({ allowed: 8, failures: 1, closed_until: null })
  })
})
