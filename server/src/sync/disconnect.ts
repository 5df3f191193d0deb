import type { Db } from '../db/database.ts'
import { recordEvents } from '../webhooks/events.ts'
import { dataSourceEvent } from './happenings.ts'
import { cancelSyncs, lockConnection, ownerOf } from './syncs.ts'

/** Ends a connection: its sync stops and its tokens are forgotten. */
export async function disconnect(
  db: Db,
  connectionId: number,
  { deletePages }: { deletePages: boolean },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockConnection(trx, connectionId)
    await cancelSyncs(trx, connectionId, 'all')
    const now = new Date()
    await trx
      .updateTable('connections')
      .set({
        status: 'disconnected',
        sealed_tokens: null,
        sync_status: 'READY',
        last_sync_action: 'REVOKE',
        last_synced_at: now,
        updated_at: now,
        ...(deletePages && {
          source_items_synced_at: null,
          files_synced_at: null,
          syncs_everything: false,
          watermark: null,
          swept_at: null,
        }),
      })
      .where('id', '=', connectionId)
      .execute()
    const { organization_id, customer_id } = await ownerOf(trx, connectionId)
    await recordEvents(trx, organization_id, [dataSourceEvent('REVOKE', { id: connectionId }, customer_id)])
    if (!deletePages) return
    await trx.deleteFrom('pages').where('connection_id', '=', connectionId).execute()
    await trx.deleteFrom('items').where('connection_id', '=', connectionId).execute()
  })
}
