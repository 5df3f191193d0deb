import { sql, type Transaction } from 'kysely'
import type { Schema, SyncRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import type { WebhookEvent } from '../webhooks/events.ts'
import { noContent } from './converted.ts'
import type { FileRow } from './file-rows.ts'
import { fileProcessed, filesCreated, type Upload } from './happenings.ts'
import { layLane } from './lane-steps.ts'
import { wasInserted } from './rows.ts'

type Trx = Transaction<Schema>

const MESSAGE =
  'Atlassian does not hand out this page: it fails, or its answer is too large or broken, even when only this page is asked for. What was stored before is kept, and the next sync asks for it again.'

/** Keeps records of pages that cannot be fetched. What was stored of them stays. */
export async function recordUnreadable(trx: Trx, rows: readonly FileRow[], upload: Upload): Promise<WebhookEvent[]> {
  const events: WebhookEvent[] = []
  for (const { references: _, ...row } of rows) {
    const failed = { sync_status: 'SYNC_ERROR' as const, sync_error_message: MESSAGE }
    const { id, synced_at, inserted } = await trx
      .insertInto('pages')
      .values({ ...row, ...noContent, ...failed })
      .onConflict((conflict) =>
        conflict.columns(['connection_id', 'page_id']).doUpdateSet({ ...failed, updated_at: new Date() }),
      )
      .returning(['id', 'synced_at', wasInserted.as('inserted')])
      .executeTakeFirstOrThrow()
    await trx
      .insertInto('unreadable_pages')
      .values({ connection_id: row.connection_id, page_id: row.page_id })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    events.push(
      ...(inserted ? filesCreated(upload, [id]) : []),
      ...fileProcessed(upload, { id, isResync: synced_at !== null, error: MESSAGE }),
    )
  }
  return events
}

/**
 * Lays a lane for the pages that earlier syncs could not fetch. Those that fail again are recorded again.
 *
 * @returns whether there were any
 */
export async function retryUnreadable(
  queue: Services['queue'],
  trx: Trx,
  sync: Pick<SyncRow, 'id' | 'connection_id'>,
): Promise<boolean> {
  const taken = await trx
    .deleteFrom('unreadable_pages')
    .where('connection_id', '=', sync.connection_id)
    .where(
      'page_id',
      'in',
      sql<string>`(select page_id from unreadable_pages where connection_id = ${sync.connection_id} order by page_id limit 250)`,
    )
    .returning('page_id')
    .execute()
  if (taken.length === 0) return false
  await layLane(queue, trx, { sync_id: sync.id, page_ids: taken.map(({ page_id }) => page_id) })
  return true
}
