import { sql } from 'kysely'
import type { Db } from '../../src/db/database.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import type { Host } from './hosts.ts'

// Waits of the queue are cut short in the database; the code under test knows nothing of it.

/** How often time passes; where a look means a crash, more seldom. */
const TURN_MS = { harmless: 500, crash: 15_000 }
/** So long heartbeats are missed: the queue looks for that every five seconds. */
const MISSED_MS = 7_000

/** The time of a run. */
export interface Time {
  /** Lets a turn pass, when it is due. */
  pass(): Promise<void>
  /** What the dead had claimed is free with the next turn. */
  someoneDied(): void
  missHeartbeats(): void
  /** Jobs that were delivered again because a heartbeat was missed, as far as they were seen. */
  handovers(): number
}

export function createTime(host: Host, sandbox: Sandbox): Time {
  let nextTurn = Date.now() + TURN_MS[host.looking]
  let missedUntil = 0
  let isSomeoneDead = false
  const seen = new Set<string>()
  const missHeartbeats = () => {
    missedUntil = Date.now() + MISSED_MS
  }

  async function turn(db: Db): Promise<void> {
    for (const attempt of await handovers(db)) seen.add(attempt)
    if (Date.now() < missedUntil) await ageHeartbeats(db)
    if (isSomeoneDead) await freeClaims(db)
    isSomeoneDead = false
    await endWaits(db, sandbox)
  }

  return {
    async pass() {
      if (Date.now() < nextTurn) return
      await host.look(turn)
      nextTurn = Date.now() + TURN_MS[host.looking]
    },
    someoneDied() {
      isSomeoneDead = true
      missHeartbeats()
    },
    missHeartbeats,
    handovers: () => seen.size,
  }
}

/** Lets the time pass that jobs wait for: retries, pauses, and the end of Atlassian's hour. */
async function endWaits(db: Db, sandbox: Sandbox): Promise<void> {
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

/** Lets the time pass after which what the dead had claimed is free. */
async function freeClaims(db: Db): Promise<void> {
  await sql`update connections set token_claimed_until = null where token_claimed_until is not null`.execute(db)
  await sql`update site_paces set turns = '{}' where turns <> '{}'`.execute(db)
}

/** Lets the time pass after which the queue takes whoever is at work for dead, unless a heartbeat comes first. */
export async function ageHeartbeats(db: Db): Promise<void> {
  await sql`update jobs.job set heartbeat_on = now() - interval '1 minute' where state = 'active'`.execute(db)
}

/** Deliveries that followed on a heartbeat that was missed, by job and attempt. */
async function handovers(db: Db): Promise<string[]> {
  const { rows } = await sql<{ attempt: string }>`
    select id || ':' || retry_count as attempt from jobs.job
    where state = 'active' and retry_count > 0 and output->'value'->>'message' = 'job heartbeat timeout'`.execute(db)
  return rows.map(({ attempt }) => attempt)
}
