import { z } from '@hono/zod-openapi'

// Carbon's shapes for Confluence, as its published clients send and read them.

const timestamp = z.iso.datetime({ offset: true })
const tags = z.record(z.string(), z.unknown())

/** Lax on purpose: clients send numbers as strings, and nulls for what they leave out. */
const integer = z.coerce.number().int().min(-2_147_483_648).max(2_147_483_647)
const orDefault = <T extends z.ZodType>(schema: T, fallback: z.output<T>) =>
  schema.nullish().transform((value) => value ?? fallback)

const MAX_LIMIT = 250
const pagination = z.object({
  // Clients of Carbon's ask for up to 10,000; what is above the limit is cut, not refused.
  limit: orDefault(integer.min(0), 10).transform((limit) => Math.min(limit, MAX_LIMIT)),
  offset: orDefault(integer.min(0), 0),
  starting_id: orDefault(integer.min(0), 0),
})
const noPagination = { limit: 10, offset: 0, starting_id: 0 }

const orderDirection = orDefault(z.enum(['asc', 'desc']), 'asc')
const oneOrMany = <T extends z.ZodType>(schema: T) =>
  z.union([z.array(schema), schema.transform((value) => [value])]).nullish()

export const detail = z.object({ detail: z.string() }).openapi('Error')

export const tokenResponse = z.object({ access_token: z.string(), refresh_token: z.string() }).openapi('TokenResponse')

export const oauthUrlRequest = z
  .object({
    service: z.string(),
    confluence_subdomain: z.string().nullish(),
    connecting_new_account: z.boolean().nullish(),
    data_source_id: integer.nullish(),
    sync_files_on_connection: z.boolean().nullish(),
    sync_source_items: z.boolean().nullish(),
    incremental_sync: z.boolean().nullish(),
    request_id: z.string().nullish(),
    tags: z.unknown().optional(),
    data_source_tags: tags.nullish(),
    scopes: z.array(z.string()).nullish(),
    scope: z.string().nullish(),
    file_sync_config: tags.nullish(),
  })
  .openapi('OAuthURLRequest')

export const oauthUrlResponse = z.object({ oauth_url: z.string() }).openapi('OuthURLResponse')

const dataSource = z
  .object({
    id: z.number().int(),
    data_source_external_id: z.string(),
    data_source_type: z.literal('CONFLUENCE'),
    token: z.null(),
    sync_status: z.enum(['QUEUED_FOR_SYNCING', 'SYNCING', 'READY', 'SYNC_ERROR']),
    source_items_synced_at: timestamp.nullable(),
    organization_user_id: z.number().int(),
    organization_id: z.number().int(),
    organization_supplied_user_id: z.string(),
    revoked_access: z.boolean(),
    last_synced_at: timestamp,
    last_sync_action: z.enum(['ADD', 'UPDATE', 'CANCEL', 'REVOKE']),
    enable_auto_sync: z.boolean().nullable(),
    created_at: timestamp,
    updated_at: timestamp,
    files_synced_at: timestamp.nullable(),
    data_source_metadata: tags,
    tags,
  })
  .openapi('OrganizationUserDataSourceAPI')

export const dataSourceQuery = z
  .object({
    pagination: orDefault(pagination, noPagination),
    order_by: orDefault(z.enum(['created_at', 'updated_at']), 'updated_at'),
    order_dir: orderDirection,
    filters: z
      .object({
        source: oneOrMany(z.string()),
        ids: z.array(integer).nullish(),
        revoked_access: z.boolean().nullish(),
        tags: tags.nullish(),
      })
      .nullish(),
  })
  .openapi('OrganizationUserDataSourceQueryInput')

export const dataSourceResponse = z
  .object({ results: z.array(dataSource), count: z.number().int() })
  .openapi('OrganizationUserDataSourceResponse')

export const userFile = z
  .object({
    id: z.number().int(),
    source: z.literal('CONFLUENCE'),
    organization_id: z.number().int(),
    organization_user_id: z.number().int(),
    organization_supplied_user_id: z.string(),
    organization_user_data_source_id: z.number().int(),
    external_file_id: z.string(),
    external_url: z.string(),
    sync_status: z.enum(['READY', 'SYNC_ERROR']),
    sync_error_message: z.string().nullable(),
    last_sync: timestamp,
    tags,
    file_statistics: z.object({
      file_format: z.literal('CONFLUENCE'),
      file_size: z.number().int(),
      num_characters: z.number().int(),
      num_tokens: z.number().int(),
      num_embeddings: z.number().int(),
      mime_type: z.string(),
    }),
    file_metadata: z.object({
      is_folder: z.boolean(),
      type: z.string(),
      space_id: z.string(),
      parent_external_id: z.string().nullable(),
      version: z.number().int(),
      source_updated_at: timestamp,
    }),
    embedding_properties: z.null(),
    chunk_size: z.null(),
    chunk_overlap: z.null(),
    chunk_properties: z.null(),
    ocr_properties: z.object({}),
    ocr_job_started_at: z.null(),
    name: z.string(),
    parent_id: z.number().int().nullable(),
    enable_auto_sync: z.boolean().nullable(),
    presigned_url: z.string().nullable(),
    parsed_text_url: z.string().nullable(),
    additional_presigned_urls: z.null(),
    skip_embedding_generation: z.boolean(),
    source_created_at: timestamp,
    generate_sparse_vectors: z.boolean(),
    request_id: z.string().nullable(),
    upload_id: z.string().nullable(),
    sync_properties: z.object({}),
    messages_metadata: z.object({}),
    file_contents_deleted: z.boolean(),
    supports_cold_storage: z.boolean(),
    hot_storage_time_to_live: z.null(),
    embedding_storage_status: z.literal('HOT_STORAGE'),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .openapi('UserFile')

/** Longest life of a signed URL, in seconds: a week. */
const MAX_EXPIRY_SECONDS = 7 * 24 * 3600

export const userFilesQuery = z
  .object({
    pagination: orDefault(pagination, noPagination),
    order_by: orDefault(z.enum(['created_at', 'updated_at', 'name', 'last_sync', 'file_size', 'id']), 'updated_at'),
    order_dir: orderDirection,
    filters: z
      .object({
        source: oneOrMany(z.string()),
        name: z.string().nullish(),
        ids: z.array(integer).nullish(),
        external_file_ids: z.array(z.coerce.string()).nullish(),
        external_urls: z.array(z.string()).nullish(),
        sync_statuses: z.array(z.string()).nullish(),
        organization_user_data_source_id: z.array(integer).nullish(),
        request_ids: z.array(z.string()).max(100).nullish(),
        upload_ids: z.array(z.string()).max(100).nullish(),
      })
      .nullish(),
    include_raw_file: z.boolean().nullish(),
    include_parsed_text_file: z.boolean().nullish(),
    presigned_url_expiry_time_seconds: orDefault(integer.min(1), 3600).transform((seconds) =>
      Math.min(seconds, MAX_EXPIRY_SECONDS),
    ),
  })
  .openapi('OrganizationUserFilesToSyncQueryInput')

export const userFilesResponse = z
  .object({ results: z.array(userFile), count: z.number().int() })
  .openapi('UserFilesV2')
