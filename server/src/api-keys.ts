import type { Db } from './db/database.ts'
import { randomToken, sha256 } from './oauth/encryption.ts'

/** The organisation that owns everything on a server with one tenant; made at the first start. */
export async function ensureOrganization(db: Db, name: string): Promise<number> {
  const found = await db.selectFrom('organizations').select('id').orderBy('id').limit(1).executeTakeFirst()
  if (!found)
    return (await db.insertInto('organizations').values({ name }).returning('id').executeTakeFirstOrThrow()).id
  await db.updateTable('organizations').set({ name }).where('id', '=', found.id).execute()
  return found.id
}

/** Makes an API key. The key itself is returned once and never stored. */
export async function createApiKey(db: Db, organizationId: number, name: string): Promise<{ id: number; key: string }> {
  const key = `cck_${randomToken()}`
  const { id } = await db
    .insertInto('api_keys')
    .values({ organization_id: organizationId, name, hash: sha256(key) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, key }
}

const BOOTSTRAP = 'API_KEY'

/** Makes the key of the `API_KEY` variable work, and only that one: changing the variable revokes the former. */
export async function adoptApiKey(db: Db, organizationId: number, key: string | undefined): Promise<void> {
  const hash = key === undefined ? '' : sha256(key)
  await db
    .updateTable('api_keys')
    .set({ revoked_at: new Date() })
    .where('name', '=', BOOTSTRAP)
    .where('hash', '!=', hash)
    .where('revoked_at', 'is', null)
    .execute()
  if (key === undefined) return
  await db
    .insertInto('api_keys')
    .values({ organization_id: organizationId, name: BOOTSTRAP, hash })
    .onConflict((conflict) => conflict.column('hash').doUpdateSet({ revoked_at: null }))
    .execute()
}

export const listApiKeys = (db: Db) =>
  db.selectFrom('api_keys').select(['id', 'name', 'created_at', 'revoked_at']).orderBy('id').execute()

/** @returns false when there is no such working key */
export async function revokeApiKey(db: Db, id: number): Promise<boolean> {
  const revoked = await db
    .updateTable('api_keys')
    .set({ revoked_at: new Date() })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return revoked !== undefined
}

/** True while at least one key works. */
export async function hasApiKey(db: Db): Promise<boolean> {
  return (
    (await db.selectFrom('api_keys').select('id').where('revoked_at', 'is', null).limit(1).executeTakeFirst()) !==
    undefined
  )
}
