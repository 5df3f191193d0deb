import { z } from '@hono/zod-openapi'

// The `/v1` API. The library's src/contract.ts is the other half; a type test keeps the two equal.

const timestamp = z.iso.datetime({ offset: true })
const tags = z.record(z.string(), z.unknown())

export const errorCode = z.enum([
  'access_denied',
  'admin_approval_required',
  'browser_mismatch',
  'flow_cancelled',
  'flow_expired',
  'flow_superseded',
  'network',
  'no_confluence_access',
  'origin_not_allowed',
  'popup_blocked',
  'popup_closed',
  'popup_no_opener',
  'provider_unavailable',
  'rate_limited',
  'reconnect_needed',
  'scope_missing',
  'session_expired',
  'session_invalid',
  'site_mismatch',
  'site_not_found',
  'state_invalid',
  'sync_failed',
  'token_exchange_failed',
  'unknown',
])

export const wireError = z.object({ code: errorCode, message: z.string() }).openapi('V1Error')
export const errorResponse = z.object({ error: wireError }).openapi('V1ErrorResponse')

const account = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  avatarUrl: z.string().nullable(),
})
const site = z.object({ cloudId: z.string(), name: z.string(), host: z.string() })

export const connection = z
  .object({
    id: z.number().int(),
    externalId: z.string(),
    site,
    account,
    status: z.enum(['active', 'reconnect_needed', 'disconnected']),
    syncStatus: z.enum(['QUEUED_FOR_SYNCING', 'SYNCING', 'READY', 'SYNC_ERROR']),
    createdAt: timestamp,
    lastSyncedAt: timestamp.nullable(),
    nextSyncAt: timestamp.nullable().optional(),
    lastError: wireError.nullable().optional(),
  })
  .openapi('Connection')

export const connectionsResponse = z.object({ connections: z.array(connection) }).openapi('Connections')
export const disconnectInput = z.object({ deletePages: z.boolean().default(true) }).openapi('DisconnectInput')

export const flow = z
  .object({
    id: z.string(),
    status: z.enum(['created', 'authorizing', 'authorized', 'connected', 'failed', 'cancelled', 'expired']),
    requestedSite: z.string(),
    account: account.nullable(),
    sites: z.array(site),
    connection: connection.nullable(),
    error: wireError.nullable(),
    expiresAt: timestamp,
  })
  .openapi('Flow')

export const createFlowInput = z
  .object({
    site: z.string().max(2000),
    supersedes: z.string().optional(),
    completion: z.enum(['popup', 'return', 'link']).optional(),
    returnUrl: z.string().max(2000).optional(),
    tags: tags.optional(),
    dataSourceTags: tags.optional(),
    requestId: z.string().max(200).optional(),
    syncFilesOnConnection: z.boolean().optional(),
    syncSourceItems: z.boolean().optional(),
    incrementalSync: z.boolean().optional(),
    fileSyncConfig: tags.optional(),
    scopes: z.array(z.string().max(200)).max(50).optional(),
  })
  .openapi('CreateFlowInput')

export const createdFlow = z
  .object({ flow, secret: z.string(), url: z.string().nullable().optional() })
  .openapi('CreatedFlow')
export const completeFlowInput = z.object({ proof: z.string().max(200) }).openapi('CompleteFlowInput')
export const confirmFlowInput = z.object({ cloudId: z.string() }).openapi('ConfirmFlowInput')

export const syncProgress = z
  .object({
    connectionId: z.number().int(),
    kind: z.enum(['all', 'items', 'files', 'changes', 'sweep']).optional(),
    phase: z.enum(['queued', 'spaces', 'pages', 'done', 'failed', 'cancelled']),
    spaces: z.number().int().nullable(),
    pages: z.object({ synced: z.number().int(), failed: z.number().int(), total: z.number().int().nullable() }),
    requests: z.number().int(),
    points: z.number().int(),
    rateLimitedUntil: timestamp.nullable(),
    secondsLeft: z.number().int().nullable(),
    error: wireError.nullable(),
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    nextSyncAt: timestamp.nullable().optional(),
  })
  .openapi('SyncProgress')
