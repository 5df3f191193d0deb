import type { Db } from '../db/database.ts'
import { estimateTotal } from './progress.ts'
import { backgroundWalks } from './syncs.ts'

/** What is going on at a connection that somebody asked for: all its running syncs together, since picked pages may wait behind others. */
export interface Activity {
  /** Null when nothing runs. With several, the one that does most: all pages, picked pages, the tree alone. */
  running: 'all' | 'files' | 'items' | null
  /** Whether the tree is being read: alone, or with all pages. */
  isReading: boolean
  /** Pages of the running syncs; the total is null while too little is known. */
  pages: { done: number; total: number | null; isEstimate: boolean }
  /** Atlassian asked to wait until then. */
  rateLimitedUntil: Date | null
  /** Why the latest sync ended early. */
  failure: string | null
}

export async function activityOf(db: Db, connectionId: number, now = Date.now()): Promise<Activity> {
  const syncs = await db
    .selectFrom('syncs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('finished_at', 'is', null)
    .where('kind', 'not in', backgroundWalks)
    .execute()
  const latest = await db
    .selectFrom('syncs')
    .select(['phase', 'error_code'])
    .where('connection_id', '=', connectionId)
    .where('kind', 'not in', backgroundWalks)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const running = (['all', 'files', 'items'] as const).find((kind) => syncs.some((sync) => sync.kind === kind)) ?? null
  // The tree alone counts only while nothing else does.
  const counted = syncs.filter((sync) => running === 'items' || sync.kind !== 'items')
  const ids = counted.map(({ id }) => id)
  const lanes =
    ids.length === 0 ? [] : await db.selectFrom('sync_lanes').selectAll().where('sync_id', 'in', ids).execute()
  const totals = counted.map((sync) =>
    estimateTotal(
      sync,
      lanes.filter(({ sync_id }) => sync_id === sync.id),
    ),
  )
  const waits = syncs.map((sync) => sync.rate_limited_until?.getTime() ?? 0).filter((until) => until > now)
  return {
    running,
    isReading: syncs.some((sync) => sync.kind !== 'files'),
    pages: {
      done: lanes.reduce((sum, lane) => sum + lane.pages_synced + lane.pages_failed, 0),
      total: totals.reduce<number | null>((sum, total) => (sum === null || total === null ? null : sum + total), 0),
      isEstimate: lanes.some((lane) => lane.page_ids === null && !lane.finished_at),
    },
    rateLimitedUntil: waits.length > 0 ? new Date(Math.max(...waits)) : null,
    failure: latest?.phase === 'failed' ? (latest.error_code ?? 'unknown') : null,
  }
}
