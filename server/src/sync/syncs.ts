import { sql, type Transaction } from 'kysely'
import type { Db } from '../db/database.ts'
import {
  type ConnectionRow,
  type FileStatus,
  pendingStatuses,
  type Schema,
  type StoredSyncOptions,
  type SyncOptions,
  type SyncRow,
} from '../db/schema.ts'
import { randomToken } from '../oauth/encryption.ts'
import type { Services } from '../services.ts'
import { recordEvents } from '../webhooks/events.ts'
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

/**
 * Starts a walk over the whole site, in the caller's transaction: of all pages, or of the tree alone. One that is running already
 * and does no less goes on instead.
 */
export async function startWalk(
  { queue }: Pick<Services, 'queue'>,
  trx: Trx,
  connection: Pick<ConnectionRow, 'id'>,
  { kind, requestId, options = {} }: { kind: 'all' | 'items'; requestId?: string | undefined; options?: SyncOptions },
): Promise<StartedSync> {
  await lockConnection(trx, connection.id)
  const running = await trx
    .selectFrom('syncs')
    .selectAll()
    .where('connection_id', '=', connection.id)
    .where('finished_at', 'is', null)
    .where('kind', '!=', 'files')
    .executeTakeFirst()
  if (running && (running.kind === 'all' || kind === 'items')) return started(running)
  if (running) await endSyncs(trx, [running], 'cancelled')
  const sync = await trx
    .insertInto('syncs')
    .values({
      connection_id: connection.id,
      kind,
      phase: 'queued',
      options: JSON.stringify(options),
      request_id: requestId ?? randomToken(),
      upload_id: randomToken(),
    })
    .returning(['id', 'request_id', 'upload_id'])
    .executeTakeFirstOrThrow()
  await trx
    .updateTable('connections')
    .set({ sync_status: 'SYNCING', updated_at: new Date() })
    .where('id', '=', connection.id)
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
 * @returns their kinds
 */
export async function cancelSyncs(trx: Trx, connectionId: number, which: 'walks' | 'all'): Promise<SyncRow['kind'][]> {
  const running = await trx
    .selectFrom('syncs')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('finished_at', 'is', null)
    .$if(which === 'walks', (query) => query.where('kind', '!=', 'files'))
    .execute()
  if (running.length === 0) return []
  await endSyncs(trx, running, 'cancelled')
  const { organization_id, customer_id } = await ownerOf(trx, connectionId)
  if (running.some(({ kind }) => kind !== 'files')) await placeOrphans(trx, connectionId)
  for (const sync of running) {
    if (sync.kind === 'items') continue
    await settleFiles(trx, sync, 'SYNC_ABORTED', 'The sync was cancelled. Resync the file.')
    await recordEvents(trx, organization_id, [uploadEvent('ALL_FILES_PROCESSED', uploadOf(sync, customer_id))])
  }
  return running.map(({ kind }) => kind)
}

/** To be called when the transaction is through. */
export const countCancelled = ({ metrics }: Pick<Services, 'metrics'>, kinds: readonly SyncRow['kind'][]): void => {
  for (const kind of kinds) metrics.syncs.inc({ kind, phase: 'cancelled', code: '' })
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

/**
 * Ends a sync whose last lane has finished.
 *
 * @returns false where it had ended before
 */
export async function completeSync(
  trx: Trx,
  sync: Pick<SyncRow, 'id' | 'kind' | 'spaces' | 'connection_id' | 'request_id' | 'upload_id'>,
): Promise<boolean> {
  const now = new Date()
  const done = await trx
    .updateTable('syncs')
    .set({ phase: 'done', finished_at: now, rate_limited_until: null })
    .where('id', '=', sync.id)
    .where('finished_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!done) return false
  const isWalk = sync.kind !== 'files'
  const hasFiles = sync.kind !== 'items'
  if (isWalk) await settleTree(trx, { connectionId: sync.connection_id, syncId: sync.id })
  await trx
    .updateTable('connections')
    .set({
      ...(isWalk && { sync_status: 'READY' as const, source_items_synced_at: now }),
      ...(hasFiles && { last_sync_action: 'UPDATE' as const, last_synced_at: now, files_synced_at: now }),
      updated_at: now,
    })
    .where('id', '=', sync.connection_id)
    .execute()
  const { organization_id, customer_id } = await ownerOf(trx, sync.connection_id)
  const upload = uploadOf(sync, customer_id)
  await recordEvents(trx, organization_id, [
    ...(isWalk ? [dataSourceEvent('DATA_SOURCE_READY', { id: sync.connection_id }, customer_id)] : []),
    // Picked pages were all known at the start, and it was said then; only a walk tells what is in a space.
    ...(sync.kind === 'all' || (hasFiles && sync.spaces) ? [uploadEvent('ALL_UPLOADED_FILES_QUEUED', upload)] : []),
    ...(hasFiles ? [uploadEvent('ALL_FILES_PROCESSED', upload)] : []),
  ])
  return true
}

/** Ends a sync that cannot go on. What it has stored stays. */
export async function failSync(
  { db, log, metrics }: Pick<Services, 'db' | 'log' | 'metrics'>,
  syncId: number,
  code: string,
  message: string,
): Promise<void> {
  const sync = await db.selectFrom('syncs').selectAll().where('id', '=', syncId).executeTakeFirst()
  if (!sync) return
  const isEnded = await db.transaction().execute(async (trx) => {
    await lockConnection(trx, sync.connection_id)
    const failed = await trx
      .updateTable('syncs')
      .set({ phase: 'failed', error_code: code, error_message: message, finished_at: new Date() })
      .where('id', '=', syncId)
      .where('finished_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (!failed) return false
    if (sync.kind !== 'files')
      await trx
        .updateTable('connections')
        .set({ sync_status: 'SYNC_ERROR', updated_at: new Date() })
        .where('id', '=', sync.connection_id)
        .execute()
    if (sync.kind !== 'files') await placeOrphans(trx, sync.connection_id)
    if (sync.kind === 'items') return true
    const { organization_id, customer_id } = await ownerOf(trx, sync.connection_id)
    const upload: Upload = uploadOf(sync, customer_id)
    const files = await settleFiles(trx, sync, 'SYNC_ERROR', message)
    await recordEvents(trx, organization_id, [
      ...files.flatMap(({ id, synced_at }) =>
        fileProcessed(upload, { id, isResync: synced_at !== null, error: message }),
      ),
      uploadEvent('ALL_FILES_PROCESSED', upload),
    ])
    return true
  })
  if (!isEnded) return
  metrics.syncs.inc({ kind: sync.kind, phase: 'failed', code })
  log.warn({ syncId, connectionId: sync.connection_id, kind: sync.kind, code }, 'sync failed')
}
