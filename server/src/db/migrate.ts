import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../../migrations/', import.meta.url)

/** Runs SQL of one or many statements on one connection. */
export interface SqlRunner {
  exec(sql: string): Promise<unknown>
  /** The names that the migrations table holds. */
  names(): Promise<string[]>
}

/** The migrations that ship with this version, in order. */
export const migrationNames = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()

/**
 * Brings a database up to this version: forward only, each migration in a transaction of its own.
 *
 * Several processes may start at once on one PostgreSQL; an advisory lock lets one migrate while the others wait.
 *
 * @throws when the database was made by a later version
 */
export async function migrate(runner: SqlRunner): Promise<void> {
  await runner.exec('select pg_advisory_lock(7301986)')
  try {
    await runner.exec(
      'create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())',
    )
    const known = migrationNames()
    const applied = new Set(await runner.names())
    const later = [...applied].filter((name) => !known.includes(name))
    if (later.length > 0)
      throw new Error(
        `The database was made by a later version (it holds ${later.join(', ')}). Install that version, or restore a backup from before it.`,
      )
    for (const name of known) {
      if (applied.has(name)) continue
      const sql = readFileSync(new URL(name, folder), 'utf8')
      await runner.exec(`begin; insert into migrations (name) values ('${name}'); ${sql}; commit`)
    }
  } catch (error) {
    await runner.exec('rollback')
    throw error
  } finally {
    await runner.exec('select pg_advisory_unlock(7301986)')
  }
}
