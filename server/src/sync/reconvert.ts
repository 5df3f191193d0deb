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
import { convertLinked, type Named, namedByMany } from './links.ts'
import type { Delivery } from './queue.ts'
import { saveReferences } from './references.ts'
import { siteBase } from './rows.ts'

// After an update of the converter, what an older one made is made again from the stored raw bodies, and so is what names pages that have come,
// gone or changed: Atlassian is not asked, and nothing else about the files changes.

/** Pages read at a time, and at most so many bytes of them; a page that has more is read alone. */
const PORTION = { pages: 50, bytes: 4_000_000 }
/** Portions of one job; then others have their turn. */
const PORTIONS_PER_JOB = 20

/** Sees to it that stored pages are as this converter makes them, with what they name; does nothing where they are. */
export async function startReconversion({ db, queue, log }: Pick<Services, 'db' | 'queue' | 'log'>): Promise<void> {
  if ((await outdated(db)).length === 0 || (await queue.isAlive('reconvert', {}))) return
  log.info({ converterVersion: CONVERTER_VERSION }, 'pages are converted again')
  await db.transaction().execute((trx) => queue.send(trx, 'reconvert', {}))
}

/** Converts pages again, and hands on to another job where there are more. */
export async function reconvert(
  { db, queue, converters, log }: Pick<Services, 'db' | 'queue' | 'converters' | 'log'>,
  { signal, stopping }: Pick<Delivery<'reconvert'>, 'signal' | 'stopping'>,
): Promise<void> {
  let converted = 0
  let portion = await outdated(db)
  for (let portions = 0; portion.length > 0 && portions < PORTIONS_PER_JOB && !stopping.aborted; portions++) {
    signal.throwIfAborted()
    const pages = await stored(db, portion)
    const named = await namedByMany(db, pages)
    for (const page of pages) {
      await write(db, page, converters, named.get(page.id))
      // The embedded database answers before the event loop has had a turn.
      await nextTick()
    }
    converted += pages.length
    portion = await outdated(db)
  }
  if (converted > 0) log.info({ job: 'reconvert', pages: converted }, 'slice')
  if (portion.length > 0) await db.transaction().execute((trx) => queue.send(trx, 'reconvert', {}))
}

/** The next pages that an older converter made, or that name others and have not been told of them: as many as are read at once. */
async function outdated(db: Db): Promise<number[]> {
  const next = await db
    .selectFrom('pages')
    .select([
      'id',
      sql<number>`coalesce(octet_length(storage), 0) + html_bytes + coalesce(octet_length(text), 0)`.as('bytes'),
    ])
    .where('converter_version', '<', CONVERTER_VERSION)
    .orderBy('converter_version')
    .orderBy('id')
    .limit(PORTION.pages)
    .execute()
  let bytes = 0
  const fitting = next.filter((page) => {
    bytes += page.bytes
    return bytes <= PORTION.bytes
  })
  return (fitting.length > 0 ? fitting : next.slice(0, 1)).map(({ id }) => id)
}

/** What it takes to convert pages. */
const stored = (db: Db, ids: readonly number[]) =>
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
    .where('pages.id', '=', sql<number>`any(${ids}::int[])`)
    .where('pages.converter_version', '<', CONVERTER_VERSION)
    .orderBy('pages.converter_version')
    .orderBy('pages.id')
    .execute()

type Page = Awaited<ReturnType<typeof stored>>[number]

/** A page that was synced or marked meanwhile is left as that made it, and one whose content is the same keeps its time. */
async function write(db: Db, page: Page, converters: Converters, named: Named | undefined): Promise<void> {
  const source = sourceOf(page, siteBase(page))
  const { content, links, isComplete } = await convertLinked(db, page, source, converters.page, named)
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
