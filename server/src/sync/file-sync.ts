import { sql, type Transaction } from 'kysely'
import { MAX_PAGE_IDS } from '../confluence/client.ts'
import type { ConnectionRow, FileStatus, ItemRow, ParsedTextFormat, Schema, SyncOptions, Tags } from '../db/schema.ts'
import { randomToken } from '../oauth/encryption.ts'
import type { Services } from '../services.ts'
import { recordEvents } from '../webhooks/events.ts'
import { defaultFormat } from './file-rows.ts'
import { dataSourceEvent, filesCreated, filesSkipped, limitReached, type Upload, uploadEvent } from './happenings.ts'
import { layLanes } from './lanes.ts'
import { type LimitName, openGate } from './limits.ts'
import { ROWS_PER_INSERT, wasInserted } from './rows.ts'
import { lockConnection, type StartedSync } from './syncs.ts'

type Trx = Transaction<Schema>

/** Syncs of picked files that may wait for one connection. */
export const MAX_WAITING = 100

/** What somebody picked. */
export interface Selection {
  /** Ids at Confluence that may be of either: they are what the tree says, and pages where it says nothing. */
  ids?: readonly string[]
  /** A space stands for all pages in it. */
  spaceIds?: readonly string[]
  /** A page stands for itself. */
  pageIds?: readonly string[]
  tags?: Tags | undefined
  requestId?: string | undefined
  incremental?: boolean | undefined
  parsedTextFormat?: ParsedTextFormat | undefined
  /** Only make the records; no content is fetched. */
  recordOnly?: boolean | undefined
  /** Known files are fetched anew, and what is picked stays as it is. */
  isResync?: boolean | undefined
}

export type FileSync =
  | { ok: true; sync: StartedSync; fileIds: number[] }
  /** Too many syncs of this connection are waiting. */
  | { ok: false; code: 'too_many_waiting' }

/**
 * Queues what somebody picked. Every page gets its file at once; a worker fetches the content, up to 250 pages a request.
 */
export const startFileSync = (
  { db, queue }: Pick<Services, 'db' | 'queue'>,
  ...wish: [connection: Source, customerId: string, selection: Selection]
): Promise<FileSync> => db.transaction().execute((trx) => queueFiles(queue, trx, ...wish))

type Source = Pick<ConnectionRow, 'id' | 'organization_id' | 'user_id' | 'sync_options'>

/** The same, in the caller's transaction: nobody has begun with it yet. */
export async function queueFiles(
  queue: Services['queue'],
  trx: Trx,
  connection: Source,
  customerId: string,
  selection: Selection,
): Promise<FileSync> {
  await lockConnection(trx, connection.id)
  if (await tooManyWait(trx, connection.id)) return { ok: false, code: 'too_many_waiting' }

  const { spaceIds, pageIds, items } = await resolve(trx, connection.id, selection)
  const options: SyncOptions = {
    // A file that is fetched again keeps the tags that it has now.
    tags: selection.isResync ? {} : { ...connection.sync_options.tags, ...selection.tags },
    incremental: selection.incremental ?? false,
    parsedTextFormat: selection.parsedTextFormat,
    recordOnly: selection.recordOnly ?? false,
  }
  const { syncId, upload } = await beginFileSync(trx, connection.id, customerId, {
    options,
    spaces: spaceIds.length,
    requestId: selection.requestId,
  })
  const recorded = await recordFiles(trx, connection, upload, {
    pageIds,
    items,
    options,
    status: selection.recordOnly ? 'READY_TO_SYNC' : 'QUEUED_FOR_SYNC',
    isResync: selection.isResync ?? false,
  })
  const fetched = selection.recordOnly ? [] : recorded.pageIds
  const lanes = [
    ...chunks(fetched, MAX_PAGE_IDS).map((page_ids) => ({ page_ids, space_ids: [] })),
    ...layLanes(spaceIds).map((space_ids) => ({ page_ids: null, space_ids })),
  ]
  await layDown(queue, trx, syncId, lanes)

  const now = new Date()
  if (!selection.isResync)
    await trx
      .updateTable('connections')
      .set({ last_sync_action: 'UPDATE', last_synced_at: now, files_synced_at: now, updated_at: now })
      .where('id', '=', connection.id)
      .execute()
  const keysOfUpload = { request_id: upload.requestId, upload_id: upload.uploadId }
  await recordEvents(trx, connection.organization_id, [
    ...(selection.isResync ? [] : [dataSourceEvent('UPDATE', connection, customerId, keysOfUpload)]),
    ...filesCreated(upload, recorded.created),
    ...filesSkipped(upload, recorded.skipped, 'A limit on the number of files was reached.'),
    ...[...recorded.reached].map((limit) => limitReached(upload, limit)),
    ...(spaceIds.length === 0 ? [uploadEvent('ALL_UPLOADED_FILES_QUEUED', upload)] : []),
    ...(lanes.length === 0 ? [uploadEvent('ALL_FILES_PROCESSED', upload)] : []),
  ])
  return {
    ok: true,
    sync: { syncId, requestId: upload.requestId, uploadId: upload.uploadId },
    fileIds: recorded.fileIds,
  }
}

/** Makes the record of a sync of files: it has begun. */
export async function beginFileSync(
  trx: Trx,
  connectionId: number,
  customerId: string,
  { options, spaces, requestId }: { options: SyncOptions; spaces: number; requestId?: string | undefined },
): Promise<{ syncId: number; upload: Upload }> {
  const { id, request_id, upload_id } = await trx
    .insertInto('syncs')
    .values({
      connection_id: connectionId,
      kind: 'files',
      phase: 'pages',
      options: JSON.stringify(options),
      spaces,
      request_id: requestId ?? randomToken(),
      upload_id: randomToken(),
      started_at: new Date(),
    })
    .returning(['id', 'request_id', 'upload_id'])
    .executeTakeFirstOrThrow()
  return { syncId: id, upload: { customerId, dataSourceId: connectionId, requestId: request_id, uploadId: upload_id } }
}

