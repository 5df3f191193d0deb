import { sql, type Transaction } from 'kysely'
import type { Db } from '../db/database.ts'
import {
  type ConnectionRow,
  type FileStatus,
  pendingStatuses,
  type Schema,
  type StoredSyncOptions,
  type SyncKind,
  type SyncOptions,
  type SyncRow,
} from '../db/schema.ts'
import { randomToken } from '../oauth/encryption.ts'
import type { Services } from '../services.ts'
import { recordEvents } from '../webhooks/events.ts'
import { heldEvents } from './absences.ts'
import { dataSourceEvent, fileProcessed, type Upload, uploadEvent, uploadOf } from './happenings.ts'
import { placeOrphans, settleTree } from './items.ts'

type Trx = Transaction<Schema>

/** What a sync call is answered with. */
export interface StartedSync {
  syncId: number
  requestId: string
  uploadId: string
}

const started = (sync: Pick<SyncRow, 'id' | 'request_id' | 'upload_id'>): StartedSync => ({
  syncId: sync.id,
  requestId: sync.request_id,
  uploadId: sync.upload_id,
})

/** A walk, and those of a connection that it makes superfluous. */
const superfluous = {
  all: ['all', 'items', 'changes', 'sweep'],
  sweep: ['sweep', 'items', 'changes'],
  changes: ['changes'],
  items: ['items'],
} as const satisfies Record<Walk, Walk[]>

export type Walk = Exclude<SyncKind, 'files'>

/** Those that nobody asked for: they tell of what they stored, and of nothing else. */
export const backgroundWalks = ['changes', 'sweep'] as const satisfies Walk[]
const isBackground = (kind: SyncKind) => kind === 'changes' || kind === 'sweep'

type Running = Pick<SyncRow, 'kind' | 'options'>

/** Whether a walk does what another would do. A sweep of picked pages does not look at the tree. */
const covers = ({ kind, options }: Running, other: Walk): boolean =>
  kind !== 'files' &&
  (superfluous[kind] as readonly Walk[]).includes(other) &&
  !(kind === 'sweep' && options.knownOnly && other === 'items')

/** Whether what is wanted need not be begun. A sweep may take hours: edits are looked for beside it. */
const isUnderWay = (sync: Running, wish: Walk): boolean =>
  covers(sync, wish) && !(sync.kind === 'sweep' && wish === 'changes')

/** Whether a sync takes the points that others leave: a sweep that nobody asked for. */
export const givesWay = ({ kind, options }: Running): boolean => kind === 'sweep' && options.yields === true

/**
 * The walk that a wish comes down to: without a complete one to start from, edits cannot be told from what was missed. Of picked
 * pages a sweep is the complete walk.
 */
function walkFor(wish: Walk, { syncs_everything, watermark }: ConnectionRow): Walk {
  if (wish === 'changes' && watermark === null) return syncs_everything ? 'all' : 'sweep'
  return wish === 'sweep' && watermark === null && syncs_everything ? 'all' : wish
}

/**
 * Starts a walk, in the caller's transaction: of all pages, of the tree alone, of what was edited, or a look at every page for what
 * was moved or deleted. One that is running already and does no less goes on instead.
 */
export async function startWalk(
  { queue }: Pick<Services, 'queue'>,
  trx: Trx,
  { id }: Pick<ConnectionRow, 'id'>,
  { kind: wish, requestId, options }: { kind: Walk; requestId?: string | undefined; options?: SyncOptions },
): Promise<StartedSync> {
  await lockConnection(trx, id)
  const connection = await trx.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const kind = walkFor(wish, connection)
  const own: SyncOptions = isBackground(wish)
    ? {
        ...walkOptions(connection.sync_options),
        ...options,
        incremental: true,
        // What is picked keeps the tags that it has.
        ...(!connection.syncs_everything && { knownOnly: true, tags: {} }),
      }
    : (options ?? {})
  const running = await trx
    .selectFrom('syncs')
    .selectAll()
    .where('connection_id', '=', id)
    .where('finished_at', 'is', null)
    .where('kind', '!=', 'files')
    .execute()
  const enough = running.find((sync) => isUnderWay(sync, kind))
  // Somebody waits for it from now on.
  if (enough && givesWay(enough) && !own.yields)
    await trx
      .updateTable('syncs')
      .set({ options: JSON.stringify({ ...enough.options, yields: false }) })
      .where('id', '=', enough.id)
      .execute()
  if (enough) return started(enough)
  const replaced = running.filter((sync) => sync.kind !== 'files' && covers({ kind, options: own }, sync.kind))
  if (replaced.length > 0) await endSyncs(trx, replaced, 'cancelled')
  const sync = await trx
    .insertInto('syncs')
    .values({
      connection_id: id,
      kind,
      phase: 'queued',
      options: JSON.stringify(own),
      request_id: requestId ?? randomToken(),
      upload_id: randomToken(),
    })
    .returning(['id', 'request_id', 'upload_id'])
    .executeTakeFirstOrThrow()
  await trx
    .updateTable('connections')
    .set({
      ...(!isBackground(kind) && { sync_status: 'SYNCING' as const }),
      // Until it is done, edits of pages that were not picked are not known.
      ...(kind === 'all' && !connection.syncs_everything && { syncs_everything: true, watermark: null }),
      updated_at: new Date(),
    })
    .where('id', '=', id)
    .execute()
  await queue.send(trx, 'sync-start', { syncId: sync.id })
  return started(sync)
}

