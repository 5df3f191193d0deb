import { sql, type Transaction } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'
import type { Claim } from './claims.ts'
import { queues, releaseWaiting, unclaimed } from './due.ts'
import { FLAG_AFTER, later, nextAttempt, OUTAGE, PAUSE_AFTER, pauseMs } from './schedule.ts'
import type { Outcome } from './sender.ts'

/** An attempt that ended, and when. */
export interface Settled<Result extends Outcome['result'] = Outcome['result']> {
  claim: Claim
  outcome: Extract<Outcome, { result: Result }>
  at: Date
}

const MINUTE_MS = 60_000

const held = (db: Db | Transaction<Schema>, claim: Claim) =>
  db.updateTable('webhook_deliveries').where('id', '=', claim.id).where('claimed_until', '=', claim.until)

/**
 * Takes down deliveries that arrived: many at once, since a statement for each would cost more than the rest of the work.
 * A claim that has expired meanwhile changes nothing: its delivery is another's.
 */
export async function succeed(db: Db, settled: readonly Settled<'delivered'>[]): Promise<void> {
  const rows = settled.map(
    ({ claim, outcome, at }) =>
      sql`(${claim.id}::bigint, ${claim.until}::timestamptz, ${claim.attempt}::integer, ${outcome.status}::integer,
        ${outcome.durationMs}::integer, ${at}::timestamptz)`,
  )
  await sql`
    update webhook_deliveries
    set state = 'delivered', attempts = done.attempts, claimed_until = null, last_attempt_at = done.at,
      last_status = done.status, last_duration_ms = done.duration_ms, last_error = null, finished_at = done.at
    from (values ${sql.join(rows)}) as done (id, until, attempts, status, duration_ms, at)
    where webhook_deliveries.id = done.id and claimed_until = done.until
  `.execute(db)
  // A statement of its own, begun after the one above: what was set aside while that one waited is seen by this one.
  await releaseWaiting(
    db,
    settled.map(({ claim }) => claim.id),
  )
  for (const [webhookId, at] of new Map(settled.map(({ claim, at }) => [claim.webhookId, at])))
    await noteSuccess(db, webhookId, at)
}

async function noteSuccess(db: Db, webhookId: number, now: Date): Promise<void> {
  const webhook = await db
    .selectFrom('webhooks')
    .select(['failures', 'status', 'paused_until', 'last_success_at'])
    .where('id', '=', webhookId)
    .executeTakeFirst()
  if (!webhook) return
  if (webhook.failures > 0 || webhook.status === 'FLAGGED' || webhook.paused_until) await recover(db, webhookId, now)
  else if (now.getTime() - (webhook.last_success_at?.getTime() ?? 0) >= MINUTE_MS)
    await db.updateTable('webhooks').set({ last_success_at: now }).where('id', '=', webhookId).execute()
}

const lockWebhook = (trx: Transaction<Schema>, webhookId: number) =>
  trx.selectFrom('webhooks').selectAll().where('id', '=', webhookId).forNoKeyUpdate().executeTakeFirst()

/** The first success after failures: everything flows again. */
async function recover(db: Db, webhookId: number, now: Date): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const webhook = await lockWebhook(trx, webhookId)
    if (!webhook) return
    await trx
      .updateTable('webhooks')
      .set({
        failures: 0,
        failing_since: null,
        failed_delivery_id: null,
        pauses: 0,
        paused_until: null,
        last_success_at: now,
        ...(webhook.status === 'FLAGGED' && { status: 'ACTIVE', status_reason: null, updated_at: now }),
      })
      .where('id', '=', webhook.id)
      .execute()
    // Those that failed in an outage are no worse than the others: they start over, at their old places in the queue.
    const failedFor = now.getTime() - (webhook.failing_since ?? now).getTime()
    if (webhook.pauses >= OUTAGE.pauses && failedFor >= OUTAGE.ms)
      await trx
        .updateTable('webhook_deliveries')
        .set((eb) => ({ next_attempt_at: eb.ref('created_at'), backoff: 0 }))
        .where('webhook_id', '=', webhook.id)
        .where(queues.again)
        .where('next_attempt_at', '>', now)
        .where((eb) => unclaimed(eb, now))
        .execute()
  })
}

/** Takes down a failure, and what follows from it for the delivery and for its webhook. */
export async function fail(db: Db, { claim, outcome, at: now }: Settled<'failed'>, jitter: number): Promise<void> {
  const givenUp = await db.transaction().execute(async (trx) => {
    // The webhook first, the delivery second: everywhere in this order, so that nothing waits in a circle.
    const webhook = await lockWebhook(trx, claim.webhookId)
    if (!webhook) return false
    const firstFailedAt = claim.firstFailedAt ?? now
    const next = nextAttempt({
      backoff: claim.backoff,
      firstFailedAt,
      othersSucceed: webhook.last_success_at !== null && webhook.last_success_at > firstFailedAt,
      now,
      jitter,
    })
    const { numUpdatedRows } = await held(trx, claim)
      .set({
        attempts: claim.attempt,
        claimed_until: null,
        last_attempt_at: now,
        last_status: outcome.status,
        last_duration_ms: outcome.durationMs,
        first_failed_at: firstFailedAt,
        last_error: outcome.code,
        ...(next ? { backoff: next.backoff, next_attempt_at: next.at } : { state: 'failed', finished_at: now }),
      })
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    const failures = webhook.failures + 1
    await trx
      .updateTable('webhooks')
      .set({
        failures,
        failing_since: webhook.failing_since ?? now,
        failed_delivery_id: claim.id,
        ...pause(webhook, claim, failures, now),
        ...(failures >= FLAG_AFTER &&
          webhook.status === 'ACTIVE' && {
            status: 'FLAGGED',
            status_reason: `${failures} requests in a row failed, the last one with ${outcome.code}. Events are still tried.`,
            updated_at: now,
          }),
      })
      .where('id', '=', webhook.id)
      .execute()
    return next === undefined
  })
  if (givenUp) await releaseWaiting(db, [claim.id])
}

/**
 * Leaves a webhook alone for a while when its requests fail one after the other, so that a dead receiver costs one request
 * for each pause and not one for each event.
 */
function pause(
  webhook: { pauses: number; paused_until: Date | null; failed_delivery_id: string | number | null },
  claim: Claim,
  failures: number,
  now: Date,
) {
  // What was under way when the pause began says nothing new.
  const isPaused = webhook.paused_until !== null && webhook.paused_until > now
  if (!claim.probe && (isPaused || failures < PAUSE_AFTER)) return {}
  // The same event again: the event may be to blame, so that others should not wait longer for it.
  const isSame = String(webhook.failed_delivery_id) === claim.id
  const pauses = isSame ? Math.max(webhook.pauses, 1) : webhook.pauses + 1
  return { pauses, paused_until: later(now, pauseMs(isSame ? 1 : pauses)) }
}

/** Lets another process have at once what was broken off; the attempt does not count. */
export async function giveBack(db: Db, claim: Claim, now: Date): Promise<void> {
  await held(db, claim).set({ claimed_until: null }).execute()
  if (claim.probe)
    await db
      .updateTable('webhooks')
      .set({ paused_until: now })
      .where('id', '=', claim.webhookId)
      .where('paused_until', '=', claim.until)
      .execute()
}
