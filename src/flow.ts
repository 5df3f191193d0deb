import type { ReactNode } from 'react'
import type { Account, Connection, Flow, Site, SyncProgress } from './contract.ts'
import { ConnectError, fromWire } from './errors.ts'
import type { SiteProblem } from './site.ts'

/**
 * What this page knows of the sign-in window.
 *
 * `opening` → `open` (bound to the flow) → `unattended` (open or closed, nobody can tell); or `blocked` by the browser.
 */
export type WindowStatus = 'opening' | 'blocked' | 'open' | 'unattended'

/** What only this page knows: where the person is. All else is on the server and derived by {@link viewOf}. */
export type Step =
  /** Wherever somebody begins: the integrations, the accounts or the site, by what there is. */
  | { at: 'home'; integrationChosen: boolean }
  | { at: 'enter'; site: string; problem: SiteProblem | null }
  | { at: 'signIn'; site: string; flowId: string | null; window: WindowStatus; chosen: string | null }
  | { at: 'resume'; flowId: string; chosen: string | null }
  | { at: 'connection'; connection: Connection }
  | { at: 'picker'; connection: Connection }
  | { at: 'pages'; connection: Connection }
  | { at: 'disconnected'; connection: Connection }
  | { at: 'failed'; site: string; flowId: string | null; error: ConnectError }

/** What can happen on this page. */
export type StepEvent =
  | { type: 'rejected'; site: string; problem: SiteProblem }
  | { type: 'signInOpened'; site: string; blocked: boolean }
  | { type: 'flowCreated'; flowId: string }
  | { type: 'windowStarted' }
  | { type: 'windowUnattended' }
  | { type: 'siteChosen'; cloudId: string }
  | { type: 'failed'; error: ConnectError }
  | { type: 'resumed'; flowId: string }
  | { type: 'integrationChosen' }
  | { type: 'connectionOpened'; connection: Connection; as?: 'connection' | 'picker' | 'pages' }
  | { type: 'disconnected'; connection: Connection }
  | { type: 'restarted'; site: string }
  | { type: 'wentHome'; integrationChosen: boolean }

export const firstStep: Step = { at: 'home', integrationChosen: false }

/** The site of a step, as far as it is known. */
export const siteOf = (step: Step): string => {
  if ('connection' in step) return step.connection.site.host
  return 'site' in step ? step.site : ''
}

/** The flow of a step, where it has one. */
export const flowIdOf = (step: Step): string | null => ('flowId' in step ? step.flowId : null)

/** The next step. What does not belong to the present step comes from an attempt that is over, and changes nothing. */
export function reduceStep(step: Step, event: StepEvent): Step {
  switch (event.type) {
    case 'rejected':
      return { at: 'enter', site: event.site, problem: event.problem }
    case 'signInOpened':
      return {
        at: 'signIn',
        site: event.site,
        flowId: null,
        window: event.blocked ? 'blocked' : 'opening',
        chosen: null,
      }
    case 'flowCreated':
      return step.at === 'signIn' ? { ...step, flowId: event.flowId } : step
    case 'windowStarted':
      return step.at === 'signIn' ? { ...step, window: 'open' } : step
    case 'windowUnattended':
      return step.at === 'signIn' && step.window !== 'blocked' ? { ...step, window: 'unattended' } : step
    case 'siteChosen':
      return step.at === 'signIn' || step.at === 'resume' ? { ...step, chosen: event.cloudId } : step
    case 'failed':
      return { at: 'failed', site: siteOf(step), flowId: flowIdOf(step), error: event.error }
    case 'resumed':
      return step.at === 'enter' || step.at === 'home' ? { at: 'resume', flowId: event.flowId, chosen: null } : step
    case 'integrationChosen':
      return { at: 'home', integrationChosen: true }
    case 'connectionOpened':
      return { at: event.as ?? 'connection', connection: event.connection }
    case 'disconnected':
      return { at: 'disconnected', connection: event.connection }
    case 'restarted':
      return { at: 'enter', site: event.site, problem: null }
    case 'wentHome':
      return { at: 'home', integrationChosen: event.integrationChosen }
  }
}

