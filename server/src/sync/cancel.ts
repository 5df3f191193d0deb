import type { Services } from '../services.ts'
import { recordEvents } from '../webhooks/events.ts'
import { dataSourceEvent } from './happenings.ts'
import { cancelSyncs, countCancelled, lockConnection, ownerOf } from './syncs.ts'

/**
 * Stops the syncs of a connection because somebody asked for it; what was stored stays. Where nothing runs, nothing changes.
 *
 * @param which `walks` leaves picked files alone
 */
export async function cancel(
  services: Pick<Services, 'db' | 'metrics'>,
  connectionId: number,
  which: 'walks' | 'all',
): Promise<void> {
  const cancelled = await services.db.transaction().execute(async (trx) => {
    await lockConnection(trx, connectionId)
    const kinds = await cancelSyncs(trx, connectionId, which)
    if (kinds.length === 0) return kinds
    const now = new Date()
    await trx
      .updateTable('connections')
      .set({ sync_status: 'READY', last_sync_action: 'CANCEL', last_synced_at: now, updated_at: now })
      .where('id', '=', connectionId)
      .execute()
    const { organization_id, customer_id } = await ownerOf(trx, connectionId)
    await recordEvents(trx, organization_id, [dataSourceEvent('CANCEL', { id: connectionId }, customer_id)])
    return kinds
  })
  countCancelled(services, cancelled)
}
