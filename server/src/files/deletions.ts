import { type Selectable, sql, type Transaction } from 'kysely'
import type { DeletionTable, PageRow, Schema, User } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { fileDeleted } from '../sync/happenings.ts'
import { markReferring } from '../sync/references.ts'
import { recordEvents } from '../webhooks/events.ts'
import { type FileFilters, matching, matchingDeletion } from './filters.ts'

type Trx = Transaction<Schema>

/** Files of one transaction. */
const BATCH = 500
/** Batches of one job; then the next job goes on, so that others take turns. */
const BATCHES_PER_JOB = 20

export interface Deletion {
  filters: FileFilters
  sendWebhook: boolean
  /** Keep the record and its tags; only what it holds goes. */
  preserveRecord: boolean
}

type Owner = Pick<User, 'id' | 'organization_id' | 'customer_id'>

/**
 * Deletes the files that match. The first batch goes at once, so that what a person deletes is gone; a job deletes the rest.
 * Files that come later are not touched.
 *
 * @returns how many it is about
 */
export const deleteFiles = (
  { db, queue }: Pick<Services, 'db' | 'queue'>,
  user: Owner,
  deletion: Deletion,
): Promise<number> => db.transaction().execute((trx) => startDeletion(queue, trx, user, deletion))

/** The same, in the caller's transaction. */
export async function startDeletion(
  queue: Services['queue'],
  trx: Trx,
  user: Owner,
  deletion: Deletion,
): Promise<number> {
  const filters = isAboutTheTree(deletion.filters) ? await resolve(trx, user, deletion.filters) : deletion.filters
  const { last, count } = await trx
    .selectFrom('pages')
    .where((eb) => matching(eb, user.id, filters))
    .select((eb) => [eb.fn.max('pages.id').as('last'), eb.fn.countAll<string>().as('count')])
    .executeTakeFirstOrThrow()
  if (last === null) return 0
  const row = {
    user_id: user.id,
    send_webhook: deletion.sendWebhook,
    preserve_record: deletion.preserveRecord,
    last_id: last,
  }
  const afterId = await deleteBatch(queue, trx, user, filters, { ...row, after_id: 0 })
  if (afterId === undefined) return Number(count)
  const { id } = await trx
    .insertInto('deletions')
    .values({ ...row, filters: JSON.stringify(filters), after_id: afterId })
    .returning('id')
    .executeTakeFirstOrThrow()
  await queue.send(trx, 'delete-files', { deletionId: id })
  return Number(count)
}

/** Whether filters look at other files, so that a half-done deletion would change what they mean. */
const isAboutTheTree = ({ include_all_children, parent_file_ids, root_files_only }: FileFilters) =>
  Boolean(include_all_children || parent_file_ids || root_files_only)

async function resolve(trx: Trx, user: Owner, filters: FileFilters): Promise<FileFilters> {
  const files = await trx
    .selectFrom('pages')
    .select('pages.id')
    .where((eb) => matchingDeletion(eb, user.id, filters))
    .execute()
  return { ids: files.map(({ id }) => id) }
}

/** Goes on with a deletion. */
export async function continueDeletion(
  { db, queue }: Pick<Services, 'db' | 'queue'>,
  deletionId: number,
  signal: AbortSignal,
): Promise<void> {
  for (let batch = 0; batch < BATCHES_PER_JOB; batch++) {
    signal.throwIfAborted()
    const more = await db.transaction().execute(async (trx) => {
      const deletion = await trx
        .selectFrom('deletions')
        .innerJoin('users', 'users.id', 'deletions.user_id')
        .selectAll('deletions')
        .select(['users.organization_id', 'users.customer_id'])
        .where('deletions.id', '=', deletionId)
        .forUpdate('deletions')
        .executeTakeFirst()
      if (!deletion) return false
      const user = { ...deletion, id: deletion.user_id }
      const afterId = await deleteBatch(queue, trx, user, deletion.filters, deletion)
      if (afterId === undefined) await trx.deleteFrom('deletions').where('id', '=', deletionId).execute()
      else await trx.updateTable('deletions').set({ after_id: afterId }).where('id', '=', deletionId).execute()
      return afterId !== undefined
    })
    if (!more) return
  }
  await db.transaction().execute((trx) => queue.send(trx, 'delete-files', { deletionId }))
}

