import { setImmediate as nextTick } from 'node:timers/promises'
import { sql } from 'kysely'
import { CONVERTER_VERSION } from '../content/index.ts'
import type { Db } from '../db/database.ts'
import type { Services } from '../services.ts'
import { type Convert, converted } from './converted.ts'
import type { Delivery } from './queue.ts'
import { siteBase } from './rows.ts'

// After an update of the converter, what an older one made is made again from the stored raw bodies: Atlassian is not asked, and nothing
// else about the files changes.

/** Pages read at a time: their bodies are held in memory together. */
const BATCH = 50
/** Batches of one job; then others have their turn. */
const BATCHES_PER_JOB = 20

/** Sees to it that stored pages are as this converter makes them; does nothing where they are. */
export async function startReconversion({ db, queue, log }: Pick<Services, 'db' | 'queue' | 'log'>): Promise<void> {
  if ((await outdated(db, 1)).length === 0 || (await queue.isAlive('reconvert', {}))) return
  log.info({ converterVersion: CONVERTER_VERSION }, 'stored pages are converted again')
  await db.transaction().execute((trx) => queue.send(trx, 'reconvert', {}))
}

/** Converts pages again, and hands on to another job where there are more. */
export async function reconvert(
  { db, queue, log }: Pick<Services, 'db' | 'queue' | 'log'>,
  { signal, stopping }: Pick<Delivery<'reconvert'>, 'signal' | 'stopping'>,
  convert?: Convert,
): Promise<void> {
  let pages = 0
  let batch = await outdated(db, BATCH)
  for (let batches = 0; batch.length > 0 && batches < BATCHES_PER_JOB && !stopping.aborted; batches++) {
    signal.throwIfAborted()
    for (const page of batch) {
      await write(db, page, convert)
      await nextTick()
    }
    pages += batch.length
    batch = await outdated(db, BATCH)
  }
  if (pages > 0) log.info({ job: 'reconvert', pages }, 'slice')
  if (batch.length > 0) await db.transaction().execute((trx) => queue.send(trx, 'reconvert', {}))
}

/** Pages that an older converter made, with what it takes to convert them. */
const outdated = (db: Db, limit: number) =>
  db
    .selectFrom('pages')
    .innerJoin('connections', 'connections.id', 'pages.connection_id')
    .leftJoin('items', (join) =>
      join
        .onRef('items.connection_id', '=', 'pages.connection_id')
        .on('items.type', '=', 'SPACE')
        .onRef('items.external_id', '=', 'pages.space_id'),
    )
    .select([
      'pages.id',
      'pages.page_id',
      'pages.title',
      'pages.storage',
      'pages.version',
      'pages.converter_version',
      'items.space_key',
      'connections.site_host',
    ])
    .where('pages.converter_version', '<', CONVERTER_VERSION)
    .orderBy('pages.converter_version')
    .orderBy('pages.id')
    .limit(limit)
    .execute()

type Outdated = Awaited<ReturnType<typeof outdated>>[number]

/** A page that was synced meanwhile is left as that made it, and one whose content is the same keeps its time. */
async function write(db: Db, page: Outdated, convert?: Convert): Promise<void> {
  const { sync_status, sync_error_message, ...content } = converted(
    page.storage ?? '',
    {
      baseUrl: siteBase(page),
      pageId: page.page_id,
      ...(page.title !== null && { title: page.title }),
      ...(page.space_key !== null && { spaceKey: page.space_key }),
    },
    convert,
  )
  const changes = sql<boolean>`(html is distinct from ${content.html} or text is distinct from ${content.text})`
  // What waits to be synced, or could not be for another reason, stays so.
  const ofConverter = sql<boolean>`(sync_status = 'READY' or sync_status = 'SYNC_ERROR' and html is null)`
  await db
    .updateTable('pages')
    .set({
      ...content,
      sync_status: sql`case when ${ofConverter} then ${sync_status} else sync_status end`,
      sync_error_message: sql`case when ${ofConverter} then ${sync_error_message} else sync_error_message end`,
      updated_at: sql`case when ${changes} then now() else updated_at end`,
    })
    .where('id', '=', page.id)
    .where('version', 'is not distinct from', page.version)
    .where('converter_version', '=', page.converter_version)
    .execute()
}
