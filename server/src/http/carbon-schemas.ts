import { z } from '@hono/zod-openapi'
import { boolean, integer, oneOrMany, orDefault, text } from './lax.ts'

// What Carbon's operations share. Each resource's own shapes lie beside it.

export const timestamp = z.iso.datetime({ offset: true })
export const looseObject = z.record(z.string(), z.unknown())

const MAX_LIMIT = 250
export const pagination = orDefault(
  z.object({
    // Clients of Carbon's ask for up to 10,000; what is above the limit is cut, not refused.
    limit: orDefault(integer.pipe(z.number().min(0)), 10).transform((limit) => Math.min(limit, MAX_LIMIT)),
    offset: orDefault(integer.pipe(z.number().min(0)), 0),
    starting_id: orDefault(integer.pipe(z.number().min(0)), 0),
  }),
  { limit: 10, offset: 0, starting_id: 0 },
)

export const orderDirection = (fallback: 'asc' | 'desc') => orDefault(z.enum(['asc', 'desc']), fallback)

/** A list of sources to filter by, or one: of Carbon's 63, only this server's own matches anything. */
export const sourceFilter = oneOrMany(z.string()).nullish()

export const detail = z.object({ detail: z.string() }).openapi('Error')

export const success = z.object({ success: z.boolean() }).openapi('GenericSuccessResponse')
export const done = { success: true } as const

export const tokenResponse = z.object({ access_token: z.string(), refresh_token: z.string() }).openapi('TokenResponse')

/** Our half of Carbon's `file_sync_config`; the rest is about other sources. */
const fileSyncConfig = z
  .object({
    parsed_text_format: z.enum(['PLAIN_TEXT', 'MARKDOWN']).nullish().openapi({
      description: 'What `parsed_text_url` gives. Markdown is an extension; Carbon had it for Notion only.',
    }),
    skip_file_processing: boolean.nullish().openapi({ description: 'Only make the records; fetch nothing.' }),
  })
  .nullish()

/** Options that every way to connect or to sync takes. */
export const syncOptions = {
  tags: z.unknown().optional(),
  request_id: text.pipe(z.string().max(200)).nullish(),
  incremental_sync: boolean.nullish(),
  file_sync_config: fileSyncConfig,
}

export const connectOptions = {
  ...syncOptions,
  sync_files_on_connection: boolean.nullish(),
  sync_source_items: boolean.nullish(),
  data_source_tags: looseObject.nullish(),
}

export const dataSource = z
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
    data_source_metadata: looseObject,
    tags: looseObject,
  })
  .openapi('OrganizationUserDataSourceAPI')

export const byDataSource = z.object({ data_source_id: integer })
