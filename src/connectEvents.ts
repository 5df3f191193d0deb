import { type RefObject, useEffect, useRef } from 'react'
import { notify } from './callbacks.ts'
import type { ErrorCode } from './contract.ts'
import type { View } from './flow.ts'
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
  name: ConnectEventName
  /** RFC 3339. */
  timestamp: string
  /** What is shown. */
  view: View['name']
  flowId: string | null
  connectionId: number | null
  /** Of `error`. */
  code?: ErrorCode
  retryable?: boolean
  /** Of `sync_progress` and `sync_completed`: pages so far. Of the `pages_` events: how many pages. */
  count?: number
}

/** What an event is told with, beside what is always in it. */
export type EventDetails = Partial<Pick<ConnectEvent, 'code' | 'retryable' | 'count' | 'flowId' | 'connectionId'>>

export type Emit = (name: ConnectEventName, details?: EventDetails) => void

/** What is so at present: an event is told when its key changes to another one. Null: it is not so. */
export type Marks = Partial<Record<ConnectEventName, { key: string | number; details?: EventDetails } | null>>

/**
 * Tells the host's `onEvent` of what becomes so, and gives a function to tell of what is done.
 *
 * @param facts what goes into each event
 * @param marks in the order in which they are told when several become so at once
 */
export function useEvents(
  latest: RefObject<ConnectOptions>,
  facts: Pick<ConnectEvent, 'view' | 'flowId' | 'connectionId'>,
  marks: Marks,
): Emit {
  const known = useRef<Marks>({})
  const emit: Emit = (name, details) =>
    notify(latest.current.onEvent, { name, timestamp: new Date().toISOString(), ...facts, ...details })
  useEffect(() => {
    const before = known.current
    known.current = marks
    for (const [name, mark] of Object.entries(marks) as [ConnectEventName, Marks[ConnectEventName]][]) {
      if (mark && before[name]?.key !== mark.key) emit(name, mark.details)
    }
  })
  return emit
}
