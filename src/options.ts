import type { ReactNode } from 'react'
import type { Backend } from './backend.ts'
import type { OnErrorData, OnSuccessData } from './callbacks.ts'
import type { ConnectEvent } from './connectEvents.ts'
import type { CreateFlowInput, IntegrationId } from './contract.ts'
import type { IntegrationChoice } from './flow.ts'
import { createHttpBackend, type TokenFetcher } from './http.ts'
import type { PageColumn } from './states.ts'

/** Values that Carbon allows as tags. */
export type Tags = Record<string, string | number | boolean | string[] | number[]>

/** Options that an integration can set for itself; what it leaves out falls back to the component's own. */
interface SharedOptions {
  /** Leave pages alone that are stored in the same version. @default false */
  incrementalSync?: boolean
  /** Carbon's `file_sync_config`, passed on as it is. An integration's own replaces the component's. */
  fileSyncConfig?: Record<string, unknown>
  /** Whether the synced pages can be looked at. @default true */
  showFilesTab?: boolean
  /** Columns of the synced pages. @default ['name', 'status', 'created_at'] */
  filesTabColumns?: PageColumn[]
  /** Fire `FILE_DELETED` webhooks for pages that a person deletes. @default false */
  sendDeletionWebhooks?: boolean
}

/** Options about chunks, embeddings and local files: accepted from Carbon's users. Nothing of that is made here, so they change nothing. */
export interface IgnoredOptions {
  chunkSize?: number
  overlapSize?: number
  maxItemsPerChunk?: number
  embeddingModel?: string
  skipEmbeddingGeneration?: boolean
  generateSparseVectors?: boolean
  prependFilenameToChunks?: boolean
  setPageAsBoundary?: boolean
  useOcr?: boolean
  parsePdfTablesWithOcr?: boolean
  enableAutoSync?: boolean
  maxFileSize?: number
}

/** Options of the Confluence integration. */
export interface ConfluenceOptions extends SharedOptions, IgnoredOptions {
  /** `CONFLUENCE`, in any case. */
  id: IntegrationId | (string & {})
  /** Sync all pages as soon as the site is connected. @default true */
  syncFilesOnConnection?: boolean
  /** Fetch the tree of spaces and pages. @default true */
  syncSourceItems?: boolean
  /** Let the person pick spaces and pages; right after the sign-in where `syncFilesOnConnection` is false. @default false */
  useCarbonFilePicker?: boolean
  /** OAuth scopes to ask for beside those that a sync needs. Only an OAuth app of your organisation's own can ask for more. */
  scopes?: string[]
}

/** An integration of your own that is offered beside Confluence. */
export interface HostIntegration {
  id: string
  name: string
  /** A URL, or an element. By default the first letter of the name. */
  icon?: ReactNode
  /** Called when a person chooses it; the component closes. */
  onSelect: () => void
}

/** An integration by its id, or with options of its own. */
export type EnabledIntegration = IntegrationId | (string & {}) | ConfluenceOptions | HostIntegration

/** What connecting needs to know, with Carbon's names and meanings. */
export interface ConnectOptions extends SharedOptions, IgnoredOptions {
  /**
   * Gets an access token for the customer who is signed in to your app, from a route of your backend (see
   * `createTokenHandler`). Called when the first token is needed and when the server refused one; it is kept while the
   * component is mounted, so give the component a `key` where the customer can change. Needed unless `backend` is given.
   */
  tokenFetcher?: TokenFetcher
  /** The base URL of your confluence-connect-server. Wins over `environment`. */
  apiURL?: string | null
  /** `LOCAL` is `http://localhost:8000`. The others have no default: there is no hosted server, so set `apiURL`. @default 'PRODUCTION' */
  environment?: 'PRODUCTION' | 'DEVELOPMENT' | 'LOCAL'
  /** Replaces the server altogether: another transport, or `createMemoryBackend` in tests. */
  backend?: Backend
  /** Which integrations to offer: `['CONFLUENCE']`, in any case, or objects with options. @default ['CONFLUENCE'] */
  enabledIntegrations?: EnabledIntegration[]
  /** Put on every page that is synced through this component. */
  tags?: Tags
  /** Put on the connection. */
  dataSourceTags?: Tags
  /** Stamp a generated `request_id` on what is synced and on the events about it. @default false */
  useRequestIds?: boolean
  /** Show only connections with these tags: Carbon's filter of data sources. */
  dataSourceTagsFilterQuery?: Record<string, unknown>
  /** How often connections and pages are looked at while they are shown, in milliseconds; at least 3000. @default 8000 */
  dataSourcePollingInterval?: number
  /** Where to begin: an integration's id skips the choice among several; `INTEGRATION_LIST` does not. */
  entryPoint?: string
  /** What an account leads to where pages can be picked. @default 'FILES_LIST' */
  openFilesTabTo?: 'FILE_PICKER' | 'FILES_LIST'
  /**
   * `redirect` signs in in this tab, which leaves your page and comes back to it: for mobile web views and installed web apps.
   * Where your page is in a frame, there is a popup all the same. @default 'popup'
   */
  signInMode?: 'popup' | 'redirect'
  /**
   * Opens an address in a browser outside, for desktop apps (Tauri, Electron). With it, the sign-in ends in that browser on a
   * page of the server that names who receives access and asks, and the component waits for that.
   */
  openUrl?: (url: string) => void
  /** Ask before connecting even when the requested site is all that was granted. @default false */
  requireConfirmation?: boolean
  /** Told when a sign-in begins, an account is connected, all of its pages have arrived, or a sign-in is cancelled. */
  onSuccess?: (event: OnSuccessData) => void
  /** Told when a sign-in or a sync has failed. `data[0].code` is stable. */
  onError?: (event: OnErrorData) => void
  /** Told of each step a person takes, for your analytics. Names are stable; nothing in it says who, which site or which page. */
  onEvent?: (event: ConnectEvent) => void
}

