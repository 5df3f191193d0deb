import type { Db } from './db/database.ts'
import type { User } from './db/schema.ts'

/** The user of a customer id. Carbon has no call that makes users, so the first use of an id makes it. */
export async function findOrCreateUser(db: Db, organizationId: number, customerId: string): Promise<User> {
  const find = () =>
    db
      .selectFrom('users')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .where('customer_id', '=', customerId)
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
  const found = await find()
  if (found) return found
  await db
    .insertInto('users')
    .values({ organization_id: organizationId, customer_id: customerId })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'customer_id']).where('deleted_at', 'is', null).doNothing(),
    )
    .execute()
  const created = await find()
  if (!created) throw new Error('A user that was just made is gone.')
  return created
}
