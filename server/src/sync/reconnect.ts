import type { Services } from '../services.ts'
import { recordEvents } from '../webhooks/events.ts'
import { dataSourceEvent } from './happenings.ts'
import { failSync, lockConnection, ownerOf } from './syncs.ts'

/**
 * Atlassian ended the access: the connection waits for a new sign-in, and what syncs ends. Everything that was stored stays. Of
 * several that find out at once, the first tells the webhooks.
 *
 * @param sealed the tokens that were refused: those of a sign-in in the meantime are not touched
 */
export async function needReconnect(
  services: Pick<Services, 'db' | 'log'>,
  connectionId: number,
  sealed: string | null,
  message: string,
): Promise<void> {
  const { db } = services
  const told = await db.transaction().execute(async (trx) => {
    await lockConnection(trx, connectionId)
    const ended = await trx
      .updateTable('connections')
      .set({ status: 'reconnect_needed', token_claimed_until: null, updated_at: new Date() })
      .where('id', '=', connectionId)
      .where('status', '=', 'active')
      .where('sealed_tokens', 'is not distinct from', sealed)
      .returning('id')
      .executeTakeFirst()
    if (!ended) return false
    const { organization_id, customer_id } = await ownerOf(trx, connectionId)
    await recordEvents(trx, organization_id, [
      dataSourceEvent('REVOKE', { id: connectionId }, customer_id, { reason: 'reconnect_needed' }),
    ])
    return true
  })
  if (!told) return
  const running = await db
    .selectFrom('syncs')
    .select('id')
    .where('connection_id', '=', connectionId)
    .where('finished_at', 'is', null)
    .execute()
  for (const { id } of running) await failSync(services, id, 'reconnect_needed', message)
}
