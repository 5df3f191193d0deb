/**
 * What travels between the component and the server: the one place where both sides agree. Types only.
 *
 * The HTTP half is the server's `/v1` API (camelCase JSON, times in RFC 3339 with offset). Errors are
 * `{ "error": { "code", "message" } }` with a fitting HTTP status.
 */

/** The integrations that can be enabled. Carbon's own documentation writes `Confluence`; any case is accepted. */
export type IntegrationId = 'CONFLUENCE'

/**
 * Why a sign-in or a sync did not succeed. Stable: hosts may switch on these values.
 *
 * @see docs/errors.md for what each means and what a person can do about it
 */
export type ErrorCode =
  | 'access_denied'
  | 'admin_approval_required'
  | 'browser_mismatch'
  | 'flow_cancelled'
  | 'flow_expired'
  | 'flow_superseded'
  | 'network'
  | 'no_confluence_access'
  | 'origin_not_allowed'
  | 'popup_blocked'
  | 'popup_closed'
  | 'popup_no_opener'
  | 'provider_unavailable'
  | 'rate_limited'
  | 'reconnect_needed'
  | 'scope_missing'
  | 'session_expired'
  | 'session_invalid'
  | 'site_mismatch'
  | 'site_not_found'
  | 'state_invalid'
  | 'sync_failed'
  | 'token_exchange_failed'
  | 'unknown'

/** An error as it travels: a stable code, and a sentence in English for developers. */
export interface WireError {
  code: ErrorCode
  message: string
}

/** The person who signed in with Atlassian. */
export interface Account {
  /** Atlassian account id. */
  id: string
  name: string
  /** Null where the person's Atlassian profile keeps it private. */
  email: string | null
  /** An https URL, or null. */
  avatarUrl: string | null
}

/** One Confluence Cloud site. */
export interface Site {
  /** Atlassian's cloud id: what a connection is pinned to. */
  cloudId: string
  /** The name its owner gave it, "Acme Engineering". */
  name: string
  /** Its host name, `acme.atlassian.net`. */
  host: string
}

/** Carbon's `sync_status` of a data source. */
export type DataSourceStatus = 'QUEUED_FOR_SYNCING' | 'SYNCING' | 'READY' | 'SYNC_ERROR'

/** A connected Confluence account on one site: Carbon's "data source". */
export interface Connection {
  id: number
  /** Carbon's packed id, `<Atlassian account id>|<account label>|<cloud id>/<subdomain>`. */
  externalId: string
  site: Site
  account: Account
  /** `reconnect_needed`: Atlassian ended the access; the pages synced so far are kept. */
  status: 'active' | 'reconnect_needed' | 'disconnected'
  /** Carbon's status of the data source, as its events report it. */
  syncStatus: DataSourceStatus
  createdAt: string
  /** When the last action on it completed. */
  lastSyncedAt: string | null
  /** When it is synced by itself; null where auto sync is off, or it has to be connected again. */
  nextSyncAt?: string | null
  /** Why the latest sync ended early, and what to do. With `GET /v1/connections` and `/v1/connections/{id}`. */
  lastError?: WireError | null
}

/** Pages of one space that vanished at Confluence and are kept until somebody decides. */
export interface HeldSpace {
  spaceId: string
  /** Null where the space is not in the tree any more. */
  name: string | null
  pages: number
  since: string
  reason: 'many_vanished' | 'space_unreachable'
}

/** `GET /v1/connections/{id}`. */
export interface ConnectionDetail extends Connection {
  heldDeletions: HeldSpace[]
}

/**
 * Where a sign-in stands.
 *
 * `created` (popup not yet started) → `authorizing` (at Atlassian) → `authorized` (waiting for confirmation)
 * → `connected`; or one of the ends `failed`, `cancelled`, `expired`.
 */
export type FlowStatus = 'created' | 'authorizing' | 'authorized' | 'connected' | 'failed' | 'cancelled' | 'expired'

/** One attempt to connect, from the first click to the connected site. */
export interface Flow {
  id: string
  status: FlowStatus
  /** The site that was asked for, as a host name: `acme.atlassian.net`. */
  requestedSite: string
  /** Who signed in; null before `authorized`. */
  account: Account | null
  /** The Confluence sites that the person granted; empty before `authorized`. */
  sites: Site[]
  /** Set when `connected`. */
  connection: Connection | null
  /** Set when `failed`. */
  error: WireError | null
  expiresAt: string
}

