import { createRoute } from '@hono/zod-openapi'
import { type ExpressionBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Schema, User } from '../db/schema.ts'
import type { Services } from '../services.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { type userFile, userFilesQuery, userFilesResponse } from './carbon-schemas.ts'
import { HttpError } from './errors.ts'
import { asUser, carbonAnswers, createRouter, jsonBody } from './routes.ts'
import { type ContentFormat, contentFormats, type SignedUrls } from './signed-urls.ts'

type Query = z.output<typeof userFilesQuery>
type Filters = NonNullable<Query['filters']>

const orderColumns = {
  created_at: 'pages.created_at',
  updated_at: 'pages.updated_at',
  name: 'pages.title',
  last_sync: 'pages.synced_at',
  file_size: 'html_bytes',
  id: 'pages.id',
} as const

const anyOf = (column: string, values: readonly (string | number)[], type: 'text' | 'int') =>
  sql<boolean>`${sql.ref(column)} = any(${values}::${sql.raw(type)}[])`

/** What each filter means in SQL. All are joined by AND; a list matches any of its values. */
const conditions: { [Name in keyof Filters]?: (value: NonNullable<Filters[Name]>) => ReturnType<typeof sql<boolean>> } =
  {
    source: (sources) => (sources.includes('CONFLUENCE') ? sql<boolean>`true` : sql<boolean>`false`),
    name: (name) => sql<boolean>`strpos(lower(pages.title), lower(${name})) > 0`,
    ids: (ids) => anyOf('pages.id', ids, 'int'),
    external_file_ids: (ids) => anyOf('pages.page_id', ids, 'text'),
    external_urls: (urls) => anyOf('pages.url', urls, 'text'),
    sync_statuses: (statuses) => anyOf('pages.sync_status', statuses, 'text'),
    organization_user_data_source_id: (ids) => anyOf('pages.connection_id', ids, 'int'),
    request_ids: (ids) => anyOf('pages.request_id', ids, 'text'),
    upload_ids: (ids) => anyOf('pages.upload_id', ids, 'text'),
  }

function where(eb: ExpressionBuilder<Schema, 'pages'>, user: User, { filters, pagination }: Query) {
  const parts = [
    eb('pages.user_id', '=', user.id),
    ...(pagination.starting_id > 0 ? [eb('pages.id', '>', pagination.starting_id)] : []),
  ]
  for (const [name, condition] of Object.entries(conditions) as [
    keyof Filters,
    (value: unknown) => ReturnType<typeof sql<boolean>>,
  ][]) {
    const value = filters?.[name]
    if (value !== null && value !== undefined) parts.push(condition(value) as unknown as (typeof parts)[number])
  }
  return eb.and(parts)
}

/** Carbon's files: the pages, and where to fetch their contents. */
export function fileRoutes({ db }: Services, authenticate: Authenticator, urls: SignedUrls) {
  const route = createRoute({
    method: 'post',
    path: '/user_files_v2',
    tags: ['Files'],
    summary: 'The pages of this user',
    description:
      'With `include_raw_file` each page has a `presigned_url` (HTML), with `include_parsed_text_file` a `parsed_text_url` (plain text). Both work without headers until they expire.',
    security: asUser,
    request: jsonBody(userFilesQuery),
    responses: carbonAnswers(userFilesResponse),
  })
  const router = createRouter<Authenticated>()
  router.use(route.path, authenticate.user)

  router.openapi(route, async (c) => {
    const { user } = c.var
    const query = c.req.valid('json')
    const { count } = await db
      .selectFrom('pages')
      .where((eb) => where(eb, user, query))
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    const rows = await db
      .selectFrom('pages')
      .leftJoin('pages as parents', (join) =>
        join
          .onRef('parents.connection_id', '=', 'pages.connection_id')
          .onRef('parents.page_id', '=', 'pages.parent_id'),
      )
      .where((eb) => where(eb, user, query))
      .select([
        'pages.id',
        'pages.organization_id',
        'pages.user_id',
        'pages.connection_id',
        'pages.page_id',
        'pages.space_id',
        'pages.parent_id',
        'pages.title',
        'pages.url',
        'pages.version',
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
        'parents.id as parent_file_id',
      ])
      .select(sql<number>`coalesce(octet_length(pages.html), 0)`.as('html_bytes'))
      .select(sql<number>`coalesce(char_length(pages.text), 0)`.as('text_characters'))
      .orderBy(orderColumns[query.order_by], query.order_dir)
      .orderBy('pages.id', query.order_dir)
      .limit(query.pagination.limit)
      .offset(query.pagination.offset)
      .execute()

    const link = (row: (typeof rows)[number], format: ContentFormat, wanted: boolean | null | undefined) =>
      wanted && row.sync_status === 'READY' ? urls.sign(row.id, format, query.presigned_url_expiry_time_seconds) : null

    const results = rows.map(
      (row): z.output<typeof userFile> => ({
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
        last_sync: row.synced_at.toISOString(),
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
          type: 'PAGE',
          space_id: row.space_id,
          parent_external_id: row.parent_id,
          version: row.version,
          source_updated_at: row.source_updated_at.toISOString(),
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
        presigned_url: link(row, 'html', query.include_raw_file),
        parsed_text_url: link(row, 'txt', query.include_parsed_text_file),
        additional_presigned_urls: null,
        skip_embedding_generation: true,
        source_created_at: row.source_created_at.toISOString(),
        generate_sparse_vectors: false,
        request_id: row.request_id,
        upload_id: row.upload_id,
        sync_properties: {},
        messages_metadata: {},
        file_contents_deleted: false,
        supports_cold_storage: false,
        hot_storage_time_to_live: null,
        embedding_storage_status: 'HOT_STORAGE',
        created_at: row.created_at.toISOString(),
        updated_at: row.updated_at.toISOString(),
      }),
    )
    return c.json({ results, count: Number(count) }, 200)
  })

  // The signature is the credential: no other is asked for.
  router.get('/files/:file', async (c) => {
    const [, idText = '', format = ''] = /^(\d{1,10})\.(html|txt)$/.exec(c.req.param('file')) ?? []
    if (!isFormat(format)) throw new HttpError(404, 'unknown', 'There is no such file.')
    const id = Number(idText)
    const verdict = urls.verify(id, format, { expires: c.req.query('expires'), signature: c.req.query('signature') })
    if (verdict === 'expired')
      throw new HttpError(403, 'unknown', 'This link has expired. Fetch a new one from /user_files_v2.')
    if (verdict === 'invalid')
      throw new HttpError(403, 'unknown', 'This link is not valid. Fetch one from /user_files_v2 and use it unchanged.')
    const column = format === 'html' ? 'html' : 'text'
    const page = await db.selectFrom('pages').select(['title', column]).where('id', '=', id).executeTakeFirst()
    const body = page?.[column as 'html']
    if (!page || body === null || body === undefined)
      throw new HttpError(404, 'unknown', 'The content of this page is no longer here.')
    c.header('content-type', contentFormats[format])
    c.header('cache-control', 'private, no-store')
    // Content is a customer's: should a browser open it, nothing in it runs, and nothing of this origin is within reach.
    c.header('content-security-policy', "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'")
    c.header('x-content-type-options', 'nosniff')
    return c.body(format === 'html' ? htmlDocument(page.title, body) : body)
  })

  return router
}

const isFormat = (format: string): format is ContentFormat => format in contentFormats

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const htmlDocument = (title: string, body: string) =>
  `<!doctype html>\n<html>\n<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>\n<body dir="auto">\n${body}\n</body>\n</html>\n`