const localUrl = 'http://localhost:8000'

const isConfluence = (id: string) => id.toUpperCase() === 'CONFLUENCE'

const idOf = (integration: EnabledIntegration) => (typeof integration === 'string' ? integration : integration.id)

const isHostIntegration = (integration: EnabledIntegration): integration is HostIntegration =>
  typeof integration === 'object' && 'onSelect' in integration

/** The options of Confluence among the enabled integrations. Undefined when it is not among them. */
function confluenceOptions(enabled: EnabledIntegration[] = ['CONFLUENCE']): ConfluenceOptions | undefined {
  const found = enabled.find((integration) => isConfluence(idOf(integration)))
  return typeof found === 'object' && !isHostIntegration(found) ? found : found && { id: 'CONFLUENCE' }
}

/**
 * What there is to begin with: Confluence, and the host's own integrations. Carbon's others are left out, since nothing could be
 * done with them.
 */
const integrationsOf = ({ enabledIntegrations = [] }: ConnectOptions): IntegrationChoice[] => {
  const own = enabledIntegrations.filter(isHostIntegration).filter(({ id }) => !isConfluence(id))
  return [{ id: 'CONFLUENCE', name: 'Confluence' }, ...own]
}

/** The host's own integration of an id. */
export const hostIntegration = (
  { enabledIntegrations = [] }: ConnectOptions,
  id: string,
): HostIntegration | undefined =>
  enabledIntegrations.filter(isHostIntegration).find((integration) => integration.id === id)

const defaultColumns: readonly PageColumn[] = ['name', 'status', 'created_at']
const pollMs = { default: 8000, least: 3000 }

/** The options that the views go by, an integration's own before the component's. */
export function viewOptionsOf(options: ConnectOptions) {
  const own = confluenceOptions(options.enabledIntegrations)
  const { entryPoint } = options
  const picks = own?.useCarbonFilePicker ?? false
  return {
    requireConfirmation: options.requireConfirmation ?? false,
    integrations: entryPoint && isConfluence(entryPoint) ? [] : integrationsOf(options),
    picksPages: picks && own?.syncFilesOnConnection === false,
    picks: picks || own?.syncFilesOnConnection === false,
    picksFirst: picks && options.openFilesTabTo === 'FILE_PICKER',
    showsPages: own?.showFilesTab ?? options.showFilesTab ?? true,
    columns: own?.filesTabColumns ?? options.filesTabColumns ?? defaultColumns,
    sendWebhook: own?.sendDeletionWebhooks ?? options.sendDeletionWebhooks ?? false,
    pollMs: Math.max(options.dataSourcePollingInterval ?? pollMs.default, pollMs.least),
  }
}

/** What a developer has to change before the component can work as asked: what happened, why, what to do. */
export function configurationProblems(options: ConnectOptions): string[] {
  const { enabledIntegrations, backend, tokenFetcher, environment = 'PRODUCTION' } = options
  const url = serverUrl(options)
  const problems: string[] = []
  if (!confluenceOptions(enabledIntegrations))
    problems.push("Add 'CONFLUENCE' to enabledIntegrations. It is offered all the same.")
  if (backend) return problems
  if (url === null) {
    problems.push(`apiURL is not set, and environment="${environment}" has no server. Set apiURL.`)
  } else if (!URL.canParse(url)) {
    problems.push(`apiURL is "${url}", which is not an absolute URL such as ${localUrl}.`)
  }
  if (!tokenFetcher) problems.push('tokenFetcher is not set. It resolves to { access_token }.')
  return problems
}

const serverUrl = ({ apiURL, environment }: ConnectOptions): string | null =>
  apiURL || (environment === 'LOCAL' ? localUrl : null)

/** The backend that the options name. Null when they name none that can work. */
export function backendOf(options: ConnectOptions, tokenFetcher: TokenFetcher): Backend | null {
  if (options.backend) return options.backend
  const url = serverUrl(options)
  return url !== null && URL.canParse(url) && options.tokenFetcher
    ? createHttpBackend({ apiURL: url, tokenFetcher })
    : null
}

/** The options of a flow, as they travel. */
export function flowInput(
  options: ConnectOptions,
  flow: { site: string; requestId: string | null; supersedes: string | null },
): CreateFlowInput {
  const own = confluenceOptions(options.enabledIntegrations)
  return {
    site: flow.site,
    ...(flow.supersedes !== null && { supersedes: flow.supersedes }),
    ...(flow.requestId !== null && { requestId: flow.requestId }),
    ...(options.tags && { tags: options.tags }),
    ...(options.dataSourceTags && { dataSourceTags: options.dataSourceTags }),
    syncFilesOnConnection: own?.syncFilesOnConnection ?? true,
    syncSourceItems: own?.syncSourceItems ?? true,
    incrementalSync: own?.incrementalSync ?? options.incrementalSync ?? false,
    fileSyncConfig: own?.fileSyncConfig ?? options.fileSyncConfig ?? {},
    ...(own?.scopes && { scopes: own.scopes }),
  }
}