/** Options of Carbon's sync calls, as the component passes them on. Every one may be left out. */
export interface SyncOptions {
  /** Put on every page that is synced. */
  tags?: Record<string, unknown>
  /** Put on the connection. */
  dataSourceTags?: Record<string, unknown>
  /** Stamped on every page that is synced through this flow. */
  requestId?: string
  /** Sync all pages as soon as the connection is confirmed. Default true. */
  syncFilesOnConnection?: boolean
  /** Fetch the tree of spaces and pages. Default true. */
  syncSourceItems?: boolean
  /** Leave pages alone that are stored in the same version. Default false. */
  incrementalSync?: boolean
  /** Carbon's `file_sync_config`. */
  fileSyncConfig?: Record<string, unknown>
  /** OAuth scopes beside those that a sync needs; only an OAuth app of the organisation's own can ask for more. */
  scopes?: string[]
}

/** `POST /v1/flows`. */
export interface CreateFlowInput extends SyncOptions {
  /** `acme`, `acme.atlassian.net` or any link into that Confluence. */
  site: string
  /** An earlier, unfinished flow that this one replaces. */
  supersedes?: string
  /**
   * How the sign-in is completed.
   *
   * - `popup`: in a window that asks this page for the secret
   * - `return`: the browser comes back to `returnUrl`, and the page there calls {@link CompleteFlowInput | complete}
   * - `link`: in any browser, on a page of the server that names who receives access and asks; this page only waits
   *
   * @default 'popup'
   */
  completion?: 'popup' | 'return' | 'link'
  /** For `return`: a page of the origin that asks. At most 2000 characters. */
  returnUrl?: string
}

/** The answer to `POST /v1/flows`. */
export interface CreatedFlow {
  flow: Flow
  /** Proves to the popup that it was opened by the page that made the flow. Works once; never store it. Empty but for `popup`. */
  secret: string
  /**
   * Where the browser is to go; null for `popup`. Works once, for `return` within a minute. Whoever opens it takes part in
   * the sign-in, so it is for this person alone.
   */
  url?: string | null
}

/** `POST /v1/flows/{id}/complete`. */
export interface CompleteFlowInput {
  /** What follows the flow's id and a dot in `cc_flow`, in the address that the browser came back to. */
  proof: string
}

/** `POST /v1/flows/{id}/confirm`. */
export interface ConfirmFlowInput {
  /** Which of the flow's `sites` to connect. */
  cloudId: string
}

/**
 * What a sync is about: all pages, the tree of spaces and pages alone, the pages that were picked, what was edited since the last
 * one, or a look at every page for what was moved, renamed or deleted.
 */
export type SyncKind = 'all' | 'items' | 'files' | 'changes' | 'sweep'

/** `queued` → `spaces` (listing them) → `pages` → `done`; or one of the ends `failed`, `cancelled`. */
export type SyncPhase = 'queued' | 'spaces' | 'pages' | 'done' | 'failed' | 'cancelled'

/** How far the sync of a connection has come. `GET /v1/connections/{id}/sync`, and each event of its `/events`. */
export interface SyncProgress {
  connectionId: number
  kind?: SyncKind
  phase: SyncPhase
  /** Spaces found; null while they are being listed. */
  spaces: number | null
  pages: {
    /** Stored and readable. */
    synced: number
    /** Fetched but not convertible: kept raw and marked. */
    failed: number
    /**
     * How many pages there will be, about: Confluence does not tell in advance. Null while there is nothing to
     * estimate from; exact when `done`.
     */
    total: number | null
  }
  /** Requests made to Atlassian. */
  requests: number
  /** Points of Atlassian's hourly quota used. */
  points: number
  /** Set while Atlassian has asked to wait. */
  rateLimitedUntil: string | null
  /** Seconds left, about; null while there is nothing to estimate from. */
  secondsLeft: number | null
  /** Set when `failed`. */
  error: WireError | null
  startedAt: string | null
  finishedAt: string | null
  /** When the connection is synced by itself; null where auto sync is off, or it has to be connected again. */
  nextSyncAt?: string | null
}

/** Carbon's `sync_status` of a file: all ten. */
export type PageStatus =
  | 'DELAYED'
  | 'EVALUATING_RESYNC'
  | 'QUEUED_FOR_OCR'
  | 'QUEUED_FOR_SYNC'
  | 'RATE_LIMITED'
  | 'READY'
  | 'READY_TO_SYNC'
  | 'SYNCING'
  | 'SYNC_ABORTED'
  | 'SYNC_ERROR'

/** A space or a page in the tree that pages are picked from, whether it is synced or not. */
export interface Item {
  id: number
  /** Confluence's id of the space or page: what a sync takes. */
  externalId: string
  type: 'SPACE' | 'PAGE'
  name: string
  url: string
  /** Confluence's id of what it lies in; null for a space. */
  parentExternalId: string | null
  /** Confluence's id of the space that a page is in; null for a space. */
  spaceId: string | null
  /** The name of that space; null where it is not known. */
  spaceName: string | null
  hasChildren: boolean
  /** Whether it can be synced. */
  selectable: boolean
  /** The file that its page became; null where it was not synced. */
  fileId: number | null
}

