import { createApiKey, ensureOrganization, listApiKeys, revokeApiKey } from '../api-keys.ts'
import type { Config } from '../config/config.ts'
import { type Db, openDatabase } from '../db/database.ts'
import { readConfig } from './run.ts'

type Action = (db: Db, words: string[], config: Config) => Promise<number>

const actions: Record<string, Action> = {
  async create(db, [name = 'unnamed'], config) {
    const { id, key } = await createApiKey(db, await ensureOrganization(db, config.organizationName), name)
    process.stdout.write(`API key ${id} (${name}); it is shown this once:\n  ${key}\n`)
    return 0
  },
  async list(db) {
    for (const { id, name, created_at, revoked_at } of await listApiKeys(db))
      process.stdout.write(
        `${String(id).padStart(4)}  ${created_at.toISOString()}  ${revoked_at ? `revoked ${revoked_at.toISOString()}` : 'works'}  ${name}\n`,
      )
    return 0
  },
  async revoke(db, [word]) {
    const id = Number(word)
    if (Number.isInteger(id) && (await revokeApiKey(db, id))) {
      process.stdout.write(`API key ${id} no longer works.\n`)
      return 0
    }
    process.stderr.write('There is no working API key with that id. `keys list` shows them.\n')
    return 1
  },
}

export async function keys([name = '', ...words]: string[]): Promise<number> {
  const action = actions[name]
  if (!action) {
    process.stderr.write('Say what to do: keys create [NAME] | keys list | keys revoke ID\n')
    return 2
  }
  const config = readConfig()
  if (!config) return 2
  const database = await openDatabase(config)
  try {
    return await action(database.kysely, words, config)
  } finally {
    await database.close()
  }
}
