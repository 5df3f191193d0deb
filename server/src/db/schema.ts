import type { ColumnType, Generated, GeneratedAlways, Insertable, JSONColumnType, Selectable } from 'kysely'
import type { Heading, Statistics as PageStatistics } from '../content/index.ts'
import type { FileFilters } from '../files/filters.ts'
import type { EventType, ObjectType } from '../webhooks/event-types.ts'

// The tables as `migrations/` makes them. A change there is a change here.

type Timestamp = ColumnType<Date, Date | string, Date | string>
/** Set by the database when the row is made. */
type CreatedAt = ColumnType<Date, Date | string | undefined, never>
type UpdatedAt = ColumnType<Date, Date | string | undefined, Date | string>
/** A bigint: a string from PostgreSQL, a number from the embedded database. */
type BigId = string | number
type Json<T> = ColumnType<T, string | undefined, string>
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>

export interface OrganizationTable {
  id: Generated<number>
  name: string
  user_defaults: Json<UserSettings>
  data_source_configs: Json<Record<string, DataSourceConfig>>
  statistics: NullableJson<Statistics>
  statistics_at: Timestamp | null
  created_at: CreatedAt
  updated_at: UpdatedAt
}

/** What an organisation sets for its users, or for one of them. -1 means without a limit. */
export interface UserSettings {
  auto_sync_enabled_sources?: string[] | 'ALL' | null | undefined
  /** Hours: 3, 6, 12 or 24; -1 is the default. */
  auto_sync_interval?: number | null | undefined
  max_files?: number | null | undefined
  max_files_per_upload?: number | null | undefined
  max_characters?: number | null | undefined
  max_characters_per_file?: number | null | undefined
  max_characters_per_upload?: number | null | undefined
}

export interface DataSourceConfig {
  /** Empty: all. */
  allowed_file_formats?: string[] | undefined
  google_workspace_docs_save_as?: string | null | undefined
}

/** Sums over files. */
export interface Statistics {
  files: number
  bytes: number
  characters: number
  /** Different tags of a user's files, one in each. */
  tags?: Tags[] | undefined
}

