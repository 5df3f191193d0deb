import { beforeEach, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { AtlassianError } from '../../src/confluence/errors.ts'
import { sharedPace } from '../../src/sync/pace.ts'
import { takeTurn } from '../../src/sync/site-pace.ts'
import { databases, useDatabase } from '../database.ts'

const parsed = parseConfig({ ATLASSIAN_POINTS_PER_HOUR: '1000' })
if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
const { config } = parsed

describe.each(databases)('the pace that workers share in the $kind database', ({ open }) => {
  const db = useDatabase(open)
  let site = 0
  let now: number

  beforeEach(() => {
    site += 1
    now = Date.parse('2026-03-01T09:20:00Z')
  })

  const worker = (clock = () => now) =>
    sharedPace({ db: db(), config }, { cloud_id: `site-${site}`, client_id: `app-${site}` }, { now: clock })

  it('lets a request wait until another is through', async () => {
    const order: string[] = []
    const [held] = await Promise.all(Array.from({ length: 4 }, () => worker().enter(2)))
    if (!held) throw new Error('Nobody entered.')
    const fifth = worker()
      .enter(2)
      .then((turn) => {
        order.push('fifth entered')
        return turn
      })
    for (let looks = 0; looks < 5; looks++)
      expect(await takeTurn(db(), `site-${site}`, now)).toEqual({ ok: false, closed: null })
    order.push('first left')
    await held.leave({ points: 1 })
    await (await fifth).leave({ points: 1 })
    expect(order).toEqual(['first left', 'fifth entered'])
  })

  it('does not let it wait for long', async () => {
    await Promise.all(Array.from({ length: 4 }, () => worker().enter(2)))
    const hasty = worker(() => {
      now += 1_000
      return now
    })
    await expect(hasty.enter(2)).rejects.toMatchObject({ code: 'busy' })
  })

  it('gives the turn back of a request that there are no points for', async () => {
    await worker().enter(800)
    for (let tries = 0; tries < 3; tries++)
      await expect(worker().enter(800)).rejects.toMatchObject({ code: 'rate_limited', limit: 'app' })
    const turn = await worker().enter(2)
    expect(await turn.leave({ points: 2 })).toBeNull()
  })

  it('says until when Atlassian asked to wait, and lets nobody ask before', async () => {
    const retryAt = new Date(now + 60_000)
    const turn = await worker().enter(2)
    const until = await turn.leave({
      points: 1,
      error: new AtlassianError('rate_limited', 'Wait.', { limit: 'site', retryAt }),
    })
    await expect(worker().enter(2)).rejects.toMatchObject({ code: 'rate_limited', limit: 'site', retryAt: until })
  })
})
