import { sql } from 'kysely'
import type { AtlassianError } from '../confluence/errors.ts'
import type { Outcome } from '../confluence/pace.ts'
import type { Db } from '../db/database.ts'

/** The most requests that a site gets at once. */
const MOST = 8
/** So many successes let in one more, where a site has been too much asked of before. Until then each does. */
const SUCCESSES_PER_STEP = 20
/** So many failures in a row, and a site is left alone for a while. More than it takes to find a page that cannot be read. */
export const FAILURES_TO_PAUSE = 12
const PAUSE_MS = 30_000
/** Waits that Atlassian does not tell begin with this and double. */
const FIRST_WAIT_MS = 2_000
const LAST_WAIT_MS = 60_000
/** A turn that is neither given back nor renewed is lost by then: its worker died. */
const TURN_MS = 20_000
/** How often a turn is renewed. */
export const RENEW_MS = 5_000

/** What a site's row says of how much it bears. */
export interface SiteState {
  allowed: number
  /** Up to here it is let have more quickly. */
  threshold: number
  successes: number
  failures: number
  closed_until: Date | null
  closed_as: 'rate_limited' | 'paused' | null
}

export type Entered =
  | { ok: true; turn: string }
  | { ok: false; closed: Pick<SiteState, 'closed_until' | 'closed_as'> | null }

/** Until when a turn counts, which is also its name: to the microsecond, so that no two of a site are the same. */
function turnAt(now: number): string {
  const micros = String(Math.floor(Math.random() * 1000)).padStart(3, '0')
  return new Date(now + TURN_MS).toISOString().replace('Z', `${micros}Z`)
}

/** Takes one of a site's turns. Where there is none, `closed` tells of a site that is to be left alone; null means that all are taken. */
export async function takeTurn(db: Db, cloudId: string, now: number): Promise<Entered> {
  const turn = turnAt(now)
  const at = new Date(now)
  const taken = await sql`
    insert into site_paces as site (cloud_id, turns) values (${cloudId}, array[${turn}::timestamptz])
    on conflict (cloud_id) do update
      set turns = array_append(array(select until from unnest(site.turns) as until where until > ${at}), ${turn}::timestamptz)
      where coalesce(site.closed_until <= ${at}, true)
        and (select count(*) from unnest(site.turns) as until where until > ${at}) < site.allowed
    returning 1`.execute(db)
  if (taken.rows.length > 0) return { ok: true, turn }
  const site = await db
    .selectFrom('site_paces')
    .select(['closed_until', 'closed_as'])
    .where('cloud_id', '=', cloudId)
    .where('closed_until', '>', at)
    .executeTakeFirst()
  return { ok: false, closed: site ?? null }
}

/** Keeps a turn for a request that takes long. @returns the name that it has from now on */
export async function renewTurn(db: Db, cloudId: string, turn: string, now: number): Promise<string> {
  const renewed = turnAt(now)
  await db
    .updateTable('site_paces')
    .set({ turns: sql`array_append(array_remove(turns, ${turn}::timestamptz), ${renewed}::timestamptz)` })
    .where('cloud_id', '=', cloudId)
    .execute()
  return renewed
}

/** Gives a turn back and lets the site's row learn from how the request went. */
export async function giveTurnBack(
  db: Db,
  cloudId: string,
  turn: string,
  { error, isNearLimit = false }: Outcome,
  now: number,
): Promise<Date | null> {
  const without = sql`array_remove(turns, ${turn}::timestamptz)`
  if (!error || !isFailure(error)) {
    const step = sql`(allowed < threshold or successes + 1 >= ${SUCCESSES_PER_STEP})`
    const answered = {
      failures: 0,
      ...(isNearLimit
        ? { allowed: 1, threshold: 1, successes: 0 }
        : {
            allowed: sql<number>`case when ${step} then least(${MOST}, allowed + 1) else allowed end`,
            successes: sql<number>`case when ${step} then 0 else successes + 1 end`,
          }),
    }
    await db
      .updateTable('site_paces')
      .set({ turns: without, ...(!error && answered) })
      .where('cloud_id', '=', cloudId)
      .execute()
    return null
  }
  return db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('site_paces')
      .select(['allowed', 'threshold', 'successes', 'failures', 'closed_until', 'closed_as'])
      .where('cloud_id', '=', cloudId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const after = afterFailure(before, error, now)
    await trx
      .updateTable('site_paces')
      .set({ ...after, turns: without })
      .where('cloud_id', '=', cloudId)
      .execute()
    return error.limit === 'site' ? after.closed_until : null
  })
}

/** Whether an error says something about how the site is doing, and not about what was asked. */
const isFailure = ({ code, limit }: AtlassianError) =>
  code === 'unavailable' || code === 'unexpected_answer' || limit === 'site'

/** Whether a site has more to do than it can: it says so, or does not answer. */
const isOverload = ({ limit, status }: AtlassianError) => limit === 'site' || status === 503 || status === undefined

/** What a failure teaches. */
export function afterFailure(site: SiteState, error: AtlassianError, now: number, random = Math.random()): SiteState {
  const failures = site.failures + 1
  const jitter = 0.7 + 0.6 * random
  const half = Math.max(1, site.allowed >> 1)
  const slower = {
    failures,
    successes: 0,
    allowed: isOverload(error) ? half : site.allowed,
    threshold: isOverload(error) ? half : site.threshold,
  }
  const closed = (ms: number, closed_as: SiteState['closed_as']) => ({
    ...slower,
    closed_until: new Date(Math.max(now + ms, site.closed_until?.getTime() ?? 0)),
    closed_as,
  })
  // What Atlassian tells is the least; nobody comes before.
  if (error.retryAt)
    return closed((error.retryAt.getTime() - now) * (1 + 0.3 * random), error.limit ? 'rate_limited' : 'paused')
  if (error.limit) return closed(Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** site.failures) * jitter, 'rate_limited')
  // After the pause, one asks; if that goes well, others do.
  if (failures >= FAILURES_TO_PAUSE) return { ...closed(PAUSE_MS * jitter, 'paused'), allowed: 1 }
  return { ...slower, closed_until: site.closed_until, closed_as: site.closed_as }
}
