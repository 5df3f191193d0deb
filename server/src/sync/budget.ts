import { sql, type Transaction } from 'kysely'
import type { Outcome } from '../confluence/pace.ts'
import type { Db } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

/** What Atlassian allows an app in an hour, until its answers say otherwise. */
const USUAL_QUOTA = 65_000
/** Of the quota, what is used: the rest is for what nobody here knows of. */
const USED = 0.9
/** So much of the quota, at most, is left to those that have had less. */
const LEFT_TO_OTHERS = 0.1
const HOUR_MS = 60 * 60_000
const KEPT_MS = 48 * HOUR_MS
/** Clocks may differ by so much. */
const SKEW_MS = 2 * 60_000
/** Parked jobs start within so long of the hour's beginning, rather than all at once. */
const SPREAD_MS = 10_000
/** Those that give way look again in so long, or in up to twice that. */
const GIVE_WAY_MS = 4 * 60_000

/** An OAuth app, whose points all its connections share. */
export interface App {
  clientId: string
  /** The operator's limit; undefined for as many points as Atlassian allows. */
  pointsPerHour: number | undefined
}

const hourOf = (now: number) => new Date(now - (now % HOUR_MS))

export type Reservation = { ok: true; hour: Date; worst: number } | { ok: false; until: Date }

/** How a sync stands towards others. */
export interface Manners {
  /** Points that it has had so far. */
  had?: number
  /** Nobody waits for it: it takes what others leave. */
  yields?: boolean
}

/**
 * Sets points aside for a request, in the hour's one row: all workers share it.
 *
 * A sync leaves as many points as it has had, up to a tenth of the quota: when they run short, large ones wait for the next
 * hour, while those that look for edits and those that have only begun go on. The first request of an hour always passes.
 *
 * One that yields leaves as much as there is left of the hour: whoever comes in the middle of it finds half of the points, and at its end
 * none go to waste.
 */
export async function reserve(
  db: Db,
  app: App,
  worst: number,
  now: number,
  { had = 0, yields = false }: Manners = {},
): Promise<Reservation> {
  const hour = hourOf(now)
  const quota = sql`least(${app.pointsPerHour ?? null}::int, coalesce(hours.quota, ${app.pointsPerHour ?? USUAL_QUOTA}::int))`
  const left = sql`(${quota} * ${USED}::float8 - hours.spent - hours.reserved)`
  const rest = 1 - (now - hour.getTime()) / HOUR_MS
  const kept = yields
    ? sql`${quota} * ${USED * rest}::float8`
    : sql`least(${had}::float8, ${quota} * ${LEFT_TO_OTHERS}::float8)`
  const { rows } = await sql<{ isFirst: boolean }>`
    insert into points_hours as hours (client_id, hour, reserved) values (${app.clientId}, ${hour}, ${worst})
    on conflict (client_id, hour) do update set reserved = hours.reserved + ${worst}
    where coalesce(hours.closed_until <= ${new Date(now)}, true)
      and ${left} - ${worst} >= ${kept}
    returning xmax = 0 as "isFirst"`.execute(db)
  const [row] = rows
  if (row?.isFirst)
    await db
      .deleteFrom('points_hours')
      .where('hour', '<', new Date(now - KEPT_MS))
      .execute()
  if (row) return { ok: true, hour, worst }
  const until = yields ? now + GIVE_WAY_MS * (1 + Math.random()) : hour.getTime() + HOUR_MS + Math.random() * SPREAD_MS
  return { ok: false, until: new Date(until) }
}

/** How an app's points of this hour stand: spent or set aside, and how many there are. */
export async function pointsOf(
  db: Db | Transaction<Schema>,
  clientId: string,
  now: Date,
): Promise<{ used: number; quota: number }> {
  const hour = await db
    .selectFrom('points_hours')
    .select(['spent', 'reserved', 'quota'])
    .where('client_id', '=', clientId)
    .where('hour', '=', hourOf(now.getTime()))
    .executeTakeFirst()
  return { used: (hour?.spent ?? 0) + (hour?.reserved ?? 0), quota: hour?.quota ?? USUAL_QUOTA }
}

/**
 * Puts what a request cost in the place of what was set aside. What Atlassian says is used counts, whoever used it.
 *
 * @returns until when the app is refused, where it is
 */
export async function settle(
  db: Db,
  app: App,
  { hour, worst }: { hour: Date; worst: number },
  { points, quota, error }: Outcome,
): Promise<Date | null> {
  const end = hour.getTime() + HOUR_MS
  const said = quota && Math.abs(quota.resetAt.getTime() - end) <= SKEW_MS ? quota : undefined
  const closedUntil = error?.limit === 'app' ? (error.retryAt ?? new Date(end)) : null
  await db
    .updateTable('points_hours')
    .set({
      reserved: sql`greatest(0, reserved - ${worst})`,
      spent: said ? said.used : sql`spent + ${points}`,
      ...(said && { quota: said.limit }),
      ...(closedUntil && { closed_until: closedUntil }),
    })
    .where('client_id', '=', app.clientId)
    .where('hour', '=', hour)
    .execute()
  return closedUntil && new Date(closedUntil.getTime() + Math.random() * SPREAD_MS)
}
