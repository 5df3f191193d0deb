import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { type ConstructorOptions, fromPglite } from 'pg-boss'
import { lockDirectory } from './lock.ts'
import { migrate } from './migrate.ts'
import { SharedPGliteDialect } from './pglite.ts'
import type { Schema } from './schema.ts'
import { vacuumWhereDue } from './upkeep.ts'

export type Db = Kysely<Schema>

/** An open, migrated database. */
export interface Database {
  kysely: Db
  /** True when no other process can share it: the embedded one. */
  exclusive: boolean
  /** How the job queue reaches the same database. */
  queue: ConstructorOptions
  /** What the database does not do by itself; to be called every minute or so. */
  upkeep(): Promise<void>
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** A PostgreSQL URL; undefined means embedded. */
  databaseUrl?: string | undefined
  /** Where the embedded database keeps its files; `memory://` keeps nothing. */
  dataDir: string
}

const MIGRATION_TIMEOUT_MS = 120_000
/** A database that does not answer for so long counts as gone. */
const QUERY_TIMEOUT_MS = 120_000

/**
 * Opens the database and brings it up to this version.
 *
 * @throws DirectoryLockedError when another process uses the embedded database
 * @throws Error that says what to do when the database cannot be reached
 */
export function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.databaseUrl ? openPostgres(options.databaseUrl) : openEmbedded(options.dataDir)
}

async function openEmbedded(dataDir: string): Promise<Database> {
  const memory = dataDir.startsWith('memory://')
  const lock = memory ? undefined : lockDirectory(dataDir)
  let pglite: PGlite | undefined
  const close = async () => {
    try {
      if (pglite && !pglite.closed) await pglite.close()
    } finally {
      lock?.release()
    }
  }
  try {
    const opened = await PGlite.create(memory ? dataDir : join(dataDir, 'pglite'))
    pglite = opened
    await migrate({
      exec: (sql) => opened.exec(sql),
      names: async () =>
        (await opened.query<{ name: string }>('select name from migrations')).rows.map((row) => row.name),
    })
    const kysely = new Kysely<Schema>({ dialect: new SharedPGliteDialect(opened) })
    return {
      kysely,
      exclusive: true,
      queue: { db: fromPglite(opened), backend: 'pglite' },
      upkeep: () => vacuumWhereDue(kysely),
      async close() {
        // It leaves open what it has never been asked to use, and that would keep the process alive.
        await kysely.destroy()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function openPostgres(databaseUrl: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 10_000,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  })
  // A connection that breaks is replaced by the pool; without listeners, idle or in use, Node would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  try {
    const client = await pool.connect()
    try {
      await client.query(`set statement_timeout = ${MIGRATION_TIMEOUT_MS}`)
      await migrate({
        exec: (sql) => client.query(sql),
        names: async () =>
          (await client.query<{ name: string }>('select name from migrations')).rows.map((row) => row.name),
      })
    } finally {
      // A failed migration leaves its session in an unknown state: do not hand it on.
      client.release(true)
    }
  } catch (error) {
    await pool.end()
    throw new Error(`DATABASE_URL does not lead to a usable PostgreSQL: ${reason(error)}`, { cause: error })
  }
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  return {
    kysely,
    exclusive: false,
    queue: { connectionString: databaseUrl, max: 4, connectionTimeoutMillis: 10_000 },
    upkeep: async () => {},
    close: () => kysely.destroy(),
  }
}

/** What PostgreSQL or the network said, never the URL itself: it holds a password. */
function reason(error: unknown): string {
  const known: Record<string, string> = {
    ECONNREFUSED: 'nothing listens at that host and port. Is the database running?',
    ENOTFOUND: 'the host name does not exist. Check its spelling.',
    ENOENT: 'there is no socket at that path. Is the database running?',
    ETIMEDOUT: 'the host does not answer. Check the network and the port.',
    '28P01': 'user name or password is wrong.',
    '28000': 'the user may not log in.',
    '3D000': 'that database does not exist. Create it first.',
    '42501': 'the user may not create tables there. Grant it the right, or use the owner.',
  }
  const { code, message } = error as { code?: string; message?: string }
  return (code && known[code]) || message || 'the connection failed.'
}
