import { sql, type Transaction } from 'kysely'
import type { PageRow, Schema, SyncOptions, SyncRow } from '../db/schema.ts'
import type { WebhookEvent } from '../webhooks/events.ts'
import { noContent } from './converted.ts'
import type { FileRow, PageContext } from './file-rows.ts'
import { type FileOutcome, fileProcessed, filesCreated, filesSkipped, limitReached, type Upload } from './happenings.ts'
import { type LimitName, openGate } from './limits.ts'
import { markReferring, saveReferences } from './references.ts'
import { isSamePlace, keptWhereEmptied, ROWS_PER_INSERT, wasInserted } from './rows.ts'

type Trx = Transaction<Schema>

/** What became of the pages of one response. */
export interface Stored {
  synced: number
  failed: number
  events: WebhookEvent[]
}

/** States in which another sync is about to fetch a file. */
const pending = sql`('QUEUED_FOR_SYNC', 'SYNCING', 'RATE_LIMITED')`

/**
 * Writes the pages of one response, in the caller's transaction, which holds the connection's lock.
 *
 * A page is written when it is new, or not older than what is stored; with `incremental`, only when something about it changed.
 */
export async function storeFiles(
  trx: Trx,
  rows: FileRow[],
  { connection, sync, upload }: Pick<PageContext, 'connection' | 'sync'> & { upload: Upload },
): Promise<Stored> {
  if (rows.length === 0) return { synced: 0, failed: 0, events: [] }
  const known = await existing(
    trx,
    connection.id,
    rows.map((row) => row.page_id),
  )
  const gate = await openGate(trx, connection.user_id, sync.upload_id)
  const write: FileRow[] = []
  const asTheyAre: number[] = []
  const skipped: string[] = []
  const reached = new Set<LimitName>()
  const withheld: Withheld[] = []
  for (const row of rows) {
    const before = known.get(row.page_id)
    if (before && sync.options.recordOnly) continue
    if (before && stays(before, row, sync)) asTheyAre.push(before.id)
    else {
      const limit = gate.admit({
        isNew: !before,
        // Counted where somebody has a limit only.
        get characters() {
          return row.text === null ? 0 : codePoints(row.text)
        },
        counted: before?.text_characters ?? 0,
      })
      if (limit) reached.add(limit)
      if (!limit) write.push(row)
      else if (limit === 'max_files' || limit === 'max_files_per_upload') skipped.push(row.page_id)
      else if (before) withheld.push({ id: before.id, limit })
      else write.push(withoutContent(row, limit))
    }
  }
  const written = [...(await upsert(trx, write, sync.options)), ...(await withhold(trx, withheld))]
  const outcomes = written.map(
    ({ id, page_id, inserted, sync_error_message }): FileOutcome => ({
      id,
      isResync: !inserted && Boolean(known.get(page_id)?.synced_at),
      error: sync_error_message,
    }),
  )
  const created = written.filter(({ inserted }) => inserted).map(({ id }) => id)
  const ready = await markReady(trx, asTheyAre)
  await relink(trx, connection.id, { write, written, known })
  const failed = outcomes.filter(({ error }) => error !== null).length
  return {
    synced: rows.length - failed - skipped.length,
    failed: failed + skipped.length,
    events: [
      ...filesCreated(upload, created),
      ...(sync.options.recordOnly ? [] : outcomes.flatMap((outcome) => fileProcessed(upload, outcome))),
      ...ready.flatMap(({ id }) => fileProcessed(upload, { id, isResync: true, error: null })),
      ...filesSkipped(upload, skipped, 'A limit on the number of files was reached.'),
      ...(await firstTime(trx, sync, reached)).map((limit) => limitReached(upload, limit)),
    ],
  }
}

/** Notes what the written pages name, and that pages which name them are to be converted again. */
async function relink(
  trx: Trx,
  connection_id: number,
  { write, written, known }: { write: FileRow[]; written: Written[]; known: ReadonlyMap<string, Known> },
): Promise<void> {
  const files = new Map(written.map((file) => [file.page_id, file]))
  await saveReferences(
    trx,
    write.flatMap(({ page_id, storage, references }) => {
      const file = files.get(page_id)
      // An empty body may stand for the one that is stored.
      if (!file || !storage) return []
      return [
        { id: file.id, connection_id, links: { references, found: new Map(), ...(file.inserted && { known: [] }) } },
      ]
    }),
  )
  await markReferring(
    trx,
    write.flatMap(({ page_id, title, space_id, space_key, version }) => {
      const before = known.get(page_id)
      const moved = !before?.has_content || before.title !== title || before.space_id !== space_id
      if (!moved && before.version === version) return []
      return [{ connection_id, page_id, title, space_key, moved, before: moved && before ? nameOf(before) : undefined }]
    }),
  )
}

const nameOf = ({ title, space_key }: Known) => ({ title, space_key })

/** Limits that this sync had not reached before: each is told once. */
async function firstTime(trx: Trx, { id }: Pick<SyncRow, 'id'>, reached: ReadonlySet<LimitName>): Promise<LimitName[]> {
  if (reached.size === 0) return []
  const { options } = await trx.selectFrom('syncs').select('options').where('id', '=', id).executeTakeFirstOrThrow()
  const told = new Set(options.reachedLimits)
  const limits = [...reached].filter((limit) => !told.has(limit))
  if (limits.length > 0)
    await trx
      .updateTable('syncs')
      .set({ options: JSON.stringify({ ...options, reachedLimits: [...told, ...limits] }) })
      .where('id', '=', id)
      .execute()
  return limits
}

