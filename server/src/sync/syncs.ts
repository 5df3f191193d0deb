import type { Transaction } from 'kysely'
import type { ConnectionRow, Schema, SyncRow } from '../db/schema.ts'
import { randomToken } from '../oauth/encryption.ts'
import type { Services } from '../services.ts'

type Trx = Transaction<Schema>

/**
 * Starts a sync of all pages of a connection, in the caller's transaction. A sync that is already running goes on instead.
 */
export async function startSync(
  { queue }: Pick<Services, 'queue'>,
  trx: Trx,
  connection: Pick<ConnectionRow, 'id'>,
  requestId?: string,
): Promise<void> {
  const sync = await trx
    .insertInto('syncs')
    .values({
      connection_id: connection.id,
      phase: 'queued',
      request_id: requestId ?? randomToken(),
      upload_id: randomToken(),
    })
    .onConflict((conflict) => conflict.column('connection_id').where('finished_at', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!sync) return
  await trx
    .updateTable('connections')
    .set({ sync_status: 'SYNCING', updated_at: new Date() })
    .where('id', '=', connection.id)
    .execute()
  await queue.send(trx, 'sync-start', { syncId: sync.id })
}

/** Whoever changes a connection and its sync locks the connection first: in one order, nobody waits in a circle. */
export async function lockConnection(trx: Trx, connectionId: number): Promise<void> {
  await trx.selectFrom('connections').select('id').where('id', '=', connectionId).forUpdate().executeTakeFirst()
}

/** Ends a connection's running sync, if there is one. Its jobs notice before they write again. */
export async function cancelSync(trx: Trx, connectionId: number): Promise<void> {
  await trx
    .updateTable('syncs')
    .set({ phase: 'cancelled', finished_at: new Date() })
    .where('connection_id', '=', connectionId)
    .where('finished_at', 'is', null)
    .execute()
}

/** Ends a sync whose last lane has finished. */
export async function completeSync(trx: Trx, sync: Pick<SyncRow, 'id' | 'connection_id'>): Promise<void> {
  const now = new Date()
  const done = await trx
    .updateTable('syncs')
    .set({ phase: 'done', finished_at: now, rate_limited_until: null })
    .where('id', '=', sync.id)
    .where('finished_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!done) return
  await trx
    .updateTable('connections')
    .set({
      sync_status: 'READY',
      last_sync_action: 'UPDATE',
      last_synced_at: now,
      source_items_synced_at: now,
      files_synced_at: now,
      updated_at: now,
    })
    .where('id', '=', sync.connection_id)
    .execute()
}

/** Ends a sync that cannot go on. What it has stored stays. */
export async function failSync(
  { db, log }: Pick<Services, 'db' | 'log'>,
  syncId: number,
  code: string,
  message: string,
): Promise<void> {
  const sync = await db.selectFrom('syncs').select('connection_id').where('id', '=', syncId).executeTakeFirst()
  if (!sync) return
  await db.transaction().execute(async (trx) => {
    await lockConnection(trx, sync.connection_id)
    const failed = await trx
      .updateTable('syncs')
      .set({ phase: 'failed', error_code: code, error_message: message, finished_at: new Date() })
      .where('id', '=', syncId)
      .where('finished_at', 'is', null)
      .returning('connection_id')
      .executeTakeFirst()
    if (failed)
      await trx
        .updateTable('connections')
        .set({ sync_status: 'SYNC_ERROR', updated_at: new Date() })
        .where('id', '=', failed.connection_id)
        .execute()
  })
  log.warn({ syncId, code }, 'sync failed')
}