/** What a walk over all pages does with them, from the options that a connection keeps. */
export const walkOptions = (options: StoredSyncOptions): SyncOptions => ({
  tags: options.tags,
  incremental: options.incrementalSync,
  parsedTextFormat: options.fileSyncConfig?.parsed_text_format === 'MARKDOWN' ? 'MARKDOWN' : undefined,
  recordOnly: options.fileSyncConfig?.skip_file_processing === true,
})

/**
 * Whoever changes a connection and its sync locks the connection first: in one order, nobody waits in a circle. The key is not
 * locked, or whoever makes a row that refers to the connection would have to be in that order too.
 */
export async function lockConnection(trx: Trx, connectionId: number): Promise<void> {
  await trx.selectFrom('connections').select('id').where('id', '=', connectionId).forNoKeyUpdate().executeTakeFirst()
}

const endSyncs = (trx: Trx, syncs: readonly Pick<SyncRow, 'id'>[], phase: 'cancelled' | 'done') =>
  trx
    .updateTable('syncs')
    .set({ phase, finished_at: new Date(), rate_limited_until: null })
    .where('id', '=', sql<number>`any(${syncs.map(({ id }) => id)}::int[])`)
    .where('finished_at', 'is', null)
    .execute()

/**
 * Ends a connection's running syncs. Their jobs notice before they write again. Files that were waiting are marked as given up.
 *
 * @param which `walks` leaves picked files alone
 * @returns whether there was one
 */
