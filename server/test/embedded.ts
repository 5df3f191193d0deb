import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../src/db/database.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    embeddedFolder: string
  }
}

/** Makes the folder of an embedded database that is migrated and empty. Each suite takes a copy: making one costs several times what opening one does. */
export async function makeEmbedded(): Promise<{ folder: string; drop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'cc-embedded-'))
  const database = await openDatabase({ dataDir: folder })
  await database.close()
  return { folder, drop: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Vitest's global set-up. */
export default async function setup(project: { provide(key: 'embeddedFolder', value: string): void }) {
  const { folder, drop } = await makeEmbedded()
  project.provide('embeddedFolder', folder)
  return drop
}
