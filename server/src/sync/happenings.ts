import type { ConnectionRow, SyncRow } from '../db/schema.ts'
import type { WebhookEvent } from '../webhooks/events.ts'

// What a sync tells the webhooks, in Carbon's terms.

/** Ids in one FILE_LIST event. */
const LIST = 500

/** Whose files they are, and which upload (one sync call) brought them. */
export interface Upload {
  customerId: string
  dataSourceId: number
  requestId: string
  uploadId: string
}

export const uploadOf = (
  sync: Pick<SyncRow, 'request_id' | 'upload_id' | 'connection_id'>,
  customerId: string,
): Upload => ({
  customerId,
  dataSourceId: sync.connection_id,
  requestId: sync.request_id,
  uploadId: sync.upload_id,
})

const uploadKey = ({ uploadId }: Upload) => `upload:${uploadId}`
/** Nothing is told of a file, or of an upload as a whole, before the list that names its files. */
const createdKey = (dataSourceId: number) => `created:${dataSourceId}`
const about = ({ requestId, uploadId, dataSourceId }: Upload) => ({
  request_id: requestId,
  upload_id: uploadId,
  data_source_id: dataSourceId,
})

const chunks = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / LIST) }, (_, index) => ids.slice(index * LIST, (index + 1) * LIST))

/** Files whose records were made. */
export const filesCreated = (upload: Upload, fileIds: readonly number[]): WebhookEvent[] =>
  chunks(fileIds.map(String)).map((objectId) => ({
    type: 'FILES_CREATED',
    customerId: upload.customerId,
    objectType: 'FILE_LIST',
    objectId,
    information: about(upload),
    key: createdKey(upload.dataSourceId),
    afterKey: uploadKey(upload),
  }))

/** Pages that were asked for and left out, by their ids at Confluence: they have no file. */
export const filesSkipped = (upload: Upload, externalIds: readonly string[], reason: string): WebhookEvent[] =>
  chunks(externalIds).map((objectId) => ({
    type: 'FILES_SKIPPED',
    customerId: upload.customerId,
    objectType: 'FILE_LIST',
    objectId,
    information: { ...about(upload), reason },
    key: uploadKey(upload),
  }))

export interface FileOutcome {
  id: number
  /** Its content had been stored before. */
  isResync: boolean
  /** Why it could not be stored; null when it is ready. */
  error: string | null
}

/** What became of a file: its links work from the first of these events on. */
export function fileProcessed(upload: Upload, { id, isResync, error }: FileOutcome): WebhookEvent[] {
  const event = (type: 'FILE_SYNCING' | 'FILE_READY' | 'FILE_ERROR', information: object): WebhookEvent => ({
    type,
    customerId: upload.customerId,
    objectType: 'FILE',
    objectId: String(id),
    information: { ...about(upload), is_resync: isResync, ...information },
    key: `file:${id}`,
    afterKey: createdKey(upload.dataSourceId),
  })
  return error === null
    ? [event('FILE_SYNCING', {}), event('FILE_READY', {})]
    : [event('FILE_ERROR', { sync_error_message: error })]
}

/** A file that was deleted, here or at its source. */
export const fileDeleted = (
  customerId: string,
  { id, page_id, connection_id }: { id: number; page_id: string; connection_id: number },
): WebhookEvent => ({
  type: 'FILE_DELETED',
  customerId,
  objectType: 'FILE',
  objectId: String(id),
  information: { external_file_id: page_id, data_source_id: connection_id },
  key: `file:${id}`,
  afterKey: createdKey(connection_id),
})

/** Steps of an upload as a whole. */
export const uploadEvent = (
  type: 'ALL_UPLOADED_FILES_QUEUED' | 'ALL_FILES_PROCESSED',
  upload: Upload,
): WebhookEvent => ({
  type,
  customerId: upload.customerId,
  objectType: 'UPLOAD_REQUEST_ID',
  objectId: upload.requestId,
  information: about(upload),
  key: uploadKey(upload),
  afterKey: createdKey(upload.dataSourceId),
})

/** A limit of the user's or the organisation's left something out. */
export const limitReached = (upload: Upload, limit: string): WebhookEvent => ({
  type: 'FILE_SYNC_LIMIT_REACHED',
  customerId: upload.customerId,
  objectType: 'NONE',
  objectId: null,
  information: { ...about(upload), limit },
  key: uploadKey(upload),
})

/** Atlassian's quota stops a sync for a while. It goes on by itself. */
export const rateLimited = (upload: Upload, until: Date): WebhookEvent => ({
  type: 'RATE_LIMIT_ERROR',
  customerId: upload.customerId,
  objectType: 'NONE',
  objectId: null,
  information: { ...about(upload), retry_at: until.toISOString() },
  key: uploadKey(upload),
})

/** What happened to a connection. */
export const dataSourceEvent = (
  type: 'ADD' | 'UPDATE' | 'CANCEL' | 'REVOKE' | 'DATA_SOURCE_READY' | 'DELETIONS_HELD',
  { id }: Pick<ConnectionRow, 'id'>,
  customerId: string,
  information: Record<string, unknown> = {},
): WebhookEvent => ({
  type,
  customerId,
  objectType: 'DATA_SOURCE',
  objectId: String(id),
  information: { data_source_type: 'CONFLUENCE', ...information },
  key: `data_source:${id}`,
})
