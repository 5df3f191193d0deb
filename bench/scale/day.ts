import { type App, reserve, settle } from '../../server/src/sync/budget.ts'
import { startDueSyncs } from '../../server/src/sync/schedule.ts'
import { startWalk } from '../../server/src/sync/syncs.ts'
import { emptyPostgres } from '../../server/test/database.ts'
import { HOUR, later, openScheduleWorld, type ScheduleWorld } from '../../server/test/sync/schedule-world.ts'

// A day of many customers who share one OAuth app, on a clock that nobody waits for. Schedules and the budget of points are the
// server's own; what Atlassian would answer is counted only.

const MINUTE = HOUR / 60
/** A quarter of the customers each. */
const INTERVALS = [3, 6, 12, 24]
const CONNECTIONS = 1_000
/** Of a site's pages, edited in a day. */
const EDITED = 0.02
/** Those who connect in the middle of the working day, when everybody else goes on. */
const NEWCOMERS = { count: 5, pages: 40_000, minute: 9 * 60 + 10 }
/** Requests of one sync in a minute, of 1.25 s and eight at once where somebody waits, two in the background. */
const PACE = { all: 384, sweep: 96, changes: 48 }

const app: App = { clientId: '', pointsPerHour: undefined }

export const kinds = ['changes', 'sweep', 'all'] as const
export type Kind = (typeof kinds)[number]

/** One sync of the day. */
export interface DaySync {
  connectionId: number
  kind: Kind
  /** Minutes since the day began. */
  due: number
  /** Undefined where the day was over before. */
  done: number | undefined
}

/** What a day took. */
export interface Day {
  connections: number
  syncs: DaySync[]
  /** Points of each hour, by the kind of sync. */
  hours: Record<Kind, number>[]
  /** Of those who connected that day: pages after each minute. */
  newcomers: number[][]
  newcomersPages: number
}

interface Running extends DaySync {
  id: number
  /** Objects that the requests which are left return. */
  left: number[]
  parkedUntil: number
  yields: boolean
  pages: number
  points: number
}

/** Responses of so many objects, 250 at most in each. */
const responses = (objects: number): number[] =>
  Array.from({ length: Math.max(1, Math.ceil(objects / 250)) }, (_, index) => Math.min(250, objects - index * 250))

/** The same sites each time: sizes from 30 to some 30,000 pages, the middle one of 800. */
function* sizes(): Generator<number> {
  let state = 1
  const next = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  for (;;) yield Math.round(800 * Math.exp(1.2 * Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next())))
}

/** What a sync asks for: the pages that were edited since the last one, every page, or every page with its body. */
function requestsOf(kind: Kind, pages: number, interval: number): number[] {
  if (kind !== 'changes') return [Math.ceil(pages / 500), ...responses(pages)]
  const edited = Math.round((pages * EDITED * interval) / 24)
  // One page tells whether there is more; 25 are asked for then, and 250 where all of these were new.
  return edited === 0 ? [1] : [1, 25, ...(edited >= 25 ? responses(edited) : [])]
}

export async function simulateLoad(admin: string): Promise<Day> {
  const { databaseUrl, drop } = await emptyPostgres(admin)
  const world = await openScheduleWorld({ databaseUrl, dataDir: 'unused' })
  try {
    return await simulate(world)
  } finally {
    await world.close()
    await drop()
  }
}

async function simulate(world: ScheduleWorld): Promise<Day> {
  const { db, services } = world
  const size = sizes()
  const sites = new Map<number, { pages: number; interval: number }>()
  for (const interval of INTERVALS) {
    const settings = { auto_sync_enabled_sources: 'ALL' as const, auto_sync_interval: interval }
    for (const id of await world.connectMany(CONNECTIONS / INTERVALS.length, settings))
      sites.set(id, { pages: size.next().value ?? 0, interval })
  }
  // As if sweeps had been going on for long, and did not all begin today.
  for (let hour = 0; hour < 24; hour++)
    await db
      .updateTable('connections')
      .set({ swept_at: later(-hour * HOUR) })
      .where('id', 'in', [0, ...[...sites.keys()].filter((id) => id % 24 === hour)])
      .execute()
  const newcomers = await world.connectMany(NEWCOMERS.count, {})
  for (const id of newcomers) sites.set(id, { pages: NEWCOMERS.pages, interval: 24 })

  const day: Day = {
    connections: CONNECTIONS,
    syncs: [],
    hours: [],
    newcomers: newcomers.map(() => []),
    newcomersPages: NEWCOMERS.pages,
  }
  let running: Running[] = []

  /** Takes what was started since into the list. */
  async function welcome(minute: number): Promise<void> {
    const known = new Set(running.map(({ id }) => id))
    for (const { id, connection_id, kind, options } of await world.running()) {
      const site = sites.get(connection_id)
      if (known.has(id) || !site || kind === 'files' || kind === 'items') continue
      const left = requestsOf(kind, site.pages, site.interval)
      running.push({
        id,
        connectionId: connection_id,
        kind,
        due: minute,
        done: undefined,
        left,
        parkedUntil: 0,
        yields: options.yields === true,
        pages: 0,
        points: 0,
      })
    }
  }

  /** @returns whether it asked; where points are short, it is parked */
  async function ask(sync: Running, now: number): Promise<boolean> {
    const [objects] = sync.left
    if (objects === undefined || sync.parkedUntil > now) return false
    const reserved = await reserve(db, app, 1 + objects, now, { had: sync.points, yields: sync.yields })
    if (!reserved.ok) {
      sync.parkedUntil = reserved.until.getTime()
      await db
        .updateTable('syncs')
        .set({ rate_limited_until: reserved.until, points: sync.points })
        .where('id', '=', sync.id)
        .execute()
      return false
    }
    await settle(db, app, reserved, { points: 1 + objects })
    sync.left.shift()
    sync.pages += objects
    sync.points += 1 + objects
    const hour = day.hours[Math.floor((now - later(0).getTime()) / HOUR)]
    if (hour) hour[sync.kind] += 1 + objects
    return true
  }

  for (let minute = 0; minute < 24 * 60; minute++) {
    if (minute % 60 === 0) day.hours.push({ changes: 0, sweep: 0, all: 0 })
    const now = later(minute * MINUTE).getTime()
    await startDueSyncs(services, { now: new Date(now) })
    if (minute === NEWCOMERS.minute)
      for (const id of newcomers)
        await db.transaction().execute((trx) => startWalk(services, trx, { id }, { kind: 'all' }))
    await welcome(minute)
    // In turns, as lanes of many jobs go on beside each other.
    let asking = running
    for (let turn = 0; asking.length > 0; turn++) {
      const asked: Running[] = []
      for (const sync of asking) if (turn < PACE[sync.kind] && (await ask(sync, now))) asked.push(sync)
      asking = asked
    }
    const ended = running.filter(({ left }) => left.length === 0)
    for (const sync of ended) sync.done = minute
    await db
      .updateTable('syncs')
      .set({ phase: 'done', finished_at: new Date(now) })
      .where('id', 'in', [0, ...ended.map(({ id }) => id)])
      .execute()
    for (const [index, id] of newcomers.entries()) {
      const before = day.newcomers[index]
      const sync = [...running, ...day.syncs].find((each) => each.connectionId === id && each.kind === 'all')
      before?.push(sync && 'pages' in sync ? Number(sync.pages) : (before.at(-1) ?? 0))
    }
    day.syncs.push(...ended)
    running = running.filter(({ left }) => left.length > 0)
  }
  day.syncs.push(...running)
  return day
}
