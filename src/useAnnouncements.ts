import { type RefObject, useEffect, useRef } from 'react'
import { added, errored, notify, type OnSuccessData, updated } from './callbacks.ts'
import type { Connection } from './contract.ts'
import type { View } from './flow.ts'
import type { ConnectOptions } from './options.ts'
import type { createSession, FlowRecord } from './session.ts'
import { useLatest } from './useLatest.ts'

interface Facts {
  view: View
  /** The customer's connections, as far as they are known. */
  connections: Connection[] | undefined
  /** The connection of the present flow. */
  connection: Connection | null
  /** Whether the person can see it. */
  open: boolean
  /** The present flow has ended: what is told of it now is not told again after a reload. */
  flowEnded: boolean
  record: RefObject<FlowRecord | null>
  session: ReturnType<typeof createSession>
}

/** Tells the host what happened by itself: an account connected, its pages arrived, something failed. Each of it once. */
export function useAnnouncements(
  latest: RefObject<ConnectOptions>,
  { view, connections, connection, open, flowEnded, record, session }: Facts,
) {
  const arrived = view.name === 'synced' && view.progress !== null
  useEffect(() => {
    const known = record.current
    if (!known || !connection) return
    const tell = (name: FlowRecord['told'][number], event: OnSuccessData) => {
      if (known.told.includes(name)) return
      known.told.push(name)
      session.save(known)
      notify(latest.current.onSuccess, event)
    }
    tell('ADD', added(connection, known.requestId))
    if (arrived) tell('UPDATE', updated(connection, known.requestId))
  }, [connection, arrived, record, session, latest])

  const known = useRef(new Map<number, Connection['syncStatus']>())
  useEffect(() => {
    for (const listed of connections ?? []) {
      const before = known.current.get(listed.id)
      known.current.set(listed.id, listed.syncStatus)
      const ended = listed.syncStatus === 'READY' && (before === 'SYNCING' || before === 'QUEUED_FOR_SYNCING')
      // The sync of the present flow is told of above.
      if (ended && listed.id !== connection?.id) notify(latest.current.onSuccess, updated(listed, null))
    }
  }, [connections, connection, latest])

  // A connection whose access had ended before is no news.
  const failed = view.name === 'failed' || (view.name === 'stopped' && view.progress !== null)
  const failure = failed ? view.error : null
  // The error is made anew in each render; it is the same one while this is.
  const identity = failure && `${failure.code} ${failure.message}`
  const latestFailure = useLatest(failure)
  useEffect(() => {
    const known = record.current
    // While it is closed and nothing was started, nothing has failed for anybody.
    if (identity === null || latestFailure.current === null || !(open || known) || known?.told.includes('ERROR')) return
    if (known && flowEnded) {
      known.told.push('ERROR')
      session.save(known)
    }
    notify(latest.current.onError, errored(latestFailure.current, known?.flowId ?? null))
  }, [identity, latestFailure, open, flowEnded, record, session, latest])
}
