import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { type Database, type DatabaseOptions, type Db, openDatabase } from '../src/db/database.ts'

/** An empty database of its own on the run's PostgreSQL. */
export async function emptyPostgres(
  admin = inject('postgresUrl'),
): Promise<{ databaseUrl: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const run = async (sql: string) => {
    const client = new pg.Client(admin)
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await run(`create database ${name}`)
  return {
    databaseUrl: admin.replace(/\/postgres(?=\?|$)/, `/${name}`),
    drop: () => run(`drop database ${name} with (force)`),
  }
}

export type TestDatabase = DatabaseOptions & { drop(): Promise<void> }

/** An empty embedded database of its own: a copy of the run's. */
export function emptyEmbedded(made = inject('embeddedFolder')): TestDatabase {
  const dataDir = mkdtempSync(join(tmpdir(), 'cc-data-'))
  cpSync(made, dataDir, { recursive: true })
  return { dataDir, drop: async () => rmSync(dataDir, { recursive: true, force: true }) }
}

/** Both kinds of database, for suites that must hold on each. */
export const databases: { kind: string; open(): Promise<TestDatabase> }[] = [
  { kind: 'embedded', open: async () => emptyEmbedded() },
  {
    kind: 'PostgreSQL',
    async open() {
      const { databaseUrl, drop } = await emptyPostgres()
      return { dataDir: 'unused', databaseUrl, drop }
    },
  },
]

/** A database for a suite that needs nothing else, open while its tests run. */
export function useDatabase(open: () => Promise<TestDatabase>): () => Db {
  let database: Database
  let drop: () => Promise<void>
  beforeAll(async () => {
    const options = await open()
    drop = options.drop
    database = await openDatabase(options)
  })
  afterAll(async () => {
    await database.close()
    await drop()
  })
  return () => database.kysely
}
