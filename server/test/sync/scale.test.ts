import { sql, type Transaction } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Schema } from '../../src/db/schema.ts'
import { hasAbsent } from '../../src/sync/absences.ts'
import { placeOrphans } from '../../src/sync/items.ts'
import { convertLinked, namedByMany } from '../../src/sync/links.ts'
import { markReferring, saveReferences } from '../../src/sync/references.ts'
import { databases, useDatabase } from '../database.ts'

// PostgreSQL has no statistics of rows that were written a moment ago. A query that leaves it a choice then compares every page with
// every other: 2.5 million rows for 2,000 pages.

const PAGES = 2_000
/** As many as a response holds, about. */
const SOME = 200

const source = { storage: '', baseUrl: 'https://acme.atlassian.net/wiki', pageId: '1' }

describe.each(databases)('many pages without statistics in the $kind database', ({ open }) => {
  const db = useDatabase(open)

  /** How many rows of the index a step reads, over as many pages; what it writes is forgotten. */
  const rowsRead = (step: (trx: Transaction<Schema>) => Promise<unknown>) =>
    db()
      .transaction()
      .execute(async (trx) => {
        // The rows that these belong to are not what this is about.
        await sql`set local session_replication_role = replica`.execute(trx)
        await sql`
          insert into items (connection_id, type, external_id, parent_external_id, source_parent_id, space_id, name, url, seen_by)
          select 1, 'PAGE', page::text, (page / 3)::text, (page / 3)::text, 'space', 'Page', 'https://example.com', 1
          from generate_series(1, ${PAGES}::int) as page`.execute(trx)
        await sql`
          insert into pages (id, organization_id, user_id, connection_id, page_id, space_id, space_key, title, url, status, version, storage,
            converter_version, sync_status, parsed_text_format, source_created_at, source_updated_at, created_at)
          overriding system value
          select page, 1, 1, 1, page::text, 'space', 'KEY', 'Page ' || page, 'https://example.com', 'current', 1, '',
            1, 'READY', 'PLAIN_TEXT', now(), now(), '2020-01-01'
          from generate_series(1, ${PAGES}::int) as page`.execute(trx)
        await sql`
          insert into page_references (file_id, connection_id, space_key, title, includes, page_id)
          select page, 1, 'KEY', 'Page ' || named, true, named::text
          from generate_series(1, ${PAGES}::int) as page, generate_series(page - 2, page + 2) as named`.execute(trx)
        await sql`
          insert into syncs (id, connection_id, kind, phase, request_id, upload_id) overriding system value
          values (1, 1, 'all', 'pages', 'request', 'upload')`.execute(trx)
        const before = await read(trx)
        await step(trx)
        const rows = (await read(trx)) - before
        await sql`delete from page_references`.execute(trx)
        await sql`delete from pages`.execute(trx)
        await sql`delete from items`.execute(trx)
        await sql`delete from syncs`.execute(trx)
        return rows
      })

  const read = async (trx: Transaction<Schema>) => {
    const { rows } = await sql<{ rows: number }>`
      select sum(idx_tup_fetch + seq_tup_read)::float8 as rows from pg_stat_xact_user_tables
      where relname in ('items', 'pages', 'page_references')`.execute(trx)
    return rows[0]?.rows ?? Number.NaN
  }

  it.each([
    ['finding pages whose parent is missing', (trx: Transaction<Schema>) => placeOrphans(trx, 1)],
    [
      'finding what a walk did not see',
      (trx: Transaction<Schema>) => hasAbsent(trx, { id: 1, kind: 'all', connection_id: 1 }),
    ],
  ])('%s reads each page a few times', async (_, step) => {
    const rows = await rowsRead(step)
    expect(rows).toBeGreaterThan(PAGES)
    expect(rows).toBeLessThan(10 * PAGES)
  })

  // Of a response: each is named by five, and names five.
  const some = Array.from({ length: SOME }, (_, index) => index * 10 + 5)
  const named = (id: number) => ({
    connection_id: 1,
    page_id: String(id),
    title: `Page ${id}`,
    space_key: 'KEY',
    moved: true,
  })
  const names = (id: number) =>
    [-2, -1, 0, 1, 2].map((step) => ({ spaceKey: 'KEY', title: `Page ${id + step}`, includes: true }))

  it.each([
    ['marking those that name some pages', (trx: Transaction<Schema>) => markReferring(trx, some.map(named))],
    [
      'noting what some new pages name',
      (trx: Transaction<Schema>) =>
        saveReferences(
          trx,
          some.map((id) => ({ id, connection_id: 1, links: { references: names(id), found: new Map(), known: [] } })),
        ),
    ],
    [
      'looking up what some pages name',
      async (trx: Transaction<Schema>) => {
        for (const id of some)
          await convertLinked(trx, { id, connection_id: 1 }, source, async () => ({ references: names(id) }))
      },
    ],
    [
      'looking up at once what many pages name',
      async (trx: Transaction<Schema>) => {
        const named = await namedByMany(
          trx,
          some.map((id) => ({ id, connection_id: 1 })),
        )
        for (const id of some) expect(named.get(id)?.found.size).toBe(5)
      },
    ],
  ])('%s reads them a few times, and not all', async (_, step) => {
    const rows = await rowsRead(step)
    expect(rows).toBeGreaterThan(SOME)
    expect(rows).toBeLessThan(40 * SOME)
  })
})