/** A deletion without a job for so long is picked up again. */
const QUIET_MS = 10 * 60_000

/** Goes on with deletions whose job was given up. */
export async function rescueDeletions({ db, queue }: Pick<Services, 'db' | 'queue'>): Promise<void> {
  const deletions = await db
    .selectFrom('deletions')
    .select('id')
    .where('created_at', '<', new Date(Date.now() - QUIET_MS))
    .execute()
  for (const { id } of deletions)
    if (!(await queue.isAlive('delete-files', { deletionId: id })))
      await db.transaction().execute((trx) => queue.send(trx, 'delete-files', { deletionId: id }))
}

/** As everybody who writes files does first: in one order, nobody waits in a circle. */
export const lockConnectionsOf = (trx: Trx, { id }: Pick<Owner, 'id'>) =>
  trx.selectFrom('connections').select('id').where('user_id', '=', id).orderBy('id').forNoKeyUpdate().execute()

/** @returns the last id that was dealt with; undefined when there are no more */
async function deleteBatch(
  queue: Services['queue'],
  trx: Trx,
  user: Owner,
  filters: FileFilters,
  deletion: Pick<Selectable<DeletionTable>, 'after_id' | 'last_id' | 'send_webhook' | 'preserve_record'>,
): Promise<number | undefined> {
  await lockConnectionsOf(trx, user)
  const found = await trx
    .selectFrom('pages')
    .select('pages.id')
    .where((eb) => matching(eb, user.id, filters))
    .where('pages.id', '>', deletion.after_id)
    .where('pages.id', '<=', deletion.last_id)
    .orderBy('pages.id')
    .limit(BATCH)
    .execute()
  const ids = found.map(({ id }) => id)
  // What another deletion was faster with is not told twice.
  const gone = await (deletion.preserve_record ? emptyFiles(trx, ids) : dropFiles(trx, ids))
  if (!deletion.preserve_record) await markUnwanted(trx, gone)
  // Pages that showed them stop doing so.
  if (gone.length > 0) await queue.send(trx, 'reconvert', {})
  if (deletion.send_webhook)
    await recordEvents(
      trx,
      user.organization_id,
      gone.map((file) => fileDeleted(user.customer_id, file)),
    )
  return found.length < BATCH ? undefined : ids.at(-1)
}

const anyOf = (ids: readonly number[]) => sql<number>`any(${ids}::int[])`

/** What somebody deletes comes back when somebody asks for it, and not with the next walk in the background. */
const markUnwanted = (trx: Trx, files: readonly Pick<PageRow, 'page_id' | 'connection_id'>[]) =>
  sql`
    update items set unwanted = true
    from unnest(${files.map(({ connection_id }) => connection_id)}::int[], ${files.map(({ page_id }) => page_id)}::text[])
      as gone (connection_id, page_id)
    where items.connection_id = gone.connection_id and items.type = 'PAGE' and items.external_id = gone.page_id`.execute(
    trx,
  )

const told = ['id', 'page_id', 'connection_id', 'title', 'space_key'] as const

type Told = Pick<PageRow, (typeof told)[number]>

/** Removes files with all that they hold, and what other pages show of them. */
export async function dropFiles(trx: Trx, ids: readonly number[]): Promise<Told[]> {
  const gone = await trx.deleteFrom('pages').where('id', '=', anyOf(ids)).returning(told).execute()
  await markReferring(trx, gone.map(gonePage))
  return gone
}

/** Keeps the records of files, and nothing of what they hold. */
async function emptyFiles(trx: Trx, ids: readonly number[]): Promise<Told[]> {
  const gone = await trx
    .updateTable('pages')
    .set({
      storage: null,
      html: null,
      text: null,
      outline: null,
      statistics: null,
      converter_version: null,
      sync_status: 'READY_TO_SYNC',
      sync_error_message: null,
      synced_at: sql`coalesce(synced_at, now())`,
      updated_at: new Date(),
    })
    .where('id', '=', anyOf(ids))
    .where((eb) => eb.or([eb('storage', 'is not', null), eb('sync_status', '!=', 'READY_TO_SYNC')]))
    .returning(told)
    .execute()
  await markReferring(trx, gone.map(gonePage))
  return gone
}

const gonePage = (file: Told) => ({ ...file, moved: true })
