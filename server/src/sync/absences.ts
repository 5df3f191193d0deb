import { sql, type Transaction } from 'kysely'
import type { Db } from '../db/database.ts'
import type { AbsenceTable, Schema, SyncRow } from '../db/schema.ts'
import type { WebhookEvent } from '../webhooks/events.ts'
import { dataSourceEvent } from './happenings.ts'

// Files whose page a complete walk did not see. None is deleted for that alone: `settle.ts` asks Confluence for each, and where many
// of a space vanish at once, all are kept until somebody decides.

type Trx = Transaction<Schema>

/** So many pages of a space, or this share of it, do not vanish in the ordinary course of work. */
const MANY = 20
const MANY_SHARE = 0.2

/**
 * At the end of a walk that has seen every page: notes what it did not see, forgets what came back, and holds what is too much.
 *
 * @returns whether there is something to ask Confluence about
 */
export async function hasAbsent(
  trx: Trx,
  { id, kind, connection_id }: Pick<SyncRow, 'id' | 'kind' | 'connection_id'>,
): Promise<boolean> {
  if (kind !== 'all' && kind !== 'sweep') return false
  // What picked it, or looked for edits, saw it in between: this is another absence.
  await sql`
    delete from absences using pages, items
    where absences.connection_id = ${connection_id} and pages.id = absences.file_id
      and items.connection_id = ${connection_id} and items.type = 'PAGE' and items.external_id = pages.page_id
      and items.seen_by > absences.missed_by`.execute(trx)
  // Files that others made meanwhile were not there to be seen.
  await sql`
    insert into absences (file_id, connection_id, space_id, first_missed_by, missed_by)
    select pages.id, pages.connection_id, pages.space_id, ${id}::int, ${id}::int from pages
    where pages.connection_id = ${connection_id} and pages.version is not null
      and pages.created_at < (select created_at from syncs where id = ${id})
      and (
        select items.seen_by from items
        where items.connection_id = pages.connection_id and items.type = 'PAGE' and items.external_id = pages.page_id
      ) >= ${id} is not true
    on conflict (file_id) do update set missed_by = excluded.missed_by`.execute(trx)
  await trx.deleteFrom('absences').where('connection_id', '=', connection_id).where('missed_by', '<', id).execute()
  await sql`
    update absences set state = 'held', reason = 'many_vanished', held_by = ${id}, held_at = now()
    where connection_id = ${connection_id} and state = 'missed' and space_id in (
      select absent.space_id from absences as absent
      where absent.connection_id = ${connection_id} and absent.state in ('missed', 'held')
      group by absent.space_id
      having count(*) >= greatest(${MANY}::numeric, ${MANY_SHARE}::numeric * (
        select count(*) from pages
        where pages.connection_id = ${connection_id} and pages.space_id = absent.space_id and pages.version is not null)))`.execute(
    trx,
  )
  const left = await trx
    .selectFrom('absences')
    .select('file_id')
    .where('connection_id', '=', connection_id)
    .where('state', '=', 'missed')
    .limit(1)
    .executeTakeFirst()
  return left !== undefined
}

/** Pages of one space that are kept although they have vanished. */
export interface HeldSpace {
  spaceId: string
  /** Null where the space is not in the tree any more. */
  name: string | null
  pages: number
  since: Date
  reason: NonNullable<AbsenceTable['reason']>
}

/** What is held of a connection, by space. */
export async function heldSpaces(db: Db | Trx, connectionId: number): Promise<HeldSpace[]> {
  const rows = await db
    .selectFrom('absences')
    .leftJoin('items', (join) =>
      join
        .onRef('items.connection_id', '=', 'absences.connection_id')
        .onRef('items.external_id', '=', 'absences.space_id')
        .on('items.type', '=', 'SPACE'),
    )
    .select((eb) => [
      'absences.space_id',
      eb.fn.max('items.name').as('name'),
      eb.fn.countAll<string>().as('pages'),
      eb.fn.min('absences.held_at').as('since'),
      eb.fn.min('absences.reason').as('reason'),
    ])
    .where('absences.connection_id', '=', connectionId)
    .where('absences.state', '=', 'held')
    .groupBy('absences.space_id')
    .orderBy('absences.space_id')
    .execute()
  return rows.map(({ space_id, name, pages, since, reason }) => ({
    spaceId: space_id ?? '',
    name,
    pages: Number(pages),
    since: since ?? new Date(),
    reason: reason ?? 'many_vanished',
  }))
}

/** At the end of a walk: tells that it held something. What was held before is not told again. */
export async function heldEvents(
  trx: Trx,
  { id, connection_id }: Pick<SyncRow, 'id' | 'connection_id'>,
  customerId: string,
): Promise<WebhookEvent[]> {
  const fresh = await trx
    .selectFrom('absences')
    .select('file_id')
    .where('connection_id', '=', connection_id)
    .where('state', '=', 'held')
    .where('held_by', '=', id)
    .limit(1)
    .executeTakeFirst()
  if (!fresh) return []
  const spaces = await heldSpaces(trx, connection_id)
  return [
    dataSourceEvent('DELETIONS_HELD', { id: connection_id }, customerId, {
      pages: spaces.reduce((sum, { pages }) => sum + pages, 0),
      spaces: spaces.map(({ spaceId, pages, reason }) => ({ spaceId, pages, reason })),
    }),
  ]
}

/** Held deletions of all connections, for metrics. */
export async function countHeld(db: Db): Promise<{ pages: number; connections: number }> {
  const { pages, connections } = await db
    .selectFrom('absences')
    .select((eb) => [
      eb.fn.countAll<string>().as('pages'),
      eb.fn.count<string>('connection_id').distinct().as('connections'),
    ])
    .where('state', '=', 'held')
    .executeTakeFirstOrThrow()
  return { pages: Number(pages), connections: Number(connections) }
}
