import type { Db } from '../db/database.ts'
import type { SyncLaneRow, SyncRow } from '../db/schema.ts'
import { backgroundWalks } from './syncs.ts'

/** How far a sync has come, as `GET /v1/connections/{id}/sync` tells it. */
export interface Progress {
  connectionId: number
  kind: SyncRow['kind']
  phase: SyncRow['phase']
  spaces: number | null
  pages: { synced: number; failed: number; total: number | null }
  requests: number
  points: number
  rateLimitedUntil: string | null
  secondsLeft: number | null
  error: { code: string; message: string } | null
  startedAt: string | null
  finishedAt: string | null
}

const iso = (date: Date | null) => date?.toISOString() ?? null
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

/** A projection from less than this would be a guess. */
const ENOUGH = 0.1

/** How far a lane is from its oldest page to those of today; null while too little is known. */
function fraction(lane: SyncLaneRow, started: Date | null): number | null {
  if (lane.finished_at) return 1
  if (!lane.first_created_at || !lane.last_created_at || !started) return null
  const whole = started.getTime() - lane.first_created_at.getTime()
  const done = (lane.last_created_at.getTime() - lane.first_created_at.getTime()) / whole
  return done >= ENOUGH ? Math.min(1, done) : null
}

/**
 * About how many pages there will be. Confluence gives no count, and counting would cost as many points as fetching; but a
 * walk by id goes from the oldest page to the newest, and so shows how far it has come. Where nothing has been written for long,
 * too many are expected until the lane ends; asking for the newest page would cost two points of every sync.
 */
export function estimateTotal(sync: Pick<SyncRow, 'started_at'>, lanes: SyncLaneRow[]): number | null {
  const totals = lanes.map((lane) => {
    const pages = lane.pages_synced + lane.pages_failed
    // Some of them may be gone, or being synced by others, when their turn comes.
    if (lane.pages_total !== null) return lane.finished_at ? pages : Math.max(pages, lane.pages_total)
    if (lane.page_ids) return lane.page_ids.length
    const done = fraction(lane, sync.started_at)
    return done === null ? null : Math.max(pages, Math.round(pages / done))
  })
  return totals.length > 0 && totals.every((total) => total !== null) ? sum(totals) : null
}

/**
 * @param options.syncId one sync of the connection; else the latest
 * @returns undefined when there was none
 */
export async function syncProgress(
  db: Db,
  connectionId: number,
  { syncId, now = Date.now() }: { syncId?: number | undefined; now?: number } = {},
): Promise<Progress | undefined> {
  const sync = await db
    .selectFrom('syncs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .$if(syncId !== undefined, (query) => query.where('id', '=', syncId ?? 0))
    // Pages that somebody asked for are what people wait for; other walks are shown where there was nothing else.
    .orderBy((eb) => eb('kind', 'in', ['items', ...backgroundWalks]))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!sync) return undefined
  const lanes = await db.selectFrom('sync_lanes').selectAll().where('sync_id', '=', sync.id).execute()
  const synced = sum(lanes.map((lane) => lane.pages_synced))
  const failed = sum(lanes.map((lane) => lane.pages_failed))
  const total = sync.phase === 'done' ? synced + failed : sync.phase === 'pages' ? estimateTotal(sync, lanes) : null
  const elapsed = sync.started_at ? (now - sync.started_at.getTime()) / 1000 : null
  const left =
    sync.phase === 'pages' && total !== null && elapsed !== null
      ? (elapsed * (total - synced - failed)) / Math.max(1, synced + failed)
      : null
  return {
    connectionId,
    kind: sync.kind,
    phase: sync.phase,
    spaces: sync.spaces,
    pages: { synced, failed, total },
    requests: sync.requests,
    points: sync.points,
    rateLimitedUntil:
      sync.finished_at || (sync.rate_limited_until?.getTime() ?? 0) <= now ? null : iso(sync.rate_limited_until),
    secondsLeft: left === null ? null : Math.max(1, Math.round(left)),
    error: sync.error_code ? { code: sync.error_code, message: sync.error_message ?? '' } : null,
    startedAt: iso(sync.started_at),
    finishedAt: iso(sync.finished_at),
  }
}