/** What the server knows, as far as it was asked. */
export interface ServerFacts {
  /** Null: there is no such flow. Undefined: not known yet. */
  flow: Flow | null | undefined
  /** Null: the connection was never synced. Undefined: not known yet. */
  progress: SyncProgress | null | undefined
  /** Undefined: not known yet. Empty where they could not be listed: a sign-in needs none of them. */
  connections: Connection[] | undefined
  /** The last try to reach the server failed, and it is being tried again. */
  unreachable: boolean
  /** Why the server is no longer asked. */
  error: ConnectError | null
}

/** One of several integrations to begin with. */
export interface IntegrationChoice {
  id: string
  name: string
  /** A URL, or an element. Without one, Confluence's mark or the first letter of the name. */
  icon?: ReactNode
}

/** What a person sees, without the actions. */
export type View =
  /** Until it is known whether there are connections already. */
  | { name: 'opening' }
  /** There is more to connect than Confluence: asks what. */
  | { name: 'integrations'; integrations: readonly IntegrationChoice[] }
  /** Asks for the site. */
  | {
      name: 'enter'
      /** What was entered last. */
      site: string
      /** Why that is no site. */
      problem: SiteProblem | null
      /** Connections that exist already. */
      connections: Connection[]
    }
  /** After a reload, until it is known where the sign-in stands. */
  | { name: 'resuming'; unreachable: boolean }
  /** The browser held the sign-in window back: show a link to the sign-in page. */
  | { name: 'blocked'; site: string; unreachable: boolean }
  /** The person signs in, in the window. */
  | { name: 'waiting'; site: string; window: Exclude<WindowStatus, 'blocked'>; unreachable: boolean }
  /** Signed in; asks which site to connect. */
  | {
      name: 'choosing'
      account: Account | null
      sites: Site[]
      requestedSite: string
      /** The `cloudId` that was chosen and is being connected. */
      chosen: string | null
      unreachable: boolean
    }
  /** Connected; pages arrive. */
  | { name: 'syncing'; connection: Connection; progress: SyncProgress | null; unreachable: boolean }
  /** Every page has arrived; or, with `progress` null, the connection was made without a sync. */
  | { name: 'synced'; connection: Connection; progress: SyncProgress | null }
  /** Connected, but the sync has ended early or Atlassian ended the access. */
  | { name: 'stopped'; connection: Connection; progress: SyncProgress | null; error: ConnectError }
  /** The access has been ended here. */
  | { name: 'disconnected'; connection: Connection }
  /** The accounts that are connected. */
  | { name: 'accounts'; connections: Connection[]; unreachable: boolean }
  /** Picks spaces and pages to sync. What there is to pick comes from `usePagePicker`. */
  | { name: 'picker'; connection: Connection }
  /** The pages that are synced. They come from `useSyncedPages`. */
  | { name: 'pages'; connection: Connection }
  /** The sign-in did not succeed. */
  | { name: 'failed'; site: string; flowId: string | null; error: ConnectError }

const flowEnds = {
  cancelled: 'flow_cancelled',
  expired: 'flow_expired',
} as const

/** Whether a flow may still change. */
export const isFlowOpen = (flow: Flow) =>
  flow.status === 'created' || flow.status === 'authorizing' || flow.status === 'authorized'

/** Whether a sync may still change. */
export const isSyncOpen = (progress: SyncProgress | null | undefined) =>
  !progress || progress.phase === 'queued' || progress.phase === 'spaces' || progress.phase === 'pages'

/** The `cloudId` that a person chose for the present flow. */
export const chosenOf = (step: Step): string | null => ('chosen' in step ? step.chosen : null)

/**
 * The site to connect now: the chosen one or, without asking, the requested one when it is all that was granted.
 *
 * @param requireConfirmation ask in any case
 */
export function siteToConfirm(flow: Flow, chosen: string | null, requireConfirmation: boolean): Site | null {
  if (flow.status !== 'authorized') return null
  if (chosen !== null) return flow.sites.find(({ cloudId }) => cloudId === chosen) ?? null
  const [site] = flow.sites
  return !requireConfirmation && flow.sites.length === 1 && site?.host === flow.requestedSite ? site : null
}

