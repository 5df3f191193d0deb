import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { Gauge } from 'prom-client'
import type { Services } from '../services.ts'
import { countHeld } from '../sync/absences.ts'
import { countEnded } from './ended.ts'

type Label = 'kind' | 'phase' | 'code'
type Reading = { value: number } & Partial<Record<Label, string>>

interface GaugeOfAll {
  name: string
  help: string
  labels: Label[]
  /** Cheap however much there is: by an index, and no further than a bound. */
  read(services: Pick<Services, 'db' | 'queue'>): Promise<Reading[]>
}

/** Beyond it a number says no more than that there are too many. */
const MOST = 100_000

const rows = async (db: Services['db'], query: ReturnType<typeof sql<Reading>>): Promise<Reading[]> =>
  (await query.execute(db)).rows.map((row) => ({ ...row, value: Number(row.value) }))

/** What all processes share. */
const gauges: GaugeOfAll[] = [
  {
    name: 'connections',
    help: 'Connections: active, reconnect_needed or disconnected.',
    labels: ['code'],
    read: ({ db }) => rows(db, sql`select status as code, count(*) as value from connections group by status`),
  },
  {
    name: 'syncs_running',
    help: 'Syncs that have not ended.',
    labels: ['kind', 'phase'],
    read: ({ db }) =>
      rows(db, sql`select kind, phase, count(*) as value from syncs where finished_at is null group by kind, phase`),
  },
  {
    name: 'syncs_rate_limited',
    help: 'Syncs that wait until Atlassian takes requests again.',
    labels: [],
    read: ({ db }) =>
      rows(db, sql`select count(*) as value from syncs where finished_at is null and rate_limited_until > now()`),
  },
  {
    name: 'syncs_overdue',
    help: 'Connections whose next sync should have begun more than five minutes ago.',
    labels: [],
    read: ({ db }) =>
      rows(
        db,
        sql`select count(*) as value from connections
          where status = 'active' and next_sync_at < now() - interval '5 minutes'`,
      ),
  },
  {
    name: 'points_spent',
    help: 'Points of this hour that were spent or are set aside, of all OAuth apps together.',
    labels: [],
    read: ({ db }) =>
      rows(
        db,
        sql`select coalesce(sum(spent + reserved), 0) as value from points_hours where hour = date_trunc('hour', now())`,
      ),
  },
  {
    name: 'points_left',
    help: 'Points of this hour that Atlassian still allows, of the OAuth app that has the fewest; missing until one has asked.',
    labels: [],
    read: ({ db }) =>
      rows(
        db,
        sql`select min(greatest(0, quota - spent - reserved)) as value from points_hours
            where hour = date_trunc('hour', now()) and quota is not null having count(*) > 0`,
      ),
  },
  {
    name: 'sites_closed',
    help: 'Sites that are left alone for a while: rate_limited, as Atlassian asked, or paused, since they kept failing.',
    labels: ['code'],
    read: ({ db }) =>
      rows(
        db,
        sql`select closed_as as code, count(*) as value from site_paces
          where closed_until > now() and closed_as is not null group by closed_as`,
      ),
  },
  {
    name: 'held_deletions',
    help: 'Pages that are kept although they have vanished, until somebody decides.',
    labels: [],
    read: async ({ db }) => [{ value: (await countHeld(db)).pages }],
  },
  {
    name: 'jobs',
    help: 'Jobs by queue: ready, deferred or active. Counted by the queue every few seconds.',
    labels: ['kind', 'phase'],
    read: ({ queue }) => queue.depths(),
  },
  {
    name: 'webhook_deliveries_pending',
    help: `Events that wait for their delivery, up to ${MOST}.`,
    labels: [],
    read: ({ db }) =>
      rows(
        db,
        sql`select count(*) as value from (
          select from webhook_deliveries where state = 'pending' limit ${MOST}) as pending`,
      ),
  },
]

/** Readings are this fresh, however often somebody asks: whoever may ask need not have a key. */
const FRESH_MS = 5_000
/** A database that does not answer keeps nobody from what this process has counted. */
const PATIENCE_MS = 3_000

/** Registers the gauges; the result reads them anew where they are old. */
export function createGauges({ metrics, log, ...services }: Pick<Services, 'db' | 'queue' | 'metrics' | 'log'>) {
  const registered = gauges.map(({ name, help, labels, read }) => ({
    read,
    gauge: new Gauge({
      name: `confluence_connect_${name}`,
      help,
      labelNames: labels,
      registers: [metrics.registry],
    }),
  }))

  async function read(): Promise<void> {
    try {
      const readings = await Promise.race([
        Promise.all([...registered.map((each) => each.read(services)), countEnded(services, metrics)]),
        delay(PATIENCE_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('no answer'))),
      ])
      for (const [index, { gauge }] of registered.entries()) {
        gauge.reset()
        for (const { value, ...labels } of readings[index] ?? []) gauge.set(labels, value)
      }
    } catch (error) {
      log.error({ error: (error as Error).message }, 'the database does not answer')
      for (const { gauge } of registered) gauge.reset()
    }
  }

  let reading: Promise<void> | undefined
  let readAt = Number.NEGATIVE_INFINITY
  return function refresh(now = Date.now()): Promise<void> {
    if (reading && now - readAt < FRESH_MS) return reading
    readAt = now
    reading = read()
    return reading
  }
}
