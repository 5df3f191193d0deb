import { sql } from 'kysely'
import type { Db } from '../../src/db/database.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'

/** Lets the time pass that jobs wait for: retries, and the end of Atlassian's hour. */
export async function passTime(db: Db, sandbox: Sandbox): Promise<void> {
  if (sandbox.quota.state().remaining === 0) sandbox.quota.set({ used: 0 })
  await sql`
    update jobs.job set start_after = now()
    where state in ('created', 'retry') and start_after > now()`.execute(db)
}

/** Lets the time pass after which a worker that does not beat counts as dead, and a refresh that it had claimed as free. */
export async function missBeats(db: Db): Promise<void> {
  await sql`update jobs.job set heartbeat_on = now() - interval '1 minute' where state = 'active'`.execute(db)
  await sql`update connections set token_claimed_until = null where token_claimed_until is not null`.execute(db)
}
