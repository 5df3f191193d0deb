import { type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

/** Those that are free to go, as far as is known. Literals, not parameters: they must match the conditions of the indexes. */
export const queues = {
  new: sql<SqlBool>`state = 'pending' and waits_for is null and attempts = 0`,
  again: sql<SqlBool>`state = 'pending' and waits_for is null and attempts > 0`,
}
export type Queue = keyof typeof queues

/** No process has the sole right to it. */
export const unclaimed = (eb: ExpressionBuilder<Schema, 'webhook_deliveries'>, now: Date) =>
  eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now)])

/** How many due deliveries are looked at to find some that wait for no other. */
const WINDOW = 200
/** How many times in a row, before the rest of the work gets its turn. */
const WINDOWS = 10

/**
 * Due deliveries that wait for no earlier one.
 *
 * Those that wait are set aside where they would hide others: behind one delivery that fails, hundreds of thousands may
 * pile up, and none of them is looked at twice.
 *
 * @returns more: there was so much to set aside that it is worth looking again
 */
export async function findDue(
  db: Db,
  webhookId: number,
  queue: Queue,
  want: number,
  now: Date,
): Promise<{ ids: string[]; more: boolean }> {
  let free: string[] = []
  for (let windows = 0; windows < WINDOWS; windows++) {
    const size = windows === 0 ? want * 4 : WINDOW
    const rows = await db
      .selectFrom('webhook_deliveries')
      .select(['id', latestBefore.as('waits_for')])
      .where('webhook_id', '=', webhookId)
      .where(queues[queue])
      .where('next_attempt_at', '<=', now)
      .where((eb) => unclaimed(eb, now))
      .orderBy('next_attempt_at')
      .orderBy('id')
      .limit(size)
      .execute()
    free = rows.filter((row) => row.waits_for === null).map(({ id }) => String(id))
    if (free.length >= want || rows.length < size) return { ids: free.slice(0, want), more: false }
    await setAside(db, rows, now)
  }
  return { ids: free, more: true }
}

const latestWith = (key: RawBuilder<unknown>) => sql`(
  select earlier.id from webhook_deliveries as earlier
  where earlier.webhook_id = webhook_deliveries.webhook_id and earlier.state = 'pending'
    and earlier.order_key = ${key} and earlier.id < webhook_deliveries.id
  order by earlier.id desc limit 1
)`

/** The last of the earlier deliveries that this one must follow; null when it may go. */
const latestBefore = sql<string | number | null>`greatest(
  ${latestWith(sql`webhook_deliveries.order_key`)}, ${latestWith(sql`webhook_deliveries.after_key`)}
)`

type Id = string | number

/**
 * Locks deliveries that nobody else is at, and reads them as they are then. By id and nothing else: a database without
 * statistics would take any other condition for a better way in, and read everything that is pending.
 */
export const lockFree = (ids: readonly Id[], mode: 'share' | 'update') => sql`
  select id, state, next_attempt_at, claimed_until from webhook_deliveries
  where id = any(${ids.map(String)}::bigint[]) for ${sql.raw(mode)} skip locked
`

/**
 * Notes what each one waits for. Locks those, so that none of them gets through unnoticed at the same moment; a row that
 * somebody else is at is left for the next time.
 */
async function setAside(db: Db, rows: { id: Id; waits_for: Id | null }[], now: Date): Promise<void> {
  const pairs = rows.flatMap(({ id, waits_for }) => (waits_for === null ? [] : [{ id, waits_for }]))
  if (pairs.length === 0) return
  const ids = pairs.map(({ id }) => String(id))
  const earlier = pairs.map(({ waits_for }) => String(waits_for))
  await sql`
    with held as materialized (${lockFree([...new Set(earlier)], 'share')}),
    own as materialized (${lockFree(ids, 'update')}),
    pair as materialized (
      select pair.id, pair.waits_for
      from unnest(${ids}::bigint[], ${earlier}::bigint[]) as pair (id, waits_for)
      join held on held.id = pair.waits_for and held.state = 'pending'
      join own on own.id = pair.id and own.state = 'pending'
        and (own.claimed_until is null or own.claimed_until <= ${now}::timestamptz)
    )
    update webhook_deliveries set waits_for = pair.waits_for from pair where webhook_deliveries.id = pair.id
  `.execute(db)
}

/** At once, so that no statement is long. */
const RELEASE = 1_000

/** Brings back what was set aside for deliveries that are through. */
export async function releaseWaiting(db: Db, ids: readonly string[]): Promise<void> {
  for (let released = RELEASE; released === RELEASE; ) {
    const { numAffectedRows } = await sql`
      update webhook_deliveries set waits_for = null
      where id = any(array(
        select id from webhook_deliveries where waits_for = any(${ids}::bigint[]) limit ${sql.lit(RELEASE)}
      ))
    `.execute(db)
    released = Number(numAffectedRows ?? 0)
  }
}

/**
 * Brings back what waits for deliveries that are through: a process may have died between the two. Looks at everything
 * that was set aside, so it is for the start and for once in a while.
 */
export async function rescueWaiting(db: Db): Promise<void> {
  const ids = await db
    .selectFrom('webhook_deliveries as waiting')
    .select('waiting.id')
    .where('waiting.waits_for', 'is not', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('webhook_deliveries as earlier')
            .select('earlier.id')
            .whereRef('earlier.id', '=', 'waiting.waits_for')
            .where('earlier.state', '=', 'pending'),
        ),
      ),
    )
    .execute()
  for (let start = 0; start < ids.length; start += RELEASE)
    await db
      .updateTable('webhook_deliveries')
      .set({ waits_for: null })
      .where(
        'id',
        'in',
        ids.slice(start, start + RELEASE).map(({ id }) => id),
      )
      .execute()
}
