import { type RefObject, useEffect, useRef } from 'react'
import { notify } from './callbacks.ts'
import type { Connection, ErrorCode, Flow } from './contract.ts'
import type { Step, View } from './flow.ts'
import type { ConnectOptions } from './options.ts'

/**
 * What a person did, or what came of it. Stable.
 *
 * `open` and `close` are about the component, `view` about what it shows; then the sign-in in its order, the sync, and what is
 * done with accounts and pages.
 */
export type ConnectEventName =
  | 'open'
  | 'close'
  | 'view'
  | 'subdomain_submitted'
  | 'popup_opened'
  | 'popup_blocked'
  | 'authorize_started'
  | 'authorize_returned'
  | 'confirmed'
  | 'cancelled'
  | 'sync_started'
  | 'sync_progress'
  | 'sync_completed'
  | 'sync_cancelled'
  | 'pages_picked'
  | 'pages_resynced'
  | 'pages_deleted'
  | 'disconnected'
  | 'error'

/** What `onEvent` gets: enough for a funnel, nothing about the person or the content. */
export interface ConnectEvent {
  /** What happened. */
  name: ConnectEventName
  /** When: RFC 3339. */
  timestamp: string
  /** What is shown. */
  view: View['name']
  /** Of the sign-in, where there is one. */
  flowId: string | null
  /** Of the account, where there is one. */
  connectionId: number | null
  /** Of `error`: which. */
  code?: ErrorCode
  /** Of `error`: whether the same attempt may succeed later. */
  retryable?: boolean
  /** Of `sync_progress` and `sync_completed`: pages so far. Of the `pages_` events: how many pages. */
  count?: number
}

/** What an event is told with, beside what is always in it. */
export type EventDetails = Partial<Pick<ConnectEvent, 'code' | 'retryable' | 'count' | 'flowId' | 'connectionId'>>

export type Emit = (name: ConnectEventName, details?: EventDetails) => void

/** What is so at present: an event is told when its key changes to another one. Null: it is not so. */
type Marks = Partial<Record<ConnectEventName, { key: string | number; details?: EventDetails } | null>>

/** Where a component stands. */
interface Situation {
  /** Whether the person can see it. */
  open: boolean
  view: View
  step: Step
  flow: Flow | null | undefined
  connection: Connection | null
  /** The connection is that of a sign-in on this page. */
  follows: boolean
}

const closed = { key: 'closed' }

/** In the order in which they are told when several become so at once. */
function marksOf({ open, view, step, flow, connection, follows }: Situation): Marks {
  const ofFlow = (so: unknown) => (so && flow ? { key: flow.id } : null)
  const ofConnection = (so: boolean, details?: EventDetails) =>
    connection && so ? { key: connection.id, ...(details && { details }) } : null
  const pages = 'progress' in view ? view.progress?.pages : undefined
  const counted = pages && { count: pages.synced }
  const error = (open || follows) && 'error' in view ? view.error : null
  return {
    open: open ? { key: 'open' } : null,
    view: open ? { key: view.name } : null,
    authorize_started: ofFlow(step.at === 'signIn' && step.window === 'open'),
    authorize_returned: ofFlow(flow?.status === 'authorized' || flow?.connection || flow?.error),
    confirmed: ofFlow(flow?.connection),
    // Later ones are told of where they are begun.
    sync_started: ofConnection(follows && view.name === 'syncing'),
    sync_progress: view.name === 'syncing' && counted ? { key: counted.count, details: counted } : null,
    sync_completed: ofConnection(view.name === 'synced' && counted !== undefined, counted),
    error: error && { key: error.message, details: { code: error.code, retryable: error.retryable } },
    close: open ? null : closed,
  }
}

/** Tells the host's `onEvent` of what becomes so, and gives a function to tell of what is done. */
export function useEvents(latest: RefObject<ConnectOptions>, situation: Situation): Emit {
  // Closed is how it begins, and no news.
  const known = useRef<Marks>({ close: closed })
  const { view, flow, connection } = situation
  const emit: Emit = (name, details) =>
    notify(latest.current.onEvent, {
      name,
      timestamp: new Date().toISOString(),
      view: view.name,
      flowId: flow?.id ?? null,
      connectionId: connection?.id ?? null,
      ...details,
    })
  const marks = marksOf(situation)
  useEffect(() => {
    const before = known.current
    known.current = marks
    for (const [name, mark] of Object.entries(marks) as [ConnectEventName, Marks[ConnectEventName]][]) {
      if (mark && before[name]?.key !== mark.key) emit(name, mark.details)
    }
  })
  return emit
}
