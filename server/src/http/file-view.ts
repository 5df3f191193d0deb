import { type SelectQueryBuilder, sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { ContentKind, Schema, User } from '../db/schema.ts'
import type { ContentFormat } from '../files/content.ts'
import { type FileFilters, matching } from '../files/filters.ts'
import type { UserFile, UserFilesQuery } from './file-schemas.ts'
import type { SignedUrls } from './signed-urls.ts'

/** What a file is of, as `file_metadata.type` says it. */
const fileTypes = { page: 'PAGE', blogpost: 'BLOG_POST' } as const satisfies Record<ContentKind, string>

const orderColumns = {
  created_at: 'created_at',
  updated_at: 'updated_at',
  name: 'title',
  last_sync: 'synced_at',
  file_size: 'html_bytes',
  id: 'id',
} as const

/** What a list tells of a page: everything but its bodies. */
const withColumns = <O>(query: SelectQueryBuilder<Schema, 'pages', O>) =>
  query.select([
    'pages.id',
    'pages.organization_id',
    'pages.user_id',
    'pages.connection_id',
    'pages.page_id',
    'pages.kind',
    'pages.space_id',
    'pages.parent_id',
    'pages.title',
    'pages.url',
    'pages.version',
    'pages.parsed_text_format',
    'pages.sync_status',
    'pages.sync_error_message',
    'pages.tags',
    'pages.request_id',
    'pages.upload_id',
    'pages.source_created_at',
    'pages.source_updated_at',
    'pages.synced_at',
    'pages.created_at',
    'pages.updated_at',
    'pages.outline',
    'pages.statistics',
    'pages.html_bytes',
    'pages.text_characters',
    sql<boolean>`pages.html is not null`.as('has_content'),
  ])

/** Adds the parent's file id to the rows of a page, once it is known which they are: a skipped row is not looked up. */
const withParents = (db: Db, page: ReturnType<typeof rowsOf>) =>
  db
    .selectFrom(page.as('page'))
    .selectAll('page')
    .select(
      sql<number | null>`(
        select parent.id from pages as parent
        where parent.connection_id = page.connection_id and parent.page_id = page.parent_id and parent.user_id = page.user_id)`.as(
        'parent_file_id',
      ),
    )

/** Files, without their parents. */
export const rowsOf = (db: Db) => withColumns(db.selectFrom('pages'))

/** A page as lists tell of it. */
export type FileRow = Awaited<ReturnType<ReturnType<typeof withParents>['execute']>>[number]

/** The rows of a query, in its order. */
export async function findFiles(
  db: Db,
  userId: number,
  {
    filters,
    pagination,
    order_by,
    order_dir,
  }: Pick<UserFilesQuery, 'pagination' | 'order_by' | 'order_dir'> & { filters: FileFilters },
): Promise<FileRow[]> {
  const page = rowsOf(db)
    .where((eb) => matching(eb, userId, filters))
    .$if(pagination.starting_id > 0, (query) => query.where('pages.id', '>', pagination.starting_id))
    .orderBy(`pages.${orderColumns[order_by]}`, order_dir)
    .$if(order_by !== 'id', (query) => query.orderBy('pages.id', order_dir))
    .limit(pagination.limit)
    .offset(pagination.offset)
  return withParents(db, page)
    .orderBy(`page.${orderColumns[order_by]}`, order_dir)
    .orderBy('page.id', order_dir)
    .execute()
}

/** How many files match, on all pages. */
export async function countFiles(db: Db, userId: number, filters: FileFilters): Promise<number> {
  const { count } = await db
    .selectFrom('pages')
    .where((eb) => matching(eb, userId, filters))
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** One file of a user's. */
export async function findFile(db: Db, userId: number, id: number): Promise<FileRow | undefined> {
  const page = rowsOf(db).where('pages.id', '=', id).where('pages.user_id', '=', userId)
  return withParents(db, page).executeTakeFirst()
}

/** Which signed links a file gets, and for how long. */
export interface LinkWishes {
  raw: boolean
  parsed: boolean
  seconds: number
}

/** The format in which a file's parsed text is fetched. */
export const parsedFormat = (row: Pick<FileRow, 'parsed_text_format'>): ContentFormat =>
  row.parsed_text_format === 'MARKDOWN' ? 'md' : 'txt'

/** A page in Carbon's shape. */
export function fileView(
  row: FileRow,
  user: Pick<User, 'customer_id'>,
  urls: SignedUrls,
  links: LinkWishes = { raw: false, parsed: false, seconds: 0 },
): UserFile {
  const link = (format: ContentFormat, wanted: boolean) =>
    wanted && row.has_content ? urls.sign(row.id, format, links.seconds) : null
  return {
    id: row.id,
    source: 'CONFLUENCE',
    organization_id: row.organization_id,
    organization_user_id: row.user_id,
    organization_supplied_user_id: user.customer_id,
    organization_user_data_source_id: row.connection_id,
    external_file_id: row.page_id,
    external_url: row.url,
    sync_status: row.sync_status,
    sync_error_message: row.sync_error_message,
    last_sync: row.synced_at?.toISOString() ?? null,
    tags: row.tags,
    file_statistics: {
      file_format: 'CONFLUENCE',
      file_size: row.html_bytes,
      num_characters: row.text_characters,
      num_tokens: 0,
      num_embeddings: 0,
      mime_type: 'text/html',
    },
    file_metadata: {
      is_folder: false,
      type: fileTypes[row.kind],
      space_id: row.space_id,
      parent_external_id: row.parent_id,
      version: row.version,
      source_updated_at: row.source_updated_at?.toISOString() ?? null,
      parsed_text_format: row.parsed_text_format,
      outline: row.outline,
      statistics: row.statistics,
    },
    embedding_properties: null,
    chunk_size: null,
    chunk_overlap: null,
    chunk_properties: null,
    ocr_properties: {},
    ocr_job_started_at: null,
    name: row.title,
    parent_id: row.parent_file_id,
    enable_auto_sync: null,
    presigned_url: link('html', links.raw),
    parsed_text_url: link(parsedFormat(row), links.parsed),
    additional_presigned_urls: null,
    skip_embedding_generation: true,
    // A client of Carbon's takes no null here; until the page was fetched, the record's own time stands in.
    source_created_at: (row.source_created_at ?? row.created_at).toISOString(),
    generate_sparse_vectors: false,
    request_id: row.request_id,
    upload_id: row.upload_id,
    sync_properties: {},
    messages_metadata: {},
    file_contents_deleted: row.synced_at !== null && !row.has_content && row.sync_status === 'READY_TO_SYNC',
    supports_cold_storage: false,
    hot_storage_time_to_live: null,
    embedding_storage_status: 'HOT_STORAGE',
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}
