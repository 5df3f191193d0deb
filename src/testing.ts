import type { Backend, CallOptions, SignInEvent } from './backend.ts'
import type {
  Account,
  Connection,
  DataSourceStatus,
  ErrorCode,
  Flow,
  Site,
  SyncInput,
  SyncProgress,
} from './contract.ts'
import { ConnectError, isErrorCode } from './errors.ts'
import { createMemoryLists, type MemoryLists } from './memoryLists.ts'

export { type MemoryLists, memoryItems, memoryPages } from './memoryLists.ts'

/**
 * How a sign-in goes.
 *
 * - `granted`: the person signs in and gives access
 * - `pending`: the window opens and nothing more happens
 * - `unattended`: the same, and the person looks at the page again
 * - `blocked`: the browser holds the window back
 * - an error code: it ends with that error
 */
export type MemorySignIn = 'granted' | 'pending' | 'unattended' | 'blocked' | ErrorCode

/** A backend's calls, by name. */
export type MemoryCall = Exclude<keyof Backend, 'signInUrl'>

/** What to play. Everything has a default: without options, one sign-in succeeds and 240 pages arrive. */
export interface MemoryBackendOptions extends MemoryLists {
  /** @default 'granted' */
  signIn?: MemorySignIn
  /** How long the person takes to sign in, in milliseconds. @default 0 */
  signInMs?: number
  /** Who signs in. */
  account?: Account
  /** The sites that are granted; by default the one that was asked for. */
  sites?: Site[]
  /** What the sync reports, one after the other; the last one stays. Parts that are left out have defaults. */
  progress?: readonly Partial<SyncProgress>[]
  /** How long each report of `progress` stays, in milliseconds. @default 400 */
  stepMs?: number
  /** Connections that exist already. */
  connections?: Connection[]
  /** How far the syncs of such connections have come, by their ids. By default the last of `progress`. */
  syncs?: Record<number, Partial<SyncProgress>>
  /** Calls that fail, each time, with this code. */
  failures?: Partial<Record<MemoryCall, ErrorCode>>
}

/** A {@link Backend} without a server. */
export interface MemoryBackend extends Backend {
  /** What was called, oldest first. */
  readonly calls: readonly MemoryCall[]
  /** What was given to `createFlow`, oldest first. */
  readonly inputs: readonly Parameters<Backend['createFlow']>[0][]
  /** What was given to `startSync`, oldest first. */
  readonly syncs: readonly SyncInput[]
  /** The person goes on with a sign-in that is `pending`, `unattended` or `blocked`. */
  signIn(outcome: MemorySignIn): void
}

const defaultAccount: Account = { id: '557058:jane', name: 'Jane Doe', email: 'jane@acme.example', avatarUrl: null }

const started = '2026-11-02T09:00:00Z'

const defaultSteps: Partial<SyncProgress>[] = [
  { phase: 'queued' },
  { phase: 'spaces' },
  { phase: 'pages', spaces: 4, pages: { synced: 40, failed: 0, total: null } },
  { phase: 'pages', spaces: 4, pages: { synced: 120, failed: 0, total: 240 }, secondsLeft: 40 },
  { phase: 'done', spaces: 4, pages: { synced: 240, failed: 0, total: 240 }, finishedAt: started },
]

/** A site as Atlassian describes it, by its host name. */
export const memorySite = (host: string, name = host): Site => ({ cloudId: `cloud-${host}`, name, host })

/** A connection, for `connections` or to expect. */
export const memoryConnection = (id: number, site: Site, account = defaultAccount): Connection => ({
  id,
  externalId: `${account.id}|${account.email ?? account.name}|${site.cloudId}/${site.host.split('.')[0]}`,
  site,
  account,
  status: 'active',
  syncStatus: 'SYNCING',
  createdAt: started,
  lastSyncedAt: null,
})

const progressOf = (connectionId: number, step: Partial<SyncProgress> = {}): SyncProgress => ({
  connectionId,
  phase: 'queued',
  spaces: null,
  pages: { synced: 0, failed: 0, total: null },
  requests: 0,
  points: 0,
  rateLimitedUntil: null,
  secondsLeft: null,
  error: null,
  startedAt: started,
  finishedAt: null,
  ...step,
})