/** `GET /v1/connections/{id}/items`. */
export interface ItemQuery {
  /** Confluence's id of a space or page: what lies right in it. Without it, and without `search`, the spaces. */
  parent?: string
  /** Part of a name, in any case, anywhere in the tree. */
  search?: string
  /** By name, or by id as they were found. @default 'id' */
  sort?: 'id' | 'name'
  /** `nextCursor` of the list before, with all else the same. */
  cursor?: string
  /** At most 250. @default 50 */
  limit?: number
  /** Count all that match: `total` of the answer. @default false */
  total?: boolean
}

export interface ItemList {
  items: Item[]
  /** Null at the end. */
  nextCursor: string | null
  /** How many match; null unless it was asked for. */
  total: number | null
}

/** A page that is synced, or on its way: Carbon's "file". */
export interface Page {
  id: number
  connectionId: number
  externalId: string
  kind: 'page' | 'blogpost'
  parentExternalId: string | null
  spaceId: string | null
  title: string | null
  /** Where it is in Confluence. */
  url: string | null
  version: number | null
  status: PageStatus
  /** Why it could not be synced, in a sentence for people. */
  error: string | null
  tags: Record<string, unknown>
  /** When it was made in Confluence. */
  createdAt: string | null
  /** When it was last changed in Confluence. */
  updatedAt: string | null
  syncedAt: string | null
  /** Paths of its contents, for the same credentials; null while it has none. */
  contents: { html: string; text: string; markdown: string } | null
}

/** Which of a connection's pages. */
export interface PageFilter {
  /** Part of the title, in any case. */
  search?: string
  /** In one of these states. */
  status?: PageStatus[]
}

export type PageSort = 'id' | 'title' | 'status' | 'createdAt' | 'updatedAt' | 'syncedAt'

/** `GET /v1/pages`. */
export interface PageQuery extends PageFilter {
  connectionId?: number
  requestId?: string
  /** @default 'id' */
  sort?: PageSort
  /** @default 'asc' */
  direction?: 'asc' | 'desc'
  /** `nextCursor` of the list before, with all else the same. */
  cursor?: string
  /** At most 250. @default 50 */
  limit?: number
  /** Count all that match: `total` of the answer. @default false */
  total?: boolean
}

export interface PageList {
  pages: Page[]
  /** Null at the end. */
  nextCursor: string | null
  /** How many match; null unless it was asked for. */
  total: number | null
}

/**
 * Pages of one connection: by their ids, or all that match but a few. At most 10,000 ids in a list.
 *
 * `POST /v1/connections/{id}/pages/resync`, and part of {@link DeletePagesInput}.
 */
export type PageSelection = { ids: number[] } | { all: PageFilter; except?: number[] }

/** `POST /v1/connections/{id}/pages/delete`. */
export type DeletePagesInput = PageSelection & {
  /** Send the webhook event `FILE_DELETED` for each page. @default false */
  sendWebhook?: boolean
}

/** How many pages an action was begun for. */
export interface PageAction {
  count: number
}

/** `POST /v1/connections/{id}/sync`: what to sync. Without `spaces` and `pages`, everything. */
export interface SyncInput {
  /** Confluence's ids of spaces: all pages in them. At most 10,000. */
  spaces?: string[]
  /** Confluence's ids of pages. At most 10,000. */
  pages?: string[]
  /** Leave pages alone that are stored in the same version. */
  incremental?: boolean
  tags?: Record<string, unknown>
  requestId?: string
}

/** A sync that was started. */
export interface StartedSync {
  syncId: number
  requestId: string
  uploadId: string
  /** Files of `pages`, by their ids here; those of spaces appear as they are found. */
  fileIds: number[]
}

/**
 * The handshake between the app and the sign-in popup (`GET {server}/oauth/popup`), by `postMessage`.
 *
 * The popup repeats `cc:ready` to its opener until it gets `cc:start`; it answers `cc:started` when the flow is bound to
 * this browser (from then on `window.closed` proves nothing), or `cc:failed`. The callback page sends `cc:done`, a hint to
 * look at the flow now. Only `cc:start` carries a secret, and only to the server's own origin.
 */
export type PopupMessage =
  | { type: 'cc:ready' }
  | { type: 'cc:start'; secret: string }
  | { type: 'cc:started' }
  | { type: 'cc:failed'; code: ErrorCode }
  | { type: 'cc:done' }