/**
 * Whether what is stored stays: it is newer than an answer that was overtaken, this very sync stored it and only walks again, or
 * nothing about it changed and the sync is incremental.
 */
const stays = (before: Known, row: FileRow, sync: Pick<SyncRow, 'upload_id' | 'options'>): boolean =>
  before.has_content &&
  before.version !== null &&
  (before.version > row.version ||
    (before.version === row.version &&
      ((before.upload_id === sync.upload_id && before.sync_status === 'READY') ||
        (sync.options.incremental === true && isSamePlace(before, row)))))

/** @returns those that were not ready before */
const markReady = (trx: Trx, ids: readonly number[]) =>
  trx
    .updateTable('pages')
    .set({ sync_status: 'READY', sync_error_message: null, updated_at: new Date() })
    .where('id', '=', sql<number>`any(${ids}::int[])`)
    .where('sync_status', '!=', 'READY')
    .returning('id')
    .execute()

/** PostgreSQL counts code points, JavaScript counts UTF-16. */
function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

async function existing(trx: Trx, connectionId: number, pageIds: string[]) {
  const found = await trx
    .selectFrom('pages')
    .select([
      'id',
      'page_id',
      'version',
      'title',
      'url',
      'space_id',
      'space_key',
      'parent_id',
      'synced_at',
      'sync_status',
      'upload_id',
      'text_characters',
      sql<boolean>`html is not null`.as('has_content'),
    ])
    .where('connection_id', '=', connectionId)
    .where('page_id', '=', sql<string>`any(${pageIds}::text[])`)
    .execute()
  return new Map(found.map((row) => [row.page_id, row]))
}

type Known = Awaited<ReturnType<typeof existing>> extends Map<string, infer Row> ? Row : never

interface Withheld {
  id: number
  limit: LimitName
}

const overLimit = (limit: LimitName) =>
  `The page was not stored: ${limit} is reached. Raise it with /update_users or /organization/update and resync the file.`

/** A new page over a limit: its record says so, and none of its content is kept. */
const withoutContent = (row: FileRow, limit: LimitName): FileRow => ({
  ...row,
  ...noContent,
  sync_status: 'SYNC_ERROR',
  sync_error_message: overLimit(limit),
})

/** A known page whose new version is over a limit: it keeps the content that it has. */
async function withhold(trx: Trx, files: readonly Withheld[]): Promise<Written[]> {
  const written: Written[] = []
  for (const { id, limit } of files)
    written.push(
      ...(await trx
        .updateTable('pages')
        .set({ sync_status: 'SYNC_ERROR', sync_error_message: overLimit(limit), updated_at: new Date() })
        .where('id', '=', id)
        .returning([...outcomeColumns, sql<boolean>`false`.as('inserted')])
        .execute()),
    )
  return written
}

const outcomeColumns = ['id', 'page_id', 'sync_error_message'] as const
type Written = Pick<PageRow, (typeof outcomeColumns)[number]> & { inserted: boolean }

async function upsert(trx: Trx, rows: FileRow[], options: SyncOptions): Promise<Written[]> {
  const written: Written[] = []
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    written.push(
      ...(await trx
        .insertInto('pages')
        .values(rows.slice(start, start + ROWS_PER_INSERT).map(({ references: _, ...row }) => row))
        .onConflict((conflict) =>
          conflict.columns(['connection_id', 'page_id']).doUpdateSet((eb) => ({
            kind: eb.ref('excluded.kind'),
            space_id: eb.ref('excluded.space_id'),
            space_key: eb.ref('excluded.space_key'),
            parent_id: eb.ref('excluded.parent_id'),
            parent_type: eb.ref('excluded.parent_type'),
            title: eb.ref('excluded.title'),
            url: eb.ref('excluded.url'),
            status: eb.ref('excluded.status'),
            version: eb.ref('excluded.version'),
            storage: keptWhereEmptied<string | null>('storage'),
            html: keptWhereEmptied<string | null>('html'),
            text: keptWhereEmptied<string | null>('text'),
            outline: keptWhereEmptied<string | null>('outline'),
            statistics: keptWhereEmptied<string | null>('statistics'),
            converter_version: keptWhereEmptied<number | null>('converter_version'),
            sync_status: eb.ref('excluded.sync_status'),
            sync_error_message: eb.ref('excluded.sync_error_message'),
            ...(options.parsedTextFormat && { parsed_text_format: eb.ref('excluded.parsed_text_format') }),
            // What was put on a file by hand stays on it.
            tags: sql`pages.tags || excluded.tags`,
            // A file that is queued belongs to the call that queued it.
            request_id: sql`case when pages.sync_status in ${pending} then pages.request_id else excluded.request_id end`,
            upload_id: sql`case when pages.sync_status in ${pending} then pages.upload_id else excluded.upload_id end`,
            source_created_at: eb.ref('excluded.source_created_at'),
            source_updated_at: eb.ref('excluded.source_updated_at'),
            synced_at: eb.ref('excluded.synced_at'),
            updated_at: eb.ref('excluded.updated_at'),
          })),
        )
        .returning([...outcomeColumns, wasInserted.as('inserted')])
        .execute()),
    )
  }
  return written
}
