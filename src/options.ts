import type { Backend } from './backend.ts'
import type { OnErrorData, OnSuccessData } from './callbacks.ts'
import type { CreateFlowInput, IntegrationId } from './contract.ts'
import { createHttpBackend, type TokenFetcher } from './http.ts'

/** Values that Carbon allows as tags. */
export type Tags = Record<string, string | number | boolean | string[] | number[]>

/** Options of the Confluence integration. What is left out falls back to the component's own. */
export interface ConfluenceOptions {
  /** `CONFLUENCE`, in any case. */
  id: IntegrationId | (string & {})
  /** Sync all pages as soon as the site is connected. @default true */
  syncFilesOnConnection?: boolean
  /** Fetch the tree of spaces and pages. @default true */
  syncSourceItems?: boolean
  /** Leave pages alone that are stored in the same version. @default false */
  incrementalSync?: boolean
  /** Replaces the component's `fileSyncConfig`. */
  fileSyncConfig?: Record<string, unknown>
}

/** An integration by its id, or with options of its own. */
export type EnabledIntegration = IntegrationId | (string & {}) | ConfluenceOptions

/** What connecting needs to know, with Carbon's names and meanings. */
export interface ConnectOptions {
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
  /** Leave pages alone that are stored in the same version. @default false */
  incrementalSync?: boolean
  /** Carbon's `file_sync_config`, passed on as it is. */
  fileSyncConfig?: Record<string, unknown>
  /** Ask before connecting even when the requested site is all that was granted. @default false */
  requireConfirmation?: boolean
  /** Told when a sign-in begins, an account is connected, all of its pages have arrived, or a sign-in is cancelled. */
  onSuccess?: (event: OnSuccessData) => void
  /** Told when a sign-in or a sync has failed. `data[0].code` is stable. */
  onError?: (event: OnErrorData) => void
}

const localUrl = 'http://localhost:8000'

const isConfluence = (id: string) => id.toUpperCase() === 'CONFLUENCE'

const idOf = (integration: EnabledIntegration) => (typeof integration === 'string' ? integration : integration.id)

/** The options of Confluence among the enabled integrations. Undefined when it is not among them. */
function confluenceOptions(enabled: EnabledIntegration[] = ['CONFLUENCE']): ConfluenceOptions | undefined {
  const found = enabled.find((integration) => isConfluence(idOf(integration)))
  return typeof found === 'string' ? { id: 'CONFLUENCE' } : found
}

/** What a developer has to change before the component can work as asked: what happened, why, what to do. */
export function configurationProblems(options: ConnectOptions): string[] {
  const { enabledIntegrations, backend, tokenFetcher, environment = 'PRODUCTION' } = options
  const url = serverUrl(options)
  const problems: string[] = []
  if (!confluenceOptions(enabledIntegrations)) {
    const given = enabledIntegrations?.map((integration) => `"${idOf(integration)}"`).join(', ') || 'nothing'
    problems.push(
      `enabledIntegrations has ${given}, but Confluence is the one integration that there is. Set enabledIntegrations={['CONFLUENCE']}, or leave it out; Confluence is offered meanwhile.`,
    )
  }
  if (backend) return problems
  if (url === null) {
    problems.push(
      `apiURL is not set, and environment="${environment}" has no default server. Set apiURL to the URL of your confluence-connect-server, or environment="LOCAL" for ${localUrl}.`,
    )
  } else if (!URL.canParse(url)) {
    problems.push(`apiURL is "${url}", which is not an absolute URL. Set it to the likes of ${localUrl}.`)
  }
  if (!tokenFetcher) {
    problems.push(
      'tokenFetcher is not set, so the server cannot tell who is signed in. Set it to a function that resolves to { access_token }.',
    )
  }
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
  }
}
