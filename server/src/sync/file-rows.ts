import { setImmediate as nextTick } from 'node:timers/promises'
import { sql } from 'kysely'
import type { ConfluencePage } from '../confluence/types.ts'
import type { Db } from '../db/database.ts'
import type { ConnectionRow, NewPage, ParsedTextFormat, SyncRow } from '../db/schema.ts'
import { type PageSource, sourceOf } from './convert-page.ts'
import { type Content, noContent, UNLINKED } from './converted.ts'
import type { Converters } from './converters.ts'
import type { Reference } from './finder.ts'
import { convertLinked } from './links.ts'
import { placeOf, withoutNul } from './rows.ts'

export interface PageContext {
  connection: Pick<ConnectionRow, 'id' | 'organization_id' | 'user_id' | 'sync_options' | 'site_host'>
  sync: Pick<SyncRow, 'id' | 'request_id' | 'upload_id' | 'options'>
  /** The site's base for links, `https://acme.atlassian.net/wiki`. */
  baseUrl: string
  /** Space keys by space id. */
  spaceKeys: ReadonlyMap<string, string>
  converters: Pick<Converters, 'page' | 'pages'>
}

/** A row for every page of a response, and what the page names. */
export type FileRow = NewPage &
  ReturnType<typeof placeOf> & {
    page_id: string
    space_key: string | null
    version: number
    storage: string | null
    text: string | null
    references: Reference[]
  }

/** Converts the pages of one response into rows. A page that cannot be converted is kept raw and marked. */
export async function toRows(pages: ConfluencePage[], context: PageContext): Promise<FileRow[]> {
  if (context.sync.options.recordOnly) return pages.map((page) => toRow(page, context, noContent))
  const sources = pages.map((page) => toSource(page, context))
  const made = await context.converters.pages(sources)
  const now = new Date()
  return pages.flatMap((page, index) => {
    const [source, one] = [sources[index], made[index]]
    if (!source || !one) return []
    const { content, references } = one
    const converter_version = references.length > 0 ? UNLINKED : content.converter_version
    return [
      {
        ...toRow(page, context, { ...content, storage: source.storage, synced_at: now, converter_version }),
        references,
      },
    ]
  })
}

/**
 * The same, and pages that have a file show at once what they include, as far as that is stored: whoever is told of one that was fetched again finds
 * it whole. All else is looked up after the sync.
 */
export async function toLinkedRows(db: Db, pages: ConfluencePage[], context: PageContext): Promise<FileRow[]> {
  const rows = await toRows(pages, context)
  const showing = rows.filter(({ references }) => references.some(({ includes }) => includes))
  if (showing.length === 0) return rows
  const ids = await fileIds(
    db,
    context.connection.id,
    showing.map((row) => row.page_id),
  )
  for (const row of showing) {
    const id = ids.get(row.page_id)
    if (id === undefined) continue
    const source = sourceOf(row, context.baseUrl)
    const file = { id, connection_id: row.connection_id }
    const { content, links } = await convertLinked(db, file, source, context.converters.page)
    Object.assign(row, content, { converter_version: UNLINKED, references: links.references })
    // The embedded database answers before the event loop has had a turn.
    await nextTick()
  }
  return rows
}

async function fileIds(db: Db, connectionId: number, pageIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const files = await db
    .selectFrom('pages')
    .select(['id', 'page_id'])
    .where('connection_id', '=', connectionId)
    .where('page_id', '=', sql<string>`any(${pageIds}::text[])`)
    .execute()
  return new Map(files.map((file) => [file.page_id, file.id]))
}

/** How the parsed text of a connection's files is given, unless a call says otherwise. */
export const defaultFormat = ({ sync_options }: Pick<ConnectionRow, 'sync_options'>): ParsedTextFormat =>
  sync_options.fileSyncConfig?.parsed_text_format === 'MARKDOWN' ? 'MARKDOWN' : 'PLAIN_TEXT'

const toSource = (page: ConfluencePage, { baseUrl, spaceKeys }: PageContext): PageSource =>
  sourceOf(
    {
      storage: withoutNul(page.body?.storage?.value ?? ''),
      page_id: page.id,
      title: placeOf(page, baseUrl).title,
      space_key: spaceKeys.get(page.spaceId) ?? null,
    },
    baseUrl,
  )

type StoredContent = typeof noContent | (Content & { storage: string; synced_at: Date })

const toRow = (
  page: ConfluencePage,
  { connection, sync, baseUrl, spaceKeys }: PageContext,
  content: StoredContent,
): FileRow => ({
  organization_id: connection.organization_id,
  user_id: connection.user_id,
  connection_id: connection.id,
  page_id: page.id,
  kind: page.kind ?? 'page',
  ...placeOf(page, baseUrl),
  space_key: spaceKeys.get(page.spaceId) ?? null,
  parent_type: page.parentType ?? null,
  status: page.status,
  version: page.version.number,
  ...content,
  parsed_text_format: sync.options.parsedTextFormat ?? defaultFormat(connection),
  tags: JSON.stringify(sync.options.tags ?? {}),
  request_id: sync.request_id,
  upload_id: sync.upload_id,
  source_created_at: page.createdAt,
  source_updated_at: page.version.createdAt,
  references: [],
})
