import type { Services } from '../services.ts'
import { recordEvents } from '../webhooks/events.ts'
import { dataSourceEvent } from './happenings.ts'
import { cancelSyncs, countCancelled, lockConnection, ownerOf } from './syncs.ts'

/** Ends a connection: its sync stops and its tokens are forgotten. */
export async function disconnect(
  services: Pick<Services, 'db' | 'metrics'>,
  connectionId: number,
  { deletePages }: { deletePages: boolean },
): Promise<void> {
  const cancelled = await services.db.transaction().execute(async (trx) => {
    await lockConnection(trx, connectionId)
    const kinds = await cancelSyncs(trx, connectionId, 'all')
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
        ...(deletePages && { source_items_synced_at: null, files_synced_at: null }),
      })
      .where('id', '=', connectionId)
      .execute()
    const { organization_id, customer_id } = await ownerOf(trx, connectionId)
    await recordEvents(trx, organization_id, [dataSourceEvent('REVOKE', { id: connectionId }, customer_id)])
    if (!deletePages) return kinds
    await trx.deleteFrom('pages').where('connection_id', '=', connectionId).execute()
    await trx.deleteFrom('items').where('connection_id', '=', connectionId).execute()
    return kinds
  })
  countCancelled(services, cancelled)
}
