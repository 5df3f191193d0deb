import { sql } from 'kysely'
import type { Db } from './db/database.ts'
import type { User, UserSettings } from './db/schema.ts'
import type { Services } from './services.ts'
import { planSyncs } from './sync/schedule.ts'
import { cancelSyncs, lockConnection } from './sync/syncs.ts'
import { recordEvents } from './webhooks/events.ts'

const byCustomer = (db: Db, organizationId: number, customerIds: readonly string[]) =>
  db
    .selectFrom('users')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('customer_id', '=', sql<string>`any(${customerIds}::text[])`)
    .where('deleted_at', 'is', null)

/** The user of a customer id, if there is one. */
export const findUser = (db: Db, organizationId: number, customerId: string): Promise<User | undefined> =>
  byCustomer(db, organizationId, [customerId]).executeTakeFirst()

async function makeUsers(db: Db, organizationId: number, customerIds: readonly string[]): Promise<void> {
  await db
    .insertInto('users')
    .values(customerIds.map((customer_id) => ({ organization_id: organizationId, customer_id })))
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'customer_id']).where('deleted_at', 'is', null).doNothing(),
    )
    .execute()
}

/** The user of a customer id. Carbon has no call that makes users, so the first use of an id makes it. */
export async function findOrCreateUser(db: Db, organizationId: number, customerId: string): Promise<User> {
  const found = await findUser(db, organizationId, customerId)
  if (found) return found
  await makeUsers(db, organizationId, [customerId])
  const created = await findUser(db, organizationId, customerId)
  if (!created) throw new Error('A user that was just made is gone.')
  return created
}

/** Changes settings of users, making those that were not used yet. A setting that is left out stays as it is. */
export async function updateUsers(
  services: Pick<Services, 'db' | 'config'>,
  organizationId: number,
  customerIds: readonly string[],
  settings: UserSettings,
): Promise<void> {
  const { db } = services
  const ids = [...new Set(customerIds)]
  if (ids.length === 0) return
  await makeUsers(db, organizationId, ids)
  await db
    .updateTable('users')
    .set({ settings: sql`settings || ${JSON.stringify(settings)}::jsonb`, updated_at: new Date() })
    .where('organization_id', '=', organizationId)
    .where('customer_id', '=', sql<string>`any(${ids}::text[])`)
    .where('deleted_at', 'is', null)
    .execute()
  await planSyncs(services, { organizationId, customerIds: ids })
}

/** Makes users invisible at once, so that their tokens stop working, and leaves the rest to a job. Unknown ids say nothing. */
export function deleteUsers(
  { db, queue }: Pick<Services, 'db' | 'queue'>,
  organizationId: number,
  customerIds: readonly string[],
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const users = await trx
      .updateTable('users')
      .set({ deleted_at: new Date(), updated_at: new Date() })
      .where('organization_id', '=', organizationId)
      .where('customer_id', '=', sql<string>`any(${customerIds}::text[])`)
      .where('deleted_at', 'is', null)
      .returning('id')
      .execute()
    for (const { id } of users) await queue.send(trx, 'delete-user', { userId: id })
  })
}

/** A deletion without a job for so long is picked up again. */
const QUIET_MS = 10 * 60_000

/** Goes on with deletions whose job was given up: what was promised to be erased is erased. */
export async function rescueErasures({ db, queue }: Pick<Services, 'db' | 'queue'>): Promise<void> {
  const users = await db
    .selectFrom('users')
    .select('id')
    .where('deleted_at', '<', new Date(Date.now() - QUIET_MS))
    .execute()
  for (const { id } of users)
    if (!(await queue.isAlive('delete-user', { userId: id })))
      await db.transaction().execute((trx) => queue.send(trx, 'delete-user', { userId: id }))
}

/** Files of one transaction. */
const BATCH = 1_000

/** Deletes everything of a deleted user: connections with their tokens, files, the user. */
export async function eraseUser({ db }: Pick<Services, 'db'>, userId: number, signal: AbortSignal): Promise<void> {
  const connections = await db.selectFrom('connections').select('id').where('user_id', '=', userId).execute()
  for (const { id } of connections)
    await db.transaction().execute(async (trx) => {
      await lockConnection(trx, id)
      await cancelSyncs(trx, id, 'all')
      await trx
        .updateTable('connections')
        .set({ status: 'disconnected', sealed_tokens: null })
        .where('id', '=', id)
        .execute()
    })
  for (let deleted = BATCH; deleted === BATCH; ) {
    signal.throwIfAborted()
    const done = await db
      .deleteFrom('pages')
      .where('id', 'in', (eb) => eb.selectFrom('pages').select('id').where('user_id', '=', userId).limit(BATCH))
      .executeTakeFirst()
    deleted = Number(done.numDeletedRows)
  }
  await db.transaction().execute(async (trx) => {
    const user = await trx
      .deleteFrom('users')
      .where('id', '=', userId)
      .where('deleted_at', 'is not', null)
      .returning(['organization_id', 'customer_id'])
      .executeTakeFirst()
    if (user)
      await recordEvents(trx, user.organization_id, [
        {
          type: 'ORGANIZATION_USER_DELETED',
          customerId: user.customer_id,
          objectType: 'ORGANIZATION_USER',
          objectId: String(userId),
          key: `user:${userId}`,
        },
      ])
  })
}
