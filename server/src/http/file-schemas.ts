import { z } from '@hono/zod-openapi'
import { fileStatuses } from '../db/schema.ts'
import { looseObject, orderDirection, pagination, sourceFilter, timestamp } from './carbon-schemas.ts'
import { boolean, integer, orDefault, text } from './lax.ts'

// Carbon's files: the pages.

const outline = z
  .array(z.object({ level: z.number().int(), text: z.string(), id: z.string() }))
  .openapi({ description: 'The headings, in order; `id` is that of the element in the HTML.' })

const statistics = z
  .object({
    characters: z.number().int(),
    words: z.number().int(),
    externalLinks: z.number().int(),
    codeBlocks: z.number().int(),
    tasks: z.number().int(),
    tasksDone: z.number().int(),
    images: z.number().int(),
    tables: z.number().int(),
  })
  .openapi({ description: 'What readers of the page see. `characters` leaves white space out.' })

export const userFile = z
  .object({
    id: z.number().int(),
    source: z.literal('CONFLUENCE'),
    organization_id: z.number().int(),
    organization_user_id: z.number().int(),
    organization_supplied_user_id: z.string(),
    organization_user_data_source_id: z.number().int(),
    external_file_id: z.string(),
    external_url: z.string().nullable(),
    sync_status: z.enum(fileStatuses),
    sync_error_message: z.string().nullable(),
    last_sync: timestamp.nullable(),
    tags: looseObject,
    file_statistics: z
      .object({
        file_format: z.literal('CONFLUENCE'),
        file_size: z.number().int(),
        num_characters: z.number().int(),
        num_tokens: z.number().int(),
        num_embeddings: z.number().int(),
        mime_type: z.string(),
      })
      .openapi({ description: 'Of the HTML, but for `num_characters`, which counts the plain text.' }),
    file_metadata: z
      .object({
        is_folder: z.boolean(),
        type: z.string(),
        space_id: z.string().nullable(),
        parent_external_id: z.string().nullable(),
        version: z.number().int().nullable(),
        source_updated_at: timestamp.nullable(),
        parsed_text_format: z.enum(['PLAIN_TEXT', 'MARKDOWN']),
        outline: outline.nullable(),
        statistics: statistics.nullable(),
      })
      .openapi({
        description:
          'Compare `version` to see whether a page changed. `outline` and `statistics` are null without contents.',
      }),
    embedding_properties: z.null(),
    chunk_size: z.null(),
    chunk_overlap: z.null(),
    chunk_properties: z.null(),
    ocr_properties: z.object({}),
    ocr_job_started_at: z.null(),
    name: z.string().nullable(),
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
export type UserFile = z.output<typeof userFile>

const MAX_IDS = 100
const ids = z.array(integer).nullish()
const words = z.array(text).nullish()

const fileFilters = z
  .object({
    source: sourceFilter,
    name: text.nullish(),
    tags: looseObject.nullish(),
    tags_v2: looseObject.nullish(),
    ids,
    external_file_ids: words,
    external_urls: words,
    sync_statuses: words,
    parent_file_ids: ids,
    organization_user_data_source_id: ids,
    root_files_only: boolean.nullish(),
    include_all_children: boolean.nullish(),
    include_containers: boolean.nullish(),
    non_synced_only: boolean.nullish(),
    request_ids: z.array(text).max(MAX_IDS).nullish(),
    upload_ids: z.array(text).max(MAX_IDS).nullish(),
    sync_error_message: text.nullish(),
  })
  .openapi('OrganizationUserFilesToSyncFilters')

/** Longest life of a signed URL, in seconds: a week. */
const MAX_EXPIRY_SECONDS = 7 * 24 * 3600

export const userFilesQuery = z
  .object({
    pagination,
    order_by: orDefault(z.enum(['created_at', 'updated_at', 'name', 'last_sync', 'file_size', 'id']), 'updated_at'),
    order_dir: orderDirection('asc'),
    filters: fileFilters.nullish(),
    include_raw_file: boolean.nullish(),
    include_parsed_text_file: boolean.nullish(),
    include_additional_files: boolean.nullish(),
    presigned_url_expiry_time_seconds: orDefault(integer.pipe(z.number().min(1)), 3600).transform((seconds) =>
      Math.min(seconds, MAX_EXPIRY_SECONDS),
    ),
  })
  .openapi('OrganizationUserFilesToSyncQueryInput')
export type UserFilesQuery = z.output<typeof userFilesQuery>

export const userFilesResponse = z
  .object({ results: z.array(userFile), count: z.number().int() })
  .openapi('UserFilesV2')

export const presignedUrlResponse = z.object({ presigned_url: z.string() }).openapi('PresignedURLResponse')

export const tagsToCreate = z
  .object({ organization_user_file_id: integer, tags: looseObject })
  .openapi('OrganizationUserFileTagCreate')
export const tagsToRemove = z
  .object({ organization_user_file_id: integer, tags: z.array(text) })
  .openapi('OrganizationUserFileTagsRemove')

export const resyncInput = z
  .object({ file_id: integer, skip_file_processing: boolean.nullish() })
  .openapi('ResyncFileQueryInput')

export const deleteFilesV2 = z
  .object({
    filters: fileFilters.nullish(),
    send_webhook: boolean.nullish(),
    preserve_file_record: boolean.nullish(),
    allow_empty_filters: boolean.nullish().openapi({
      description:
        'An extension: without any filter every file of the user would be deleted, so that has to be asked for.',
    }),
  })
  .openapi('DeleteFilesV2QueryInput')

export const deleteFiles = z
  .object({
    file_ids: ids,
    sync_statuses: words,
    delete_non_synced_only: boolean.nullish(),
    send_webhook: boolean.nullish(),
    delete_child_files: boolean.nullish(),
  })
  .openapi('DeleteFilesQueryInput')
