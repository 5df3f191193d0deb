import { sql, type Transaction } from 'kysely'
import type { Db } from './db/database.ts'
import type { Schema, Statistics } from './db/schema.ts'
import type { Services } from './services.ts'
import { recordEvents } from './webhooks/events.ts'

/** How old sums over a user's files may be: they are asked for whenever a dialog opens. */
const FRESH_MS = 60_000
/** Different tags that are told of one user. */
const MAX_TAGS = 1_000

async function sum(
  db: Db | Transaction<Schema>,
  column: 'user_id' | 'organization_id',
  id: number,
): Promise<Statistics> {
  const row = await db
    .selectFrom('pages')
    .select([
      sql<string>`count(*)`.as('files'),
      sql<string>`coalesce(sum(html_bytes), 0)`.as('bytes'),
      sql<string>`coalesce(sum(text_characters), 0)`.as('characters'),
    ])
    .where(column, '=', id)
    .executeTakeFirstOrThrow()
  return { files: Number(row.files), bytes: Number(row.bytes), characters: Number(row.characters) }
}

/** Sums over a user's files, at most a minute old. */
export async function userStatistics(db: Db, userId: number, now = Date.now()): Promise<Statistics> {
  const kept = await db
    .selectFrom('users')
    .select(['statistics', 'statistics_at'])
    .where('id', '=', userId)
    .executeTakeFirst()
  if (kept?.statistics && kept.statistics_at && now - kept.statistics_at.getTime() < FRESH_MS) return kept.statistics
  const { rows: tags } = await sql<{ key: string; value: string | string[] }>`
    select distinct tag.key, tag.value from pages, jsonb_each(pages.tags) as tag
    where pages.user_id = ${userId} and pages.tags <> '{}' limit ${MAX_TAGS}`.execute(db)
  const statistics = { ...(await sum(db, 'user_id', userId)), tags: tags.map(({ key, value }) => ({ [key]: value })) }
  await db
    .updateTable('users')
    .set({ statistics: JSON.stringify(statistics), statistics_at: new Date(now) })
    .where('id', '=', userId)
    .execute()
  return statistics
}

/** Sums over all files of an organisation, as its call for them asked, and tells the webhooks. */
export async function aggregateOrganization({ db }: Pick<Services, 'db'>, organizationId: number): Promise<void> {
  const statistics = await sum(db, 'organization_id', organizationId)
  await db.transaction().execute(async (trx) => {
    const now = new Date()
    await trx
      .updateTable('organizations')
      .set({ statistics: JSON.stringify(statistics), statistics_at: now, updated_at: now })
      .where('id', '=', organizationId)
      .execute()
    await recordEvents(trx, organizationId, [
      {
        type: 'FILE_STATISTICS_AGGREGATED',
        customerId: '',
        objectType: 'NONE',
        objectId: null,
        information: { file_statistics_aggregated_at: now.toISOString() },
        key: `organization:${organizationId}`,
      },
    ])
  })
}