const statuses: Partial<Record<SyncProgress['phase'], DataSourceStatus>> = {
  done: 'READY',
  cancelled: 'READY',
  failed: 'SYNC_ERROR',
}

/** What the progress of a sync makes of the status of its connection. */
const statusOf = (progress: SyncProgress | null): DataSourceStatus =>
  (progress && statuses[progress.phase]) ?? 'SYNCING'

const delay = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })

/** What a sign-in comes back with. */
const proof = 'memory'

const endOf: Partial<Record<ErrorCode, Flow['status']>> = { flow_expired: 'expired', flow_cancelled: 'cancelled' }

/**
 * Plays a server and a sign-in in memory, so that every state of the component can be reached in stories, in this project's
 * tests and in yours.
 */
export function createMemoryBackend(options: MemoryBackendOptions = {}): MemoryBackend {
  const { account = defaultAccount, progress = defaultSteps, stepMs = 400, failures = {} } = options
  const calls: MemoryCall[] = []
  const inputs: Parameters<Backend['createFlow']>[0][] = []
  const flows = new Map<string, Flow>()
  const connections = new Map(options.connections?.map((connection) => [connection.id, connection]))
  const syncsSince = new Map<number, number>()
  const cancelled = new Map<number, SyncProgress>()
  const syncs: SyncInput[] = []
  let current: { flowId: string | null; onEvent: (event: SignInEvent) => void } | null = null

  const called = async (call: MemoryCall, { signal }: CallOptions = {}) => {
    calls.push(call)
    await Promise.resolve()
    signal?.throwIfAborted()
    const code = failures[call]
    if (code) throw new ConnectError(code, `createMemoryBackend was told to fail ${call} with ${code}.`)
  }

  const flowOf = (id: string): Flow => {
    const flow = flows.get(id)
    if (!flow) throw new ConnectError('unknown', `There is no flow ${id}.`)
    return flow
  }

  const change = (id: string, changes: Partial<Flow>) => {
    const flow = { ...flowOf(id), ...changes }
    flows.set(id, flow)
    return flow
  }

  const finish = (outcome: MemorySignIn) => {
    if (!current) return
    const { flowId, onEvent } = current
    if (outcome === 'blocked') return
    if (outcome === 'popup_closed') return onEvent({ type: 'closed' })
    if (outcome === 'popup_no_opener') return onEvent({ type: 'failed', code: outcome })
    onEvent({ type: 'started' })
    if (outcome === 'unattended') onEvent({ type: 'unattended' })
    if (flowId === null || flows.get(flowId)?.status !== 'created') return
    if (outcome === 'granted') {
      change(flowId, {
        status: 'authorized',
        account,
        sites: options.sites ?? [memorySite(flowOf(flowId).requestedSite)],
      })
    } else if (isErrorCode(outcome)) {
      change(flowId, {
        status: endOf[outcome] ?? 'failed',
        error: { code: outcome, message: `The sign-in ended with ${outcome}.` },
      })
    }
    onEvent({ type: 'done' })
  }

  const set = (id: number, changes: Partial<Connection>): Connection => {
    const connection = connections.get(id)
    if (!connection) throw new ConnectError('unknown', `There is no connection ${id}.`)
    const changed = { ...connection, ...changes }
    connections.set(id, changed)
    return changed
  }

  const startSync = (id: number) => {
    cancelled.delete(id)
    syncsSince.set(id, Date.now())
  }

  const progressNow = (id: number): SyncProgress | null => {
    const ended = cancelled.get(id)
    if (ended) return ended
    const since = syncsSince.get(id)
    if (since === undefined) return connections.has(id) ? progressOf(id, options.syncs?.[id] ?? progress.at(-1)) : null
    return progressOf(id, progress[Math.min(progress.length - 1, Math.floor((Date.now() - since) / stepMs))])
  }

  return {
    calls,
    inputs,
    syncs,
    signIn: finish,
    signInUrl: 'about:blank#sign-in',
    openSignIn(onEvent) {
      calls.push('openSignIn')
      const own: NonNullable<typeof current> = { flowId: null, onEvent }
      current = own
      const leave = () => {
        if (current === own) current = null
      }
      return {
        opened: options.signIn !== 'blocked',
        deliver: () =>
          void delay(options.signInMs ?? 0).then(() => current === own && finish(options.signIn ?? 'granted')),
        focus: () => true,
        // The window stays open, and what happens in it still reaches the flow.
        release: () => {
          own.onEvent = () => {}
        },
        close: leave,
      }
    },
    async createFlow(input, call) {
      await called('createFlow', call)
      inputs.push(input)
      const flow: Flow = {
        id: `flow_${flows.size + 1}`,
        status: 'created',
        requestedSite: input.site,
        account: null,
        sites: [],
        connection: null,
        error: null,
        expiresAt: new Date(Date.now() + 1_200_000).toISOString(),
      }
      flows.set(flow.id, flow)
      if (input.completion === 'return') {
        // Nobody has to leave for Atlassian: the address that starts the sign-in is the one that it comes back to.
        const url = new URL(input.returnUrl ?? '')
        url.searchParams.set('cc_flow', `${flow.id}.${proof}`)
        return { flow, secret: '', url: url.href }
      }
      if (input.completion === 'link') {
        const own = { flowId: flow.id, onEvent: () => {} }
        current = own
        void delay(options.signInMs ?? 0).then(() => current === own && finish(options.signIn ?? 'granted'))
        return { flow, secret: '', url: `about:blank#sign-in-${flow.id}` }
      }
      if (current) current.flowId = flow.id
      return { flow, secret: `secret of ${flow.id}`, url: null }
    },
    async completeFlow(id, input, call) {
      await called('completeFlow', call)
      if (input.proof !== proof) throw new ConnectError('state_invalid', `Flow ${id} did not come back.`)
      if (flowOf(id).status === 'created') {
        current = { flowId: id, onEvent: () => {} }
        finish(options.signIn ?? 'granted')
      }
      return flowOf(id)
    },
    async getFlow(id, call) {
      await called('getFlow', call)
      return flows.get(id) ?? null
    },
    async confirmFlow(id, { cloudId }, call) {
      await called('confirmFlow', call)
      const flow = flowOf(id)
      if (flow.connection) return flow
      const site = flow.sites.find((granted) => granted.cloudId === cloudId)
      if (!site) throw new ConnectError('site_mismatch', `Flow ${id} was not granted ${cloudId}.`)
      const connection = memoryConnection(Math.max(0, ...connections.keys()) + 1, site, account)
      connections.set(connection.id, connection)
      startSync(connection.id)
      return change(id, { status: 'connected', connection })
    },
    async cancelFlow(id, call) {
      await called('cancelFlow', call)
      return change(id, { status: 'cancelled' })
    },
    async listConnections(call) {
      await called('listConnections', call)
      return [...connections.values()].map((connection) => ({
        ...connection,
        ...(syncsSince.has(connection.id) && { syncStatus: statusOf(progressNow(connection.id)) }),
      }))
    },
    async getSync(id, call) {
      await called('getSync', call)
      return progressNow(id)
    },
    ...createMemoryLists(
      options,
      async (call, given) => {
        await called(call, given)
        if (options.listMs) await delay(options.listMs, given?.signal)
      },
      stepMs,
    ),
    async startSync(id, input, call) {
      await called('startSync', call)
      syncs.push(input)
      startSync(id)
      return { syncId: syncs.length, requestId: input.requestId ?? '', uploadId: '', fileIds: [] }
    },
    async cancelSync(id, call) {
      await called('cancelSync', call)
      cancelled.set(id, { ...(progressNow(id) ?? progressOf(id)), phase: 'cancelled', finishedAt: started })
      set(id, { syncStatus: 'READY' })
    },
    async disconnect(id, call) {
      await called('disconnect', call)
      return set(id, { status: 'disconnected' })
    },
  }
}
