import type {
  CompleteFlowInput,
  ConfirmFlowInput,
  Connection,
  CreatedFlow,
  CreateFlowInput,
  ErrorCode,
  Flow,
  ItemList,
  ItemQuery,
  PageAction,
  PageList,
  PageQuery,
  PageSelection,
  StartedSync,
  SyncInput,
  SyncProgress,
} from './contract.ts'

/** How every call to a {@link Backend} can be given up. */
export interface CallOptions {
  signal?: AbortSignal
}

/**
 * What the sign-in window tells.
 *
 * - `started`: it is bound to this page's flow and on its way to Atlassian; from now on whether it is closed cannot be known
 * - `unattended`: this page has the person's attention again, or ten seconds have passed, and the sign-in is not finished
 * - `closed`: it was closed before it started
 * - `failed`: it could not start
 * - `done`: a hint that the flow has changed, worth a look now
 */
export type SignInEvent =
  | { type: 'started' }
  | { type: 'unattended' }
  | { type: 'closed' }
  | { type: 'failed'; code: ErrorCode }
  | { type: 'done' }

/** One sign-in window, open or held back. */
export interface SignInWindow {
  /**
   * False when the browser held it back. The page then shows a real link to {@link Backend.signInUrl}, and a window that is
   * opened by that link takes part in the same handshake.
   */
  readonly opened: boolean
  /** Hands over the flow's secret as soon as the window asks for it. */
  deliver(secret: string): void
  /** Brings it to the front. False when it cannot be reached any more. */
  focus(): boolean
  /** Stops listening to it and leaves it open. */
  release(): void
  /** Stops listening to it and closes it, where the browser still allows that. */
  close(): void
}

/**
 * All that connecting needs from outside. {@link createHttpBackend} is the default, `createMemoryBackend` of
 * `confluence-connect/testing` needs no server, and a host may pass its own.
 *
 * Calls reject with a `ConnectError`; any other error counts as `unknown`.
 */
export interface Backend {
  /** The page that the sign-in window shows first. */
  readonly signInUrl: string
  /**
   * Opens the sign-in window. Called synchronously in the click, since browsers hold back windows that come later.
   *
   * @param onEvent called until the window is released or closed
   */
  openSignIn(onEvent: (event: SignInEvent) => void): SignInWindow
  /** Starts an attempt to connect. */
  createFlow(input: CreateFlowInput, options?: CallOptions): Promise<CreatedFlow>
  /** Where an attempt stands; null when there is no such flow for this customer. */
  getFlow(flowId: string, options?: CallOptions): Promise<Flow | null>
  /**
   * Completes an attempt that came back to this page; repeating it changes nothing. A backend without it has popups alone, or
   * `openUrl`.
   */
  completeFlow?(flowId: string, input: CompleteFlowInput, options?: CallOptions): Promise<Flow>
  /** Connects one of the flow's sites. Repeating it with the same site changes nothing. */
  confirmFlow(flowId: string, input: ConfirmFlowInput, options?: CallOptions): Promise<Flow>
  /** Gives an attempt up; what arrives later is dropped. */
  cancelFlow(flowId: string, options?: CallOptions): Promise<Flow>
  /**
   * The customer's connections; disconnected ones while pages of them are kept.
   *
   * @param options.tags Carbon's filter of data sources by their tags
   */
  listConnections(options?: CallOptions & { tags?: Record<string, unknown> }): Promise<Connection[]>
  /** How far the sync of a connection has come; null when it was never synced. */
  getSync(connectionId: number, options?: CallOptions): Promise<SyncProgress | null>
  /** Ends the access to a connection and deletes its pages here. */
  disconnect(connectionId: number, options?: CallOptions): Promise<Connection>
  /** Starts a sync of everything, of spaces or of pages. */
  startSync(connectionId: number, input: SyncInput, options?: CallOptions): Promise<StartedSync>
  /** Stops what is syncing; pages that have arrived stay. */
  cancelSync(connectionId: number, options?: CallOptions): Promise<unknown>
  /** Reads the tree of spaces and pages anew, without syncing a page. */
  refreshItems(connectionId: number, options?: CallOptions): Promise<unknown>
  /** Spaces and pages that can be picked. */
  listItems(connectionId: number, query: ItemQuery, options?: CallOptions): Promise<ItemList>
  /** The pages that are synced, or on their way. */
  listPages(query: PageQuery, options?: CallOptions): Promise<PageList>
  /** Fetches pages again. */
  resyncPages(connectionId: number, selection: PageSelection, options?: CallOptions): Promise<PageAction>
  /** Deletes pages here; in Confluence nothing changes. */
  deletePages(
    connectionId: number,
    selection: PageSelection,
    options?: CallOptions & { sendWebhook?: boolean },
  ): Promise<PageAction>
}
