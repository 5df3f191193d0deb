import { setImmediate as nextTick } from 'node:timers/promises'
import { sql } from 'kysely'
import { CONVERTER_VERSION } from '../content/index.ts'
import type { Db } from '../db/database.ts'
import type { Services } from '../services.ts'
import { recordEvents } from '../webhooks/events.ts'
import { sourceOf } from './convert-page.ts'
import { UNLINKED } from './converted.ts'
import type { Converters } from './converters.ts'
import { fileProcessed, type Upload } from './happenings.ts'
import type { Delivery } from './queue.ts'
import { convertLinked, saveReferences } from './references.ts'
import { siteBase } from './rows.ts'

// After an update of the converter, what an older one made is made again from the stored raw bodies, and so is what names pages that have come,
// gone or changed: Atlassian is not asked, and nothing else about the files changes.

/** Pages looked for at a time. */
const BATCH = 50
/** Batches of one job; then others have their turn. */
const BATCHES_PER_JOB = 20

/** Sees to it that stored pages are as this converter makes them, with what they name; does nothing where they are. */
export async function startReconversion({ db, queue, log }: Pick<Services, 'db' | 'queue' | 'log'>): Promise<void> {
  if ((await outdated(db, 1)).length === 0 || (await queue.isAlive('reconvert', {}))) return
  log.info({ converterVersion: CONVERTER_VERSION }, 'pages are converted again')
  await db.transaction().execute((trx) => queue.send(trx, 'reconvert', {}))
}

/** Converts pages again, and hands on to another job where there are more. */
export async function reconvert(
  { db, queue, converters, log }: Pick<Services, 'db' | 'queue' | 'converters' | 'log'>,
  { signal, stopping }: Pick<Delivery<'reconvert'>, 'signal' | 'stopping'>,
): Promise<void> {
  let pages = 0
  let batch = await outdated(db, BATCH)
  for (let batches = 0; batch.length > 0 && batches < BATCHES_PER_JOB && !stopping.aborted; batches++) {
    signal.throwIfAborted()
    for (const { id } of batch) {
      const page = await stored(db, id)
      if (page) await write(db, page, converters)
      // The embedded database answers before the event loop has had a turn.
      await nextTick()
    }
    pages += batch.length
    batch = await outdated(db, BATCH)
  }
  if (pages > 0) log.info({ job: 'reconvert', pages }, 'slice')
  if (batch.length > 0) await db.transaction().execute((trx) => queue.send(trx, 'reconvert', {}))
}

/** Pages that an older converter made, or that name others and have not been told of them. */
const outdated = (db: Db, limit: number) =>
  db
    .selectFrom('pages')
    .select('id')
    .where('converter_version', '<', CONVERTER_VERSION)
    .orderBy('converter_version')
    .orderBy('id')
    .limit(limit)
    .execute()

/** What it takes to convert a page. One at a time is held in memory. */
const stored = (db: Db, id: number) =>
  db
    .selectFrom('pages')
    .innerJoin('connections', 'connections.id', 'pages.connection_id')
    .innerJoin('users', 'users.id', 'pages.user_id')
    .select([
      'pages.id',
      'pages.organization_id',
      'pages.connection_id',
      'pages.page_id',
      'pages.title',
      'pages.storage',
      'pages.html',
      'pages.text',
      'pages.version',
      'pages.converter_version',
      'pages.request_id',
      'pages.upload_id',
      'pages.space_key',
      'connections.site_host',
      'users.customer_id',
    ])
    .where('pages.id', '=', id)
    .where('pages.converter_version', '<', CONVERTER_VERSION)
    .executeTakeFirst()

type Page = NonNullable<Awaited<ReturnType<typeof stored>>>

/** A page that was synced or marked meanwhile is left as that made it, and one whose content is the same keeps its time. */
async function write(db: Db, page: Page, converters: Converters): Promise<void> {
  const { content, links, isComplete } = await convertLinked(db, page, sourceOf(page, siteBase(page)), converters.page)
  const { html, text, sync_status, sync_error_message, ...about } = content
  const hasChanged = html !== page.html || text !== page.text
  // What waits to be synced, or could not be for another reason, stays so.
  const ofConverter = sql<boolean>`(sync_status = 'READY' or sync_status = 'SYNC_ERROR' and html is null)`
  await db.transaction().execute(async (trx) => {
    const written = await trx
      .updateTable('pages')
      .set({
        ...about,
        // Once more, now that changes of all that it names reach it.
        ...(!isComplete && { converter_version: sql<number>`least(converter_version, ${UNLINKED}::int) - 1` }),
        // Bodies are not written for nothing.
        ...(hasChanged && { html, text, updated_at: new Date() }),
        sync_status: sql`case when ${ofConverter} then ${sync_status} else sync_status end`,
        sync_error_message: sql`case when ${ofConverter} then ${sync_error_message} else sync_error_message end`,
      })
      .where('id', '=', page.id)
      .where('version', 'is not distinct from', page.version)
      .where('converter_version', '=', page.converter_version)
      .returning('sync_status')
      .executeTakeFirst()
    if (!written) return
    await saveReferences(trx, [{ ...page, links }])
    // What a page shows of another has changed. Of a new converter nobody is told: it would be every page at once.
    const isRelinked = page.converter_version !== null && page.converter_version <= UNLINKED
    if (isRelinked && text !== page.text && written.sync_status === 'READY')
      await recordEvents(
        trx,
        page.organization_id,
        fileProcessed(uploadThatBrought(page), { id: page.id, isResync: true, error: null }),
      )
  })
}

const uploadThatBrought = ({ customer_id, connection_id, request_id, upload_id }: Page): Upload => ({
  customerId: customer_id,
  dataSourceId: connection_id,
  requestId: request_id ?? '',
  uploadId: upload_id ?? '',
})