/** The connection that a step is about, once there is one. */
export const connectionOf = (step: Step, flow: Flow | null | undefined): Connection | null => {
  if ('connection' in step) return step.connection
  return step.at === 'signIn' || step.at === 'resume' ? (flow?.connection ?? null) : null
}

function connectionView(connection: Connection, { progress, unreachable }: ServerFacts): View {
  const stopped = (error: ConnectError): View => ({ name: 'stopped', connection, progress: progress ?? null, error })
  if (connection.status === 'reconnect_needed') {
    return stopped(new ConnectError('reconnect_needed', 'Atlassian ended the access.'))
  }
  if (progress?.phase === 'failed') {
    return stopped(fromWire(progress.error, { code: 'sync_failed', message: 'The sync failed.' }))
  }
  if (progress?.phase === 'cancelled') return stopped(new ConnectError('sync_failed', 'The sync was cancelled.'))
  if (progress === null || progress?.phase === 'done') return { name: 'synced', connection, progress }
  return { name: 'syncing', connection, progress: progress ?? null, unreachable }
}

/** What the host has chosen about the views. */
export interface ViewOptions {
  /** Ask even when the requested site is all that was granted. */
  requireConfirmation: boolean
  /** What there is to begin with, where it is more than one and no entry point skips the choice. */
  integrations: readonly IntegrationChoice[]
  /** After a sign-in pages are picked, instead of everything being synced. */
  picksPages: boolean
}

function homeView(step: Extract<Step, { at: 'home' }>, server: ServerFacts, { integrations }: ViewOptions): View {
  if (integrations.length > 1 && !step.integrationChosen) return { name: 'integrations', integrations }
  const { connections, unreachable } = server
  if (!connections) return { name: 'opening' }
  return connections.length > 0
    ? { name: 'accounts', connections, unreachable }
    : { name: 'enter', site: '', problem: null, connections }
}

/** What a person sees, from what this page and the server know. */
export function viewOf(step: Step, server: ServerFacts, options: ViewOptions): View {
  const { flow, unreachable, connections = [] } = server
  switch (step.at) {
    case 'home':
      return homeView(step, server, options)
    case 'enter':
      return { name: 'enter', site: step.site, problem: step.problem, connections }
    case 'disconnected':
    case 'picker':
    case 'pages':
      return { name: step.at, connection: step.connection }
    case 'failed':
      return { name: 'failed', site: step.site, flowId: step.flowId, error: step.error }
  }

  const site = flow?.requestedSite ?? siteOf(step)
  const failed = (error: ConnectError): View => ({ name: 'failed', site, flowId: flowIdOf(step), error })
  if (server.error) return failed(server.error)
  const connection = connectionOf(step, flow)
  if (connection && options.picksPages && step.at !== 'connection') return { name: 'picker', connection }
  if (connection) return connectionView(connection, server)
  if (flow === null) return { name: 'enter', site: '', problem: null, connections }

  switch (flow?.status) {
    case 'failed':
      return failed(fromWire(flow.error, { code: 'unknown', message: 'The sign-in failed.' }))
    case 'cancelled':
    case 'expired':
      return failed(new ConnectError(flowEnds[flow.status], `The sign-in is ${flow.status}.`))
    case 'authorized':
      if (!siteToConfirm(flow, null, options.requireConfirmation)) {
        const { account, sites, requestedSite } = flow
        return { name: 'choosing', account, sites, requestedSite, chosen: chosenOf(step), unreachable }
      }
  }
  if (step.at === 'resume') {
    return flow ? { name: 'waiting', site, window: 'unattended', unreachable } : { name: 'resuming', unreachable }
  }
  const window = step.at === 'signIn' ? step.window : 'opening'
  return window === 'blocked' ? { name: 'blocked', site, unreachable } : { name: 'waiting', site, window, unreachable }
}

const settled: readonly View['name'][] = ['synced', 'stopped', 'disconnected', 'failed', 'accounts', 'picker', 'pages']

/** Whether nothing goes on that is shown here alone, so that the next opening starts anew. */
export const isSettled = (view: View): boolean => settled.includes(view.name)