/** Whether no further sync may be added to those of a connection. */
export async function tooManyWait(trx: Trx, connectionId: number): Promise<boolean> {
  const { waiting } = await trx
    .selectFrom('syncs')
    .select((eb) => eb.fn.countAll<string>().as('waiting'))
    .where('connection_id', '=', connectionId)
    .where('finished_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(waiting) >= MAX_WAITING
}

/** What was picked, as spaces and pages, each once and in the order of the call. */
async function resolve(
  trx: Trx,
  connectionId: number,
  { ids = [], spaceIds = [], pageIds = [] }: Selection,
): Promise<{ spaceIds: string[]; pageIds: string[]; items: ReadonlyMap<string, ItemRow> }> {
  const known = await trx
    .selectFrom('items')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .where('external_id', '=', sql<string>`any(${[...ids, ...pageIds]}::text[])`)
    .execute()
  const spaces = new Set(known.filter(({ type }) => type === 'SPACE').map(({ external_id }) => external_id))
  const items = new Map(known.filter(({ type }) => type === 'PAGE').map((item) => [item.external_id, item]))
  return {
    spaceIds: [...new Set([...spaceIds, ...ids.filter((id) => spaces.has(id))])],
    pageIds: [...new Set([...pageIds, ...ids.filter((id) => items.has(id) || !spaces.has(id))])],
    items,
  }
}

/** Hands the lanes to the workers; without any, the sync is over. */
async function layDown(
  queue: Services['queue'],
  trx: Trx,
  syncId: number,
  lanes: { page_ids: string[] | null; space_ids: string[] }[],
): Promise<void> {
  for (const { page_ids, space_ids } of lanes) {
    const lane = await trx
      .insertInto('sync_lanes')
      .values({
        sync_id: syncId,
        page_ids: page_ids && JSON.stringify(page_ids),
        space_ids: JSON.stringify(space_ids),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await queue.send(trx, 'sync-lane', { laneId: lane.id })
  }
  if (lanes.length === 0)
    await trx.updateTable('syncs').set({ phase: 'done', finished_at: new Date() }).where('id', '=', syncId).execute()
}

interface Recorded {
  pageIds: string[]
  fileIds: number[]
  created: number[]
  skipped: string[]
  reached: Set<LimitName>
}

/** Makes a file for each page, or queues the one that it has. What it holds stays until the new content is there. */
async function recordFiles(
  trx: Trx,
  connection: Pick<ConnectionRow, 'id' | 'organization_id' | 'user_id' | 'sync_options'>,
  upload: Upload,
  {
    pageIds,
    items,
    options,
    status,
    isResync,
  }: {
    pageIds: string[]
    items: ReadonlyMap<string, ItemRow>
    options: SyncOptions
    status: FileStatus
    isResync: boolean
  },
): Promise<Recorded> {
  const recorded: Recorded = { pageIds: [], fileIds: [], created: [], skipped: [], reached: new Set() }
  if (pageIds.length === 0) return recorded
  const present = new Set(
    (
      await trx
        .selectFrom('pages')
        .select('page_id')
        .where('connection_id', '=', connection.id)
        .where('page_id', '=', sql<string>`any(${pageIds}::text[])`)
        .execute()
    ).map(({ page_id }) => page_id),
  )
  const gate = await openGate(trx, connection.user_id, upload.uploadId)
  for (const id of pageIds) {
    // A file that was deleted since it was chosen is not made again.
    if (isResync && !present.has(id)) continue
    const limit = gate.admit({ isNew: !present.has(id), characters: 0, counted: 0 })
    if (limit) recorded.reached.add(limit)
    recorded[limit ? 'skipped' : 'pageIds'].push(id)
  }
  for (const chunk of chunks(recorded.pageIds, ROWS_PER_INSERT)) {
    const rows = await trx
      .insertInto('pages')
      .values(
        chunk.map((id) => {
          const item = items.get(id)
          return {
            organization_id: connection.organization_id,
            user_id: connection.user_id,
            connection_id: connection.id,
            page_id: id,
            space_id: item?.space_id ?? null,
            parent_id: item?.source_parent_id ?? null,
            parent_type: item?.source_parent_id ? 'page' : null,
            title: item?.name ?? null,
            url: item?.url ?? null,
            source_created_at: item?.source_created_at ?? null,
            sync_status: status,
            parsed_text_format: options.parsedTextFormat ?? defaultFormat(connection),
            tags: JSON.stringify(options.tags ?? {}),
            request_id: upload.requestId,
            upload_id: upload.uploadId,
          }
        }),
      )
      .onConflict((conflict) =>
        conflict.columns(['connection_id', 'page_id']).doUpdateSet((eb) => ({
          sync_status: eb.ref('excluded.sync_status'),
          sync_error_message: null,
          ...(options.parsedTextFormat && { parsed_text_format: eb.ref('excluded.parsed_text_format') }),
          tags: sql`pages.tags || excluded.tags`,
          // A resync is another upload, and what the file was asked for by stays what it was.
          request_id: isResync ? sql`coalesce(pages.request_id, excluded.request_id)` : eb.ref('excluded.request_id'),
          upload_id: eb.ref('excluded.upload_id'),
          updated_at: eb.ref('excluded.updated_at'),
        })),
      )
      .returning(['id', wasInserted.as('inserted')])
      .execute()
    recorded.fileIds.push(...rows.map(({ id }) => id))
    recorded.created.push(...rows.filter(({ inserted }) => inserted).map(({ id }) => id))
  }
  return recorded
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  )
}
