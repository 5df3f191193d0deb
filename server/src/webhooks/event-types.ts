/** Carbon's `webhook_type` values that Confluence can cause, and one of our own, with what the v1 format calls them. */
export const eventNames = {
  FILES_CREATED: 'files.created',
  ALL_UPLOADED_FILES_QUEUED: 'upload.queued',
  FILE_SYNCING: 'file.syncing',
  FILE_READY: 'file.ready',
  FILE_ERROR: 'file.error',
  FILES_SKIPPED: 'files.skipped',
  ALL_FILES_PROCESSED: 'upload.processed',
  FILE_DELETED: 'file.deleted',
  RATE_LIMIT_ERROR: 'file.rate_limited',
  FILE_SYNC_LIMIT_REACHED: 'files.limit_reached',
  ADD: 'connection.added',
  UPDATE: 'connection.updated',
  CANCEL: 'connection.cancelled',
  REVOKE: 'connection.disconnected',
  DATA_SOURCE_READY: 'connection.ready',
  DELETIONS_HELD: 'deletions.held',
  ORGANIZATION_USER_DELETED: 'customer.deleted',
  FILE_STATISTICS_AGGREGATED: 'statistics.aggregated',
  CHECKUP: 'webhook.test',
} as const

export type EventType = keyof typeof eventNames
/** What Carbon had no word for: receivers that were written for it may not expect any other. */
const unknownToCarbon: readonly EventType[] = ['DELETIONS_HELD']
export const carbonEvents = (Object.keys(eventNames) as EventType[]).filter((type) => !unknownToCarbon.includes(type))
export type EventName = (typeof eventNames)[EventType]

export type ObjectType = 'FILE' | 'FILE_LIST' | 'DATA_SOURCE' | 'ORGANIZATION_USER' | 'UPLOAD_REQUEST_ID' | 'NONE'
