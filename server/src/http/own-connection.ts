import type { Db } from '../db/database.ts'
import type { ConnectionRow, User } from '../db/schema.ts'
import { ownConnection } from './data-sources.ts'
import { HttpError } from './errors.ts'

/**
 * A connection of this user's.
 *
 * @throws HttpError 404 where there is none, or it is somebody else's
 */
export async function findConnection(db: Db, user: Pick<User, 'id'>, id: number): Promise<ConnectionRow> {
  const row = await ownConnection(db, user, id)
  if (!row) throw new HttpError(404, 'unknown', 'There is no such connection for this user.')
  return row
}

/**
 * The same, if its tokens can be used.
 *
 * @throws HttpError 409 where they cannot
 */
export async function findActiveConnection(db: Db, user: Pick<User, 'id'>, id: number): Promise<ConnectionRow> {
  const row = await findConnection(db, user, id)
  if (row.status !== 'active')
    throw new HttpError(409, 'reconnect_needed', 'This connection is disconnected, or Atlassian ended its access.')
  return row
}
