import type { Db } from '../db/database.ts'
import { cancelSync, lockConnection } from './syncs.ts'

/** Ends a connection: its sync stops and its tokens are forgotten. */
export async function disconnect(
  db: Db,
  connectionId: number,
  { deletePages }: { deletePages: boolean },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockConnection(trx, connectionId)
    await cancelSync(trx, connectionId)
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
      })
      .where('id', '=', connectionId)
      .execute()
    if (!deletePages) return
    await trx.deleteFrom('pages').where('connection_id', '=', connectionId).execute()
    await trx.deleteFrom('spaces').where('connection_id', '=', connectionId).execute()
  })
}
