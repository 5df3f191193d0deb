import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { planSyncs, startDueSyncs } from '../../src/sync/schedule.ts'
import { cancelSyncs, givesWay, startWalk } from '../../src/sync/syncs.ts'
import { databases, type TestDatabase } from '../database.ts'
import { HOUR, later, openScheduleWorld, type ScheduleWorld, START } from './schedule-world.ts'

describe.each(databases)('schedules on the $kind database', ({ kind, open }) => {
  let database: TestDatabase
  let world: ScheduleWorld
  beforeAll(async () => {
    database = await open()
    world = await openScheduleWorld(database)
  })
  afterAll(async () => {
    await world.close()
    await database.drop()
  })
  afterEach(async () => {
    await world.db.deleteFrom('users').execute()
    await setOrganization({})
  })

  const setOrganization = async (defaults: object) => {
    await world.db
      .updateTable('organizations')
      .set({ user_defaults: JSON.stringify(defaults) })
      .execute()
    await planSyncs(world.services, { organizationId: world.organizationId }, START)
  }
  const setUser = async (id: number, settings: object, now = START) => {
    const { user_id } = await world.connection(id)
    const { customer_id } = await world.db
      .updateTable('users')
      .set({ settings: JSON.stringify(settings) })
      .where('id', '=', user_id)
      .returning('customer_id')
      .executeTakeFirstOrThrow()
    await planSyncs(world.services, { organizationId: world.organizationId, customerIds: [customer_id] }, now)
  }
  const slot = async (id: number) => (await world.connection(id)).next_sync_at
  const hours = async (id: number) => (await world.connection(id)).sync_interval_hours
  const start = (now: Date) => startDueSyncs(world.services, { now })

  it.each<[string, object, object, number | null]>([
    ['nobody set anything', {}, {}, null],
    ['the user enabled all sources', { auto_sync_enabled_sources: 'ALL' }, {}, 24],
    ['the user enabled this source', { auto_sync_enabled_sources: ['NOTION', 'CONFLUENCE'] }, {}, 24],
    ['the user enabled another source', { auto_sync_enabled_sources: ['NOTION'] }, {}, null],
    ['the organisation enabled it', {}, { auto_sync_enabled_sources: 'ALL', auto_sync_interval: 12 }, 12],
    ['the user switched it off', { auto_sync_enabled_sources: [] }, { auto_sync_enabled_sources: 'ALL' }, null],
    [
      'both chose an interval',
      { auto_sync_enabled_sources: 'ALL', auto_sync_interval: 3 },
      { auto_sync_interval: 12 },
      3,
    ],
    [
      'the user leaves it to the organisation',
      { auto_sync_enabled_sources: 'ALL', auto_sync_interval: -1 },
      { auto_sync_interval: 6 },
      6,
    ],
    [
      'both leave it to the server',
      { auto_sync_enabled_sources: 'ALL', auto_sync_interval: -1 },
      { auto_sync_interval: -1 },
      24,
    ],
  ])('where %s', async (_, user, organization, expected) => {
    const id = await world.connect(user)
    await setOrganization(organization)
    expect(await hours(id)).toBe(expected)
    if (expected === null) expect(await slot(id)).toBeNull()
    else {
      const wait = Number(await slot(id)) - START.getTime()
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(expected * HOUR)
    }
  })

  it('keep their slot, whatever is set again and however often it comes', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL', auto_sync_interval: 6 })
    const first = Number(await slot(id))
    await setUser(id, { auto_sync_enabled_sources: ['CONFLUENCE'], auto_sync_interval: 6, max_files: 5 }, later(HOUR))
    expect(Number(await slot(id))).toBe(first)
    for (const round of [1, 2, 3]) {
      expect(await start(new Date(first + (round - 1) * 6 * HOUR))).toBe(1)
      expect(Number(await slot(id))).toBe(first + round * 6 * HOUR)
      await world.finish()
    }
    await setUser(id, { auto_sync_enabled_sources: [] })
    expect(await slot(id)).toBeNull()
    await setUser(id, { auto_sync_enabled_sources: 'ALL', auto_sync_interval: 6 })
    expect(Number(await slot(id))).toBe(first)
  })

  it('move when the interval changes', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL' })
    const daily = Number(await slot(id)) - START.getTime()
    await setUser(id, { auto_sync_enabled_sources: 'ALL', auto_sync_interval: 3 })
    const often = Number(await slot(id)) - START.getTime()
    expect(often).toBeLessThanOrEqual(3 * HOUR)
    // The same part of a shorter interval, to the second.
    expect(Math.abs(daily / 8 - often)).toBeLessThan(1_000)
  })

  it('start nothing before its time, and then look for what was edited', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL' })
    const due = Number(await slot(id))
    await world.db
      .updateTable('connections')
      .set({ swept_at: new Date(due) })
      .where('id', '=', id)
      .execute()
    expect(await start(new Date(due - 1))).toBe(0)
    expect(await world.running()).toEqual([])
    expect(await start(new Date(due))).toBe(1)
    expect(await world.running()).toMatchObject([{ connection_id: id, kind: 'changes' }])
    expect(await start(new Date(due))).toBe(0)
  })

  it('look at every page where that is due', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL' })
    await world.db.updateTable('connections').set({ swept_at: START }).where('id', '=', id).execute()
    await start(later(24 * HOUR))
    expect(await world.running()).toMatchObject([{ connection_id: id, kind: 'sweep', options: { yields: true } }])
  })

  it('look for edits beside a look at every page, for as long as that takes', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL', auto_sync_interval: 3 })
    await world.db.updateTable('connections').set({ swept_at: START }).where('id', '=', id).execute()
    await start(later(24 * HOUR))
    const [sweep] = await world.running()
    await start(later(27 * HOUR))
    expect((await world.running()).filter((sync) => sync.id !== sweep?.id)).toMatchObject([{ kind: 'changes' }])
    await start(later(30 * HOUR))
    expect((await world.running()).map(({ kind }) => kind).sort()).toEqual(['changes', 'sweep'])
  })

  it('take their part in the points once somebody asks for them', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL' })
    await world.db.updateTable('connections').set({ swept_at: START }).where('id', '=', id).execute()
    await start(later(24 * HOUR))
    const [begun] = await world.running()
    const { syncId } = await world.db
      .transaction()
      .execute((trx) => startWalk(world.services, trx, { id }, { kind: 'sweep' }))
    expect(syncId).toBe(begun?.id)
    expect((await world.running()).map(givesWay)).toEqual([false])
    // Nor does the schedule take that back.
    await start(later(48 * HOUR))
    expect((await world.running()).filter(({ kind }) => kind === 'sweep').map(givesWay)).toEqual([false])
  })

  it('put a look at every page off while the hour is busy, for no more than a week', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL' })
    const day = later(24 * HOUR)
    await world.db.insertInto('points_hours').values({ client_id: '', hour: day, spent: 40_000 }).execute()
    await start(day)
    expect(await world.running()).toMatchObject([{ connection_id: id, kind: 'changes' }])
    await world.finish()
    await world.db.deleteFrom('points_hours').execute()
    // While a sweep of somebody else waits for points, too.
    const other = await world.connect({})
    const { syncId } = await world.db
      .transaction()
      .execute((trx) => startWalk(world.services, trx, { id: other }, { kind: 'sweep', options: { yields: true } }))
    const waiting = (until: Date | null) =>
      world.db.updateTable('syncs').set({ rate_limited_until: until }).where('id', '=', syncId).execute()
    const begun = async () => (await world.running()).filter((sync) => sync.id !== syncId)
    await waiting(later(74 * HOUR))
    await start(later(48 * HOUR))
    expect(await begun()).toMatchObject([{ kind: 'changes' }])
    // But for a large one.
    await world.db.updateTable('syncs').set({ points: 5_000 }).where('id', '=', syncId).execute()
    await start(later(72 * HOUR))
    expect((await begun()).map(({ kind }) => kind)).toContain('sweep')
    await world.finish()
    const week = later(8 * 24 * HOUR)
    await world.db.insertInto('points_hours').values({ client_id: '', hour: week, spent: 40_000 }).execute()
    await start(week)
    const [sweep] = await world.running()
    expect(sweep).toMatchObject({ connection_id: id, kind: 'sweep' })
    // It has waited long enough.
    expect(sweep?.options.yields).toBe(undefined)
    await world.db.deleteFrom('points_hours').execute()
  })

  it('fetch everything where the first sync never came to its end', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL' })
    await world.db.updateTable('connections').set({ watermark: null }).where('id', '=', id).execute()
    await start(later(24 * HOUR))
    expect(await world.running()).toMatchObject([{ connection_id: id, kind: 'all' }])
  })

  it('make up once for what was missed while no server ran', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL', auto_sync_interval: 3 })
    const first = Number(await slot(id))
    const after = new Date(first + 30 * HOUR + 1)
    expect(await start(after)).toBe(1)
    await world.finish()
    expect(await start(after)).toBe(0)
    expect(Number(await slot(id))).toBe(first + 33 * HOUR)
  })

  it('let a sync that runs already go on', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL', auto_sync_interval: 3 })
    const first = Number(await slot(id))
    await world.db
      .updateTable('connections')
      .set({ swept_at: new Date(first + 3 * HOUR) })
      .where('id', '=', id)
      .execute()
    await start(new Date(first))
    const [running] = await world.running()
    await start(new Date(first + 3 * HOUR))
    expect((await world.running()).map((sync) => sync.id)).toEqual([running?.id])
  })

  it('say nothing where access has ended, and go on when it is back', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL' })
    await world.db.updateTable('connections').set({ status: 'reconnect_needed' }).where('id', '=', id).execute()
    expect(await start(later(48 * HOUR))).toBe(0)
    await planSyncs(world.services, {}, later(48 * HOUR))
    expect(await slot(id)).toBeNull()
    await world.db.updateTable('connections').set({ status: 'active' }).where('id', '=', id).execute()
    await planSyncs(world.services, { connectionId: id }, later(48 * HOUR))
    expect(Number(await slot(id))).toBeGreaterThan(later(48 * HOUR).getTime())
  })

  // The embedded database takes one transaction at a time: nobody can be in the middle of another.
  it.runIf(kind === 'PostgreSQL')('leave the others alone where one connection is being written', async () => {
    const [busy, free] = [
      await world.connect({ auto_sync_enabled_sources: 'ALL' }),
      await world.connect({ auto_sync_enabled_sources: 'ALL' }),
    ]
    await world.db.updateTable('connections').set({ next_sync_at: START }).execute()
    await world.db.transaction().execute(async (trx) => {
      await trx.selectFrom('connections').select('id').where('id', '=', busy).forNoKeyUpdate().execute()
      expect(await start(START)).toBe(1)
    })
    expect((await world.running()).map((sync) => sync.connection_id)).toEqual([free])
    expect(await start(START)).toBe(1)
  })

  it('start each sync once, however many processes look', async () => {
    for (let index = 0; index < 20; index++) await world.connect({ auto_sync_enabled_sources: 'ALL' })
    const looks = await Promise.all(Array.from({ length: 4 }, () => start(later(24 * HOUR))))
    expect(looks.reduce((sum, started) => sum + started, 0)).toBe(20)
    expect(await world.running()).toHaveLength(20)
  })

  it('start at most 100 in one look', async () => {
    for (let index = 0; index < 120; index++) await world.connect({ auto_sync_enabled_sources: 'ALL' })
    expect([await start(later(24 * HOUR)), await start(later(24 * HOUR)), await start(later(24 * HOUR))]).toEqual([
      100, 20, 0,
    ])
  })

  it('fetch nothing that was not picked', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL' })
    await world.db.updateTable('connections').set({ syncs_everything: false }).where('id', '=', id).execute()
    await start(later(24 * HOUR))
    expect(await world.running()).toMatchObject([{ connection_id: id, options: { knownOnly: true } }])
  })

  it('stay what they are when a sync is cancelled', async () => {
    const id = await world.connect({ auto_sync_enabled_sources: 'ALL' })
    const first = Number(await slot(id))
    await start(new Date(first))
    await world.db.transaction().execute((trx) => cancelSyncs(trx, id, 'all'))
    expect(await start(new Date(first + HOUR))).toBe(0)
    expect(Number(await slot(id))).toBe(first + 24 * HOUR)
  })
})
