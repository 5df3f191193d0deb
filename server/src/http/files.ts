import { createRoute } from '@hono/zod-openapi'
import type { z } from 'zod'
import type { Services } from '../services.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { type userFile, userFilesQuery, userFilesResponse } from './carbon-schemas.ts'
import { matching } from './file-filters.ts'
import { asUser, carbonAnswers, createRouter, jsonBody } from './routes.ts'
import type { ContentFormat, SignedUrls } from './signed-urls.ts'

const orderColumns = {
  created_at: 'pages.created_at',
  updated_at: 'pages.updated_at',
  name: 'pages.title',
  last_sync: 'pages.synced_at',
  file_size: 'pages.html_bytes',
  id: 'pages.id',
} as const

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
      .where((eb) => matching(eb, user, query))
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    const rows = await db
      .selectFrom('pages')
      .leftJoin('pages as parents', (join) =>
        join
          .onRef('parents.connection_id', '=', 'pages.connection_id')
          .onRef('parents.page_id', '=', 'pages.parent_id'),
      )
      .where((eb) => matching(eb, user, query))
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
        'pages.html_bytes',
        'pages.text_characters',
        'parents.id as parent_file_id',
      ])
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

  return router
}
