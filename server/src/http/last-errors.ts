import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

/** Connections, with the error of the latest sync of each. */
export const withLastErrors = (db: Db) =>
  db
    .selectFrom('connections')
    .selectAll()
    .select(
      sql<{ code: string; message: string | null } | null>`(
        select case when error_code is not null
          then json_build_object('code', error_code, 'message', error_message) end
        from syncs where syncs.connection_id = connections.id order by id desc limit 1)`.as('last_error'),
    )