export interface WhiteLabelTable {
  id: Generated<number>
  organization_id: number
  data_source_type: string
  client_id: string
  redirect_uri: string
  sealed_secret: string | null
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface ApiKeyTable {
  id: Generated<number>
  organization_id: number
  name: string
  hash: string
  created_at: CreatedAt
  revoked_at: Timestamp | null
}

export interface UserTable {
  id: Generated<number>
  organization_id: number
  customer_id: string
  settings: Json<UserSettings>
  statistics: NullableJson<Statistics>
  statistics_at: Timestamp | null
  deleted_at: Timestamp | null
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface ConnectionTable {
  id: Generated<number>
  organization_id: number
  user_id: number
  cloud_id: string
  site_name: string
  site_host: string
  account_id: string
  account_name: string
  account_email: string | null
  account_avatar_url: string | null
  client_id: string | null
  status: 'active' | 'reconnect_needed' | 'disconnected'
  sealed_tokens: string | null
  token_issued_at: Timestamp | null
  token_expires_at: Timestamp | null
  token_claimed_until: Timestamp | null
  sync_status: 'QUEUED_FOR_SYNCING' | 'SYNCING' | 'READY' | 'SYNC_ERROR'
  last_sync_action: 'ADD' | 'UPDATE' | 'CANCEL' | 'REVOKE'
  last_synced_at: UpdatedAt
  source_items_synced_at: Timestamp | null
  files_synced_at: Timestamp | null
  tags: Json<Record<string, unknown>>
  sync_options: Json<StoredSyncOptions>
  sync_interval_hours: number | null
  next_sync_at: Timestamp | null
  syncs_everything: Generated<boolean>
  watermark: Timestamp | null
  watermark_page: string | null
  swept_at: Timestamp | null
  created_at: CreatedAt
  updated_at: UpdatedAt
}

/** The options of the flow that a connection keeps for its syncs. */
export interface StoredSyncOptions {
  tags?: Tags | undefined
  dataSourceTags?: Record<string, unknown> | undefined
  requestId?: string | undefined
  syncFilesOnConnection?: boolean | undefined
  syncSourceItems?: boolean | undefined
  incrementalSync?: boolean | undefined
  fileSyncConfig?: Record<string, unknown> | undefined
  /** OAuth scopes that were wanted beside the usual ones. */
  scopes?: string[] | undefined
}

export interface FlowTable {
  id: string
  kind: 'popup' | 'return' | 'link' | 'sync'
  organization_id: number
  user_id: number
  origin: string | null
  requested_site: string
  options: Json<StoredSyncOptions>
  status: 'created' | 'authorizing' | 'authorized' | 'connected' | 'failed' | 'cancelled'
  error_code: string | null
  error_message: string | null
  secret_hash: string | null
  state_hash: string | null
  state_used_at: Timestamp | null
  cookie_hash: string | null
  sealed_code: string | null
  sealed_tokens: string | null
  account: JSONColumnType<StoredAccount | null, string | null, string | null>
  sites: Json<StoredSite[]>
  connection_id: number | null
  client_id: string | null
  redirect_uri: string | null
  sealed_return_url: string | null
  start_by: Timestamp | null
  expires_at: Timestamp
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface StoredAccount {
  id: string
  name: string
  email: string | null
  avatarUrl: string | null
}

export interface StoredSite {
  cloudId: string
  name: string
  host: string
}

/** What one sync does with the pages that it finds. */
export interface SyncOptions {
  /** Put on every page. Without it, the connection's own. */
  tags?: Tags | undefined
  /** Leave pages alone that are stored in the same version. */
  incremental?: boolean | undefined
  parsedTextFormat?: ParsedTextFormat | undefined
  /** Make records of pages that have none, and fetch no content. */
  recordOnly?: boolean | undefined
  /** Limits that it reached. */
  reachedLimits?: string[] | undefined
  /** Pages without a file are left alone: what was picked is what is wanted. */
  knownOnly?: boolean | undefined
  /** Nobody waits for it: it takes the points that others leave. */
  yields?: boolean | undefined
}

/** Tags of a file: strings, or lists of them. */
export type Tags = Record<string, string | string[]>
export type ParsedTextFormat = 'PLAIN_TEXT' | 'MARKDOWN'

/** The states of a file, as Carbon names them. */
export const fileStatuses = [
  'QUEUED_FOR_SYNC',
  'SYNCING',
  'READY',
  'SYNC_ERROR',
  'RATE_LIMITED',
  'SYNC_ABORTED',
  'READY_TO_SYNC',
] as const
export type FileStatus = (typeof fileStatuses)[number]
/** Those of a file that a sync is about to fetch. */
export const pendingStatuses = ['QUEUED_FOR_SYNC', 'SYNCING', 'RATE_LIMITED'] as const satisfies FileStatus[]

export type SyncKind = 'all' | 'items' | 'files' | 'changes' | 'sweep'
/** What a lane does with a response. */
export type LaneStep = 'store' | 'changes' | 'compare' | 'settle'

export interface SyncTable {
  id: Generated<number>
  connection_id: number
  kind: Generated<SyncKind>
  options: Json<SyncOptions>
  phase: 'queued' | 'spaces' | 'pages' | 'done' | 'failed' | 'cancelled'
  request_id: string
  upload_id: string
  spaces: number | null
  watermark: Timestamp | null
  watermark_page: string | null
  requests: Generated<number>
  points: Generated<number>
  rate_limited_until: Timestamp | null
  error_code: string | null
  error_message: string | null
  created_at: CreatedAt
  updated_at: UpdatedAt
  started_at: Timestamp | null
  finished_at: Timestamp | null
  counted: Generated<boolean>
}

export interface SyncLaneTable {
  id: Generated<number>
  sync_id: number
  step: Generated<LaneStep>
  space_ids: Json<string[]>
  page_ids: NullableJson<string[]>
  filters: NullableJson<FileFilters>
  after_id: number | null
  last_id: number | null
  pages_total: number | null
  differing: NullableJson<string[]>
  next: string | null
  job_id: string | null
  attempt: Generated<number>
  first_created_at: Timestamp | null
  last_created_at: Timestamp | null
  pages_synced: Generated<number>
  pages_failed: Generated<number>
  restarts: Generated<number>
  page_size: Generated<number>
  sound: Generated<number>
  finished_at: Timestamp | null
}

export interface PointsHourTable {
  client_id: string
  hour: Timestamp
  quota: number | null
  spent: Generated<number>
  reserved: Generated<number>
  closed_until: Timestamp | null
}

export interface SitePaceTable {
  cloud_id: string
  allowed: Generated<number>
  threshold: Generated<number>
  successes: Generated<number>
  failures: Generated<number>
  closed_until: Timestamp | null
  closed_as: 'rate_limited' | 'paused' | null
  /** Written and counted in SQL. */
  turns: Generated<unknown>
}

export interface UnreadablePageTable {
  connection_id: number
  page_id: string
}

export interface ItemTable {
  id: Generated<number>
  connection_id: number
  type: 'SPACE' | 'PAGE'
  external_id: string
  parent_external_id: string | null
  source_parent_id: string | null
  space_id: string | null
  space_key: string | null
  name: string
  url: string
  source_created_at: Timestamp | null
  seen_by: number
  unwanted: Generated<boolean>
  synced_at: UpdatedAt
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export type ContentKind = 'page' | 'blogpost'

export interface PageTable {
  id: Generated<number>
  organization_id: number
  user_id: number
  connection_id: number
  page_id: string
  kind: Generated<ContentKind>
  space_id: string | null
  space_key: string | null
  parent_id: string | null
  parent_type: string | null
  title: string | null
  url: string | null
  status: string | null
  version: number | null
  storage: string | null
  html: string | null
  text: string | null
  outline: NullableJson<Heading[]>
  statistics: NullableJson<PageStatistics>
  html_bytes: GeneratedAlways<number>
  text_characters: GeneratedAlways<number>
  converter_version: number | null
  parsed_text_format: Generated<ParsedTextFormat>
  sync_status: FileStatus
  sync_error_message: string | null
  tags: Json<Tags>
  request_id: string | null
  upload_id: string | null
  source_created_at: Timestamp | null
  source_updated_at: Timestamp | null
  synced_at: Timestamp | null
  created_at: CreatedAt
  updated_at: UpdatedAt
}

/** A page that the page of a file names by its title. */
export interface PageReferenceTable {
  file_id: number
  connection_id: number
  space_key: string
  title: string
  includes: boolean
  page_id: string | null
}

/** A file whose page the last complete walk did not see. */
export interface AbsenceTable {
  file_id: number
  connection_id: number
  space_id: string | null
  first_missed_by: number
  missed_by: number
  state: Generated<'missed' | 'held' | 'refused'>
  reason: 'many_vanished' | 'space_unreachable' | null
  held_by: number | null
  held_at: Timestamp | null
}

export interface DeletionTable {
  id: Generated<number>
  user_id: number
  filters: Json<FileFilters>
  send_webhook: boolean
  preserve_record: boolean
  after_id: number
  last_id: number
  created_at: CreatedAt
}

export interface WebhookTable {
  id: Generated<number>
  organization_id: number
  url: string
  format: 'carbon' | 'v1'
  events: ColumnType<EventType[] | null, string | null, never>
  sealed_key: string | null
  status: Generated<'ACTIVE' | 'FLAGGED'>
  status_reason: string | null
  failures: Generated<number>
  failing_since: Timestamp | null
  failed_delivery_id: BigId | null
  pauses: Generated<number>
  paused_until: Timestamp | null
  last_success_at: Timestamp | null
  created_at: CreatedAt
  updated_at: UpdatedAt
  deleted_at: Timestamp | null
}

export interface WebhookEventTable {
  id: Generated<BigId>
  public_id: string
  organization_id: number
  type: EventType
  customer_id: string
  object_type: ObjectType
  object_id: string | string[] | null
  information: Record<string, unknown> | null
  created_at: Timestamp
}

export interface WebhookDeliveryTable {
  id: Generated<BigId>
  webhook_id: number
  event_id: BigId
  state: Generated<'pending' | 'delivered' | 'failed'>
  order_key: string
  after_key: string | null
  waits_for: BigId | null
  attempts: Generated<number>
  backoff: Generated<number>
  next_attempt_at: Timestamp
  claimed_until: Timestamp | null
  first_failed_at: Timestamp | null
  last_attempt_at: Timestamp | null
  last_status: number | null
  last_error: string | null
  last_duration_ms: number | null
  created_at: Timestamp
  finished_at: Timestamp | null
}

export interface Schema {
  organizations: OrganizationTable
  api_keys: ApiKeyTable
  users: UserTable
  connections: ConnectionTable
  flows: FlowTable
  syncs: SyncTable
  sync_lanes: SyncLaneTable
  points_hours: PointsHourTable
  site_paces: SitePaceTable
  unreadable_pages: UnreadablePageTable
  items: ItemTable
  white_labels: WhiteLabelTable
  absences: AbsenceTable
  deletions: DeletionTable
  pages: PageTable
  page_references: PageReferenceTable
  webhooks: WebhookTable
  webhook_events: WebhookEventTable
  webhook_deliveries: WebhookDeliveryTable
}

export type User = Selectable<UserTable>
export type ConnectionRow = Selectable<ConnectionTable>
export type FlowRow = Selectable<FlowTable>
export type SyncRow = Selectable<SyncTable>
export type SyncLaneRow = Selectable<SyncLaneTable>
export type NewPage = Insertable<PageTable>
export type PageRow = Selectable<PageTable>
export type ItemRow = Selectable<ItemTable>
