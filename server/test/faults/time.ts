import { sql } from 'kysely'
import type { Db } from '../../src/db/database.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'

/** Lets the time pass that jobs wait for: retries, pauses, and the end of Atlassian's hour. */
export async function passTime(db: Db, sandbox: Sandbox): Promise<void> {
  if (sandbox.quota.state().remaining === 0) sandbox.quota.set({ used: 0 })
  // Whoever waits for so long waits for the next hour, and its points.
  await sql`
    delete from points_hours where exists (
      select from jobs.job where state in ('created', 'retry') and start_after > now() + interval '1 minute')`.execute(
    db,
  )
  await sql`
    update jobs.job set start_after = now()
    where state in ('created', 'retry') and start_after > now()`.execute(db)
  await sql`update site_paces set closed_until = null where closed_until > now()`.execute(db)
}

/** Lets the time pass after which what the dead had claimed is free. That they are dead, their missing heartbeats tell in seconds. */
export async function freeClaims(db: Db): Promise<void> {
  await sql`update connections set token_claimed_until = null where token_claimed_until is not null`.execute(db)
  await sql`update site_paces set turns = '{}' where turns <> '{}'`.execute(db)
}
