import { randomBytes } from 'node:crypto'
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

/** Both kinds of database, for suites that must hold on each. */
export const databases: { kind: string; open(): Promise<TestDatabase> }[] = [
  { kind: 'embedded', open: async () => ({ dataDir: 'memory://', drop: async () => {} }) },
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