export async function cancelSyncs(trx: Trx, connectionId: number, which: 'walks' | 'all'): Promise<boolean> {
  const running = await trx
    .selectFrom('syncs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('finished_at', 'is', null)
    .$if(which === 'walks', (query) => query.where('kind', '!=', 'files'))
    .execute()
  if (running.length === 0) return false
  await endSyncs(trx, running, 'cancelled')
  const { organization_id, customer_id } = await ownerOf(trx, connectionId)
  if (running.some(({ kind }) => kind !== 'files')) await placeOrphans(trx, connectionId)
  for (const sync of running) {
    if (!(await tellsOfFiles(trx, sync))) continue
    await settleFiles(trx, sync, 'SYNC_ABORTED', 'The sync was cancelled. Resync the file.')
    await recordEvents(trx, organization_id, [uploadEvent('ALL_FILES_PROCESSED', uploadOf(sync, customer_id))])
  }
  return true
}

/** Whether a sync is one that receivers have heard of, or must hear of: of a walk in the background only where it has stored something. */
async function tellsOfFiles(trx: Trx, { id, kind }: Pick<SyncRow, 'id' | 'kind'>): Promise<boolean> {
  if (!isBackground(kind)) return kind !== 'items'
  const lane = await trx
    .selectFrom('sync_lanes')
    .select('id')
    .where('sync_id', '=', id)
    .where((eb) => eb.or([eb('pages_synced', '>', 0), eb('pages_failed', '>', 0)]))
    .limit(1)
    .executeTakeFirst()
  return lane !== undefined
}

/** Gives the files that a sync leaves behind unfetched their last state. */
function settleFiles(trx: Trx, { upload_id }: Pick<SyncRow, 'upload_id'>, status: FileStatus, message: string) {
  return trx
    .updateTable('pages')
    .set({ sync_status: status, sync_error_message: message, updated_at: new Date() })
    .where('upload_id', '=', upload_id)
    .where('sync_status', 'in', pendingStatuses)
    .returning(['id', 'synced_at'])
    .execute()
}

/** Who a sync's events are about. */
export function ownerOf(db: Db | Trx, connectionId: number) {
  return db
    .selectFrom('connections')
    .innerJoin('users', 'users.id', 'connections.user_id')
    .select(['connections.organization_id', 'users.customer_id'])
    .where('connections.id', '=', connectionId)
    .executeTakeFirstOrThrow()
}

/** Whether a sync sees every page that the account sees, bodies or not. */
const seesEverything = ({ kind, options }: Running) =>
  kind === 'all' || kind === 'items' || (kind === 'sweep' && !options.knownOnly)

/** Ends a sync whose last lane has finished. */
export async function completeSync(trx: Trx, { id }: Pick<SyncRow, 'id'>): Promise<void> {
  const now = new Date()
  const sync = await trx
    .updateTable('syncs')
    .set({ phase: 'done', finished_at: now, rate_limited_until: null })
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (!sync) return
  const { kind, connection_id, watermark, watermark_page } = sync
  const hasRead = seesEverything(sync)
  const hasFiles = kind !== 'items'
  if (hasRead) await settleTree(trx, { connectionId: connection_id, syncId: id })
  await trx
    .updateTable('connections')
    .set({
      // What runs in the background leaves it alone, but for a failure that it makes good.
      ...(isBackground(kind) && {
        sync_status: sql`case sync_status when 'SYNC_ERROR' then 'READY' else sync_status end`,
      }),
      ...((kind === 'all' || kind === 'items') && { sync_status: 'READY' as const }),
      ...(hasRead && { source_items_synced_at: now }),
      ...(hasFiles && { last_sync_action: 'UPDATE' as const, last_synced_at: now, files_synced_at: now }),
      ...(watermark && { watermark, watermark_page }),
      ...((kind === 'all' || kind === 'sweep') && { swept_at: now }),
      updated_at: now,
    })
    .where('id', '=', connection_id)
    .execute()
  const { organization_id, customer_id } = await ownerOf(trx, connection_id)
  const upload = uploadOf(sync, customer_id)
  const tells = await tellsOfFiles(trx, sync)
  await recordEvents(trx, organization_id, [
    ...(await heldEvents(trx, sync, customer_id)),
    ...(kind === 'all' || kind === 'items'
      ? [dataSourceEvent('DATA_SOURCE_READY', { id: connection_id }, customer_id)]
      : []),
    // Picked pages were all known at the start, and it was said then; only a walk tells what is in a space.
    ...(tells && (kind !== 'files' || sync.spaces) ? [uploadEvent('ALL_UPLOADED_FILES_QUEUED', upload)] : []),
    ...(tells ? [uploadEvent('ALL_FILES_PROCESSED', upload)] : []),
  ])
}

/** Ends a sync that cannot go on. What it has stored stays. */
export async function failSync(
  { db, log }: Pick<Services, 'db' | 'log'>,
  syncId: number,
  code: string,
  message: string,
): Promise<void> {
  const sync = await db.selectFrom('syncs').selectAll().where('id', '=', syncId).executeTakeFirst()
  if (!sync) return
  await db.transaction().execute(async (trx) => {
    await lockConnection(trx, sync.connection_id)
    const failed = await trx
      .updateTable('syncs')
      .set({ phase: 'failed', error_code: code, error_message: message, finished_at: new Date() })
      .where('id', '=', syncId)
      .where('finished_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!failed) return
    if (sync.kind !== 'files')
      await trx
        .updateTable('connections')
        .set({ sync_status: 'SYNC_ERROR', updated_at: new Date() })
        .where('id', '=', sync.connection_id)
        .execute()
    if (sync.kind !== 'files') await placeOrphans(trx, sync.connection_id)
    if (!(await tellsOfFiles(trx, sync))) return
    const { organization_id, customer_id } = await ownerOf(trx, sync.connection_id)
    const upload: Upload = uploadOf(sync, customer_id)
    const files = await settleFiles(trx, sync, 'SYNC_ERROR', message)
    await recordEvents(trx, organization_id, [
      ...files.flatMap(({ id, synced_at }) =>
        fileProcessed(upload, { id, isResync: synced_at !== null, error: message }),
      ),
      uploadEvent('ALL_FILES_PROCESSED', upload),
    ])
  })
  log.warn({ syncId, code }, 'sync failed')
}
