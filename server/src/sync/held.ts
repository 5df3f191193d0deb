import { sql, type Transaction } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Schema, User } from '../db/schema.ts'
import { lockConnectionsOf, startDeletion } from '../files/deletions.ts'
import type { Services } from '../services.ts'

// What a person decides about deletions that are held.

type Trx = Transaction<Schema>

/** A connection's held files, by id. */
export const heldFiles = (db: Db, connectionId: number, { afterId, limit }: { afterId: number; limit: number }) =>
  db
    .selectFrom('absences')
    .innerJoin('pages', 'pages.id', 'absences.file_id')
    .select(['pages.id', 'pages.page_id', 'pages.title', 'pages.url', 'absences.space_id', 'absences.held_at'])
    .where('absences.connection_id', '=', connectionId)
    .where('absences.state', '=', 'held')
    .where('absences.file_id', '>', afterId)
    .orderBy('absences.file_id')
    .limit(limit)
    .execute()

/** Which of them: those of some spaces, or all. */
interface Choice {
  connectionId: number
  spaceIds?: readonly string[] | undefined
}

const heldOf = (trx: Trx, { connectionId, spaceIds }: Choice) =>
  trx
    .selectFrom('absences')
    .innerJoin('pages', 'pages.id', 'absences.file_id')
    .where('absences.connection_id', '=', connectionId)
    .where('absences.state', '=', 'held')
    .$if(spaceIds !== undefined, (query) =>
      query.where('absences.space_id', '=', sql<string>`any(${spaceIds ?? []}::text[])`),
    )

/**
 * Deletes what is held, but for pages that a walk has seen since.
 *
 * @returns how many
 */
export function releaseHeld(
  { db, queue }: Pick<Services, 'db' | 'queue'>,
  user: Pick<User, 'id' | 'organization_id' | 'customer_id'>,
  choice: Choice,
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await lockConnectionsOf(trx, user)
    const files = await heldOf(trx, choice)
      .select('absences.file_id')
      .where(
        sql<boolean>`(
          select true from items
          where items.connection_id = absences.connection_id and items.type = 'PAGE' and items.external_id = pages.page_id
            and items.seen_by > absences.missed_by) is null`,
      )
      .execute()
    // Decided now, also for those that a job deletes later.
    await refuse(trx, choice)
    const ids = files.map(({ file_id }) => file_id)
    return startDeletion(queue, trx, user, { filters: { ids }, sendWebhook: true, preserveRecord: false })
  })
}

/**
 * Keeps what is held. It is not held again unless it comes back first.
 *
 * @returns how many
 */
export function refuseHeld({ db }: Pick<Services, 'db'>, user: Pick<User, 'id'>, choice: Choice): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await lockConnectionsOf(trx, user)
    return refuse(trx, choice)
  })
}

async function refuse(trx: Trx, choice: Choice): Promise<number> {
  const files = await heldOf(trx, choice).select('absences.file_id').execute()
  await trx
    .updateTable('absences')
    .set({ state: 'refused' })
    .where('file_id', '=', sql<number>`any(${files.map(({ file_id }) => file_id)}::int[])`)
    .execute()
  return files.length
}
