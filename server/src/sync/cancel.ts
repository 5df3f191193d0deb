import type { Db } from '../db/database.ts'
import { recordEvents } from '../webhooks/events.ts'
import { dataSourceEvent } from './happenings.ts'
import { cancelSyncs, lockConnection, ownerOf } from './syncs.ts'

/**
 * Stops the syncs of a connection because somebody asked for it; what was stored stays. Where nothing runs, nothing changes.
 *
 * @param which `walks` leaves picked files alone
 */
export async function cancel(db: Db, connectionId: number, which: 'walks' | 'all'): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockConnection(trx, connectionId)
    if (!(await cancelSyncs(trx, connectionId, which))) return
    const now = new Date()
    await trx
      .updateTable('connections')
      .set({ sync_status: 'READY', last_sync_action: 'CANCEL', last_synced_at: now, updated_at: now })
      .where('id', '=', connectionId)
      .execute()
    const { organization_id, customer_id } = await ownerOf(trx, connectionId)
    await recordEvents(trx, organization_id, [dataSourceEvent('CANCEL', { id: connectionId }, customer_id)])
  })
}
