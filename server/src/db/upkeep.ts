import { sql } from 'kysely'
import type { Db } from './database.ts'

/**
 * Does for the embedded database what autovacuum does for a PostgreSQL, with the same thresholds: it has no process of its own
 * that could. Without, the planner knows nothing of the tables, and what was overwritten takes up space for ever.
 */
export async function vacuumWhereDue(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string; to_vacuum: boolean }>`
    select * from (
      select quote_ident(tables.schemaname) || '.' || quote_ident(tables.relname) as name,
        n_dead_tup > 50 + 0.2 * greatest(reltuples, 0) or n_ins_since_vacuum > 1000 + 0.2 * greatest(reltuples, 0) as to_vacuum,
        n_mod_since_analyze > 50 + 0.1 * greatest(reltuples, 0) as to_analyze
      from pg_stat_user_tables as tables join pg_class on pg_class.oid = tables.relid) as tables
    where to_vacuum or to_analyze`.execute(db)
  for (const { name, to_vacuum } of rows)
    await sql.raw(`${to_vacuum ? 'vacuum analyze' : 'analyze'} ${name}`).execute(db)
}
