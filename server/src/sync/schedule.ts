import { type Expression, type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely'
import type { Config } from '../config/config.ts'
import type { Db } from '../db/database.ts'
import type { ConnectionRow, Schema, SyncOptions } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { pointsOf } from './budget.ts'
import { sweepDue } from './sweep.ts'
import { startWalk } from './syncs.ts'

/** Syncs that one process starts in one look: after a night without a server, they do not all begin in the same minute. */
const MAX_STARTS = 100

/** With more pages than this, how many they are changes nothing. */
const MOST_PAGES = 100_001

/**
 * A look at every page takes the points that others leave. From this share of an hour's on it is put off until the next time, and while
 * another one waits that has had so few; but for no longer than a week. Large ones wait for hours, and keep nobody from beginning.
 */
const BUSY = 0.5
const FEW = 5_000
const LONGEST_MS = 7 * 24 * 60 * 60_000

/** Whose schedules; everybody's where nothing is said. */
export interface Whose {
  connectionId?: number
  organizationId?: number
  customerIds?: readonly string[]
}

/** What a user has set, else what the organisation has. */
const setting = (name: 'auto_sync_enabled_sources' | 'auto_sync_interval') =>
  sql`coalesce(users.settings -> ${name}::text, organizations.user_defaults -> ${name}::text)`

/** Hours of an interval that is really one: -1 stands for the next in line. */
const hoursIn = (settings: 'users.settings' | 'organizations.user_defaults') =>
  sql`nullif((${sql.ref(settings)} ->> 'auto_sync_interval')::int, -1)`

/** The hours between two syncs of a connection; null where auto sync is off. */
const hoursWanted = (defaultHours: number): RawBuilder<number | null> => {
  const sources = setting('auto_sync_enabled_sources')
  return sql`case
    when connections.status = 'active' and (${sources} @> '"CONFLUENCE"' or ${sources} @> '"ALL"')
    then coalesce(${hoursIn('users.settings')}, ${hoursIn('organizations.user_defaults')}, ${defaultHours}::int) end`
}

/**
 * The first slot of a connection after a moment. Multiplied by the golden ratio, ids that follow each other fall far apart, and any
 * number of them covers the interval evenly; the slot is the same in every interval, and needs no memory.
 */
const slotAfter = (id: Expression<number>, hours: Expression<number | null>, now: Date): RawBuilder<Date> => {
  const seconds = sql`(${hours} * 3600)`
  const offset = sql`floor((${id}::bigint * 2654435761 % 4294967296) * ${seconds} / 4294967296.0)`
  return sql`to_timestamp(
    (floor((extract(epoch from ${now}::timestamptz) - ${offset}) / ${seconds}) + 1) * ${seconds} + ${offset})`
}

/**
 * Brings schedules in line with what users and organisations have set. Who keeps the interval keeps the slot.
 *
 * To be called after settings or connections have changed, in no transaction that has changed a user: a connection is locked before
 * its user.
 */
export async function planSyncs(
  { db, config }: { db: Db | Transaction<Schema>; config: Pick<Config, 'syncIntervalHours'> },
  whose: Whose = {},
  now = new Date(),
): Promise<void> {
  const conditions: Expression<SqlBool>[] = [
    ...(whose.connectionId === undefined ? [] : [sql<SqlBool>`connections.id = ${whose.connectionId}`]),
    ...(whose.organizationId === undefined
      ? []
      : [sql<SqlBool>`connections.organization_id = ${whose.organizationId}`]),
    ...(whose.customerIds ? [sql<SqlBool>`users.customer_id = any(${whose.customerIds}::text[])`] : []),
  ]
  const hours = hoursWanted(config.syncIntervalHours)
  const changed = db
    .selectFrom('connections')
    .innerJoin('users', 'users.id', 'connections.user_id')
    .innerJoin('organizations', 'organizations.id', 'connections.organization_id')
    .select(['connections.id', hours.as('hours')])
    .where(sql<SqlBool>`connections.sync_interval_hours is distinct from ${hours}`)
    .where((eb) => eb.and(conditions))
    // In one order, so that two of these do not wait for each other.
    .orderBy('connections.id')
    .forNoKeyUpdate('connections')
  await db
    .updateTable('connections')
    .from(changed.as('changed'))
    .set((eb) => ({
      sync_interval_hours: eb.ref('changed.hours'),
      next_sync_at: slotAfter(eb.ref('changed.id'), eb.ref('changed.hours'), now),
    }))
    .whereRef('connections.id', '=', 'changed.id')
    .execute()
}

/**
 * Starts the syncs that are due. Every process may look: each connection is taken by one of them. What was missed while no server
 * ran is made up for once.
 */
export async function startDueSyncs(
  services: Pick<Services, 'db' | 'queue' | 'log' | 'config'>,
  { now = new Date(), signal }: { now?: Date; signal?: AbortSignal } = {},
): Promise<number> {
  const { db, log } = services
  const due = await db
    .selectFrom('connections')
    .select('id')
    .where('status', '=', 'active')
    .where('next_sync_at', '<=', now)
    .orderBy('next_sync_at')
    .limit(MAX_STARTS)
    .execute()
  let started = 0
  for (const { id } of due) {
    if (signal?.aborted) break
    try {
      if (await startDueSync(services, id, now)) started += 1
    } catch (error) {
      // One that cannot start keeps none of the others from it, and is tried again with the next look.
      log.error({ connectionId: id, error: (error as Error).message }, 'a sync that was due did not start')
    }
  }
  return started
}

/** @returns false where another process was faster, or somebody is at work on the connection: then the next look finds it */
const startDueSync = (
  { db, queue, config }: Pick<Services, 'db' | 'queue' | 'config'>,
  id: number,
  now: Date,
): Promise<boolean> =>
  db.transaction().execute(async (trx) => {
    const connection = await trx
      .selectFrom('connections')
      .selectAll()
      .where('id', '=', id)
      .where('status', '=', 'active')
      .where('next_sync_at', '<=', now)
      .forNoKeyUpdate()
      .skipLocked()
      .executeTakeFirst()
    if (!connection) return false
    await trx
      .updateTable('connections')
      .set((eb) => ({ next_sync_at: slotAfter(eb.ref('id'), eb.ref('sync_interval_hours'), now) }))
      .where('id', '=', id)
      .execute()
    await startWalk({ queue }, trx, connection, await walkOf(trx, config, connection, now))
    return true
  })

/** Most times what was edited is all there is to fetch; now and then a look at every page is due. */
async function walkOf(
  trx: Transaction<Schema>,
  { atlassian }: Pick<Config, 'atlassian'>,
  connection: ConnectionRow,
  now: Date,
): Promise<{ kind: 'changes' | 'sweep'; options?: SyncOptions }> {
  const { pages } = await trx
    .selectFrom((eb) =>
      eb.selectFrom('pages').select('id').where('connection_id', '=', connection.id).limit(MOST_PAGES).as('some'),
    )
    .select((eb) => eb.fn.countAll<string>().as('pages'))
    .executeTakeFirstOrThrow()
  if (!sweepDue(connection, Number(pages), now) || (await isSweeping(trx, connection))) return { kind: 'changes' }
  if (now.getTime() - (connection.swept_at?.getTime() ?? 0) >= LONGEST_MS) return { kind: 'sweep' }
  const app = connection.client_id ?? atlassian.clientId ?? ''
  const hour = await pointsOf(trx, app, now)
  const isBusy =
    hour.used > BUSY * Math.min(hour.quota, atlassian.pointsPerHour ?? hour.quota) ||
    (await isWaited(trx, { app, own: atlassian.clientId ?? '', now }))
  return isBusy ? { kind: 'changes' } : { kind: 'sweep', options: { yields: true } }
}

/** Whether a sweep of an app that is not a large one waits for points that others leave. */
const isWaited = async (
  trx: Transaction<Schema>,
  { app, own, now }: { app: string; own: string; now: Date },
): Promise<boolean> =>
  (await trx
    .selectFrom('syncs')
    .innerJoin('connections', 'connections.id', 'syncs.connection_id')
    .select('syncs.id')
    .where('kind', '=', 'sweep')
    .where('finished_at', 'is', null)
    .where('rate_limited_until', '>', now)
    .where('points', '<', FEW)
    .where(sql<boolean>`options @> '{"yields": true}'`)
    .where((eb) => eb(eb.fn.coalesce('connections.client_id', eb.val(own)), '=', app))
    .limit(1)
    .executeTakeFirst()) !== undefined

const isSweeping = async (trx: Transaction<Schema>, { id }: Pick<ConnectionRow, 'id'>): Promise<boolean> =>
  (await trx
    .selectFrom('syncs')
    .select('id')
    .where('connection_id', '=', id)
    .where('kind', '=', 'sweep')
    .where('finished_at', 'is', null)
    .executeTakeFirst()) !== undefined
