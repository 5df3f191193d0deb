import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepareFolder } from '../db/folder.ts'
import type { EncryptionKey } from '../oauth/encryption.ts'
import type { Config } from './config.ts'

/**
 * The configured encryption keys, or the one in `DATA_DIR`, made on first use.
 *
 * Generating is for a developer's machine: `parseConfig` refuses it off loopback, where losing the folder would lose every token.
 */
export function loadEncryptionKeys(config: Pick<Config, 'encryptionKeys' | 'dataDir'>): EncryptionKey[] {
  if (config.encryptionKeys) return config.encryptionKeys
  const path = join(config.dataDir, 'encryption-key')
  prepareFolder(config.dataDir)
  try {
    // "wx": of two first starts at once, one writes and both read the same key.
    writeFileSync(path, randomBytes(32).toString('base64'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const key = Buffer.from(readFileSync(path, 'utf8'), 'base64')
  if (key.length !== 32)
    throw new Error(`${path} does not hold a 32-byte key. Restore it from a backup, or set ENCRYPTION_KEYS.`)
  return [{ id: 'generated', key }]
}
