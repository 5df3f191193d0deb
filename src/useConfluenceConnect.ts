import { skipToken, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useReducer, useRef, useState } from 'react'
import type { Backend } from './backend.ts'
import { cancelled, createRequestId, initiated, notify } from './callbacks.ts'
import type { Connection, Flow } from './contract.ts'
import { ConnectError, toConnectError } from './errors.ts'
import {
  chosenOf,
  connectionOf,
  firstStep,
  flowIdOf,
  isFlowOpen,
  isSyncOpen,
  reduceStep,
  siteOf,
  siteToConfirm,
  type View,
  viewOf,
} from './flow.ts'
import { backendOf, type ConnectOptions, configurationProblems, flowInput } from './options.ts'
import { createClient, flowInterval, saidAfterFailures, syncInterval, wakeEvents } from './queries.ts'
import { createSession, type FlowRecord } from './session.ts'
import { type Attempt, beginSignIn } from './signIn.ts'
import { parseSite } from './site.ts'
import { useAnnouncements, useLatest } from './useAnnouncements.ts'

/** Options of {@link useConfluenceConnect}. */
export interface UseConfluenceConnectOptions extends ConnectOptions {
  /**
   * Whether the person can see it. While false nothing is started: no request, timer or listener. A sign-in or a sync that
   * was started goes on, after a reload as well. @default true
   */
  open?: boolean
  /** Told when a reload came between the person and a sign-in or a sync that was open: show it again. */
  onResume?: () => void
}

/** Ending the access to the connection that is shown. */
export interface DisconnectAction {
  disconnect(): void
  /** Whether it is under way, or why it did not succeed. It may be repeated. */
  disconnecting: boolean | ConnectError
}

/** What can be done in each view. Actions that open the sign-in window must be called in a click. */
export interface ConnectActions {
  enter: {
    /** Starts the sign-in for what was entered; an input that is no site becomes `problem`. */
    start(site: string): void
    /** Shows an existing connection. */
    show(connection: Connection): void
  }
  resuming: { cancel(): void }
  blocked: {
    /** Where a real link has to lead: `<a href={signInUrl} target="_blank" rel="opener">`. */
    signInUrl: string
    cancel(): void
  }
  waiting: {
    /** Brings the sign-in window to the front. */
    focus(): void
    /** Starts over in a new window. */
    reopen(): void
    cancel(): void
  }
  choosing: {
    /** Connects one of `sites`. */
    confirm(cloudId: string): void
    cancel(): void
  }
  syncing: DisconnectAction & {
    /** Back to the first view, to connect another site. The sync goes on; what it ends in is told no more. */
    restart(): void
  }
  synced: DisconnectAction & {
    /** Back to the first view. */
    restart(): void
  }
  stopped: {
    /** Starts a sign-in for the same site. */
    retry(): void
    restart(): void
  }
  disconnected: { restart(): void }
  failed: {
    /** Tries again: asks the server once more, or starts a new sign-in for the same site. */
    retry(): void
    /** Back to the first view, with the site that was entered. */
    edit(): void
    restart(): void
  }
}

/** Where the person is, what there is to show, and what can be done now. Switch on `name`. */
export type ConnectState = {
  [Name in View['name']]: Extract<View, { name: Name }> & ConnectActions[Name]
}[View['name']]

/** How long a person who cancels waits for the server, in milliseconds. */
const cancelMs = 3000

function useBackend(options: ConnectOptions, latest: { current: ConnectOptions }): Backend | null {
  const { backend, apiURL, environment } = options
  const hasFetcher = options.tokenFetcher !== undefined
  return useMemo(() => {
    const tokenFetcher = async () => {
      const token = await latest.current.tokenFetcher?.()
      return token ?? { access_token: '' }
    }
    return backendOf({ backend, apiURL, environment, ...(hasFetcher && { tokenFetcher }) }, tokenFetcher)
  }, [backend, apiURL, environment, hasFetcher, latest])
}

/**
 * Connecting a Confluence, without any look: the modal is built on this alone.
 *
 * The state is derived from what the person did and what the server says. Nothing is requested before `open`.
 */
export function useConfluenceConnect(options: UseConfluenceConnectOptions): ConnectState {
  const { open = true, requireConfirmation = false } = options
  const latest = useLatest({ ...options, requireConfirmation })
  const backend = useBackend(options, latest)
  const session = useMemo(() => createSession(backend?.signInUrl ?? ''), [backend])
  const [client] = useState(createClient)
  const [step, dispatch] = useReducer(reduceStep, firstStep)
  const [disconnecting, setDisconnecting] = useState<boolean | ConnectError>(false)
  const attempt = useRef<Attempt | null>(null)
  const record = useRef<FlowRecord | null>(null)
  const mounted = useRef(false)

  const problems = configurationProblems(options).join('\n')
  useEffect(() => {
    if (open && problems) console.error(`confluence-connect: ${problems}`)
  }, [open, problems])

  useEffect(() => {
    const resumed = step.at === 'enter' && !record.current ? session.resume() : null
    if (!resumed) return
    record.current = resumed
    dispatch({ type: 'resumed', flowId: resumed.flowId })
    if (resumed.open) latest.current.onResume?.()
  }, [step.at, session, latest])

  useEffect(() => {
    if (!record.current || record.current.open === open) return
    record.current.open = open
    session.save(record.current)
  }, [open, session])

  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])

  useEffect(
    () => () => {
      attempt.current?.release()
      if (record.current) session.release(record.current.flowId)
      record.current = null
    },
    [session],
  )

  const flowId = flowIdOf(step)
  const chosen = chosenOf(step)
  const follows = step.at === 'signIn' || step.at === 'resume'
  const flowQuery = useQuery(
    {
      queryKey: ['flow', flowId, chosen],
      queryFn:
        backend && follows && flowId !== null
          ? async ({ signal }): Promise<Flow | null> => {
              const flow = await backend.getFlow(flowId, { signal })
              const site = flow && siteToConfirm(flow, chosen, latest.current.requireConfirmation)
              return site ? backend.confirmFlow(flowId, { cloudId: site.cloudId }, { signal }) : flow
            }
          : skipToken,
      refetchInterval: ({ state }) =>
        state.data && isFlowOpen(state.data) ? flowInterval(state.dataUpdateCount) : false,
      refetchIntervalInBackground: true,
      // A choice changes what is asked for, not what is known of the flow.
      placeholderData: (known, query) => (query?.queryKey[1] === flowId ? known : undefined),
    },
    client,
  )
  const flow = flowQuery.data

  useEffect(() => {
    if (flow !== null || !record.current) return
    session.forget(record.current.flowId)
    record.current = null
    dispatch({ type: 'restarted', site: '' })
  }, [flow, session])

  const connection = connectionOf(step, flow)
  const activeId = connection?.status === 'active' && step.at !== 'disconnected' ? connection.id : null
  const syncQuery = useQuery(
    {
      queryKey: ['sync', activeId],
      queryFn: backend && activeId !== null ? ({ signal }) => backend.getSync(activeId, { signal }) : skipToken,
      refetchInterval: ({ state }) => (isSyncOpen(state.data) ? syncInterval[open ? 'open' : 'closed'] : false),
    },
    client,
  )

  const connectionsQuery = useQuery(
    {
      queryKey: ['connections'],
      queryFn: backend && open && step.at === 'enter' ? ({ signal }) => backend.listConnections({ signal }) : skipToken,
      retry: false,
      select: (all) => all.filter(({ status }) => status !== 'disconnected'),
    },
    client,
  )

  const queryError = flowQuery.error ?? syncQuery.error
  const view: View = backend
    ? viewOf(
        step,
        {
          flow,
          progress: syncQuery.data,
          connections: connectionsQuery.data ?? [],
          unreachable: Math.max(flowQuery.failureCount, syncQuery.failureCount) >= saidAfterFailures,
          error: queryError && toConnectError(queryError),
        },
        requireConfirmation,
      )
    : { name: 'failed', site: '', flowId: null, error: new ConnectError('unknown', problems) }

  const followed = (follows && (!flow || isFlowOpen(flow))) || view.name === 'syncing'
  useEffect(() => {
    if (!followed) return
    const listening = new AbortController()
    const lookAgain = () => void client.refetchQueries({ type: 'active' })
    for (const name of wakeEvents) window.addEventListener(name, lookAgain, { signal: listening.signal })
    document.addEventListener('visibilitychange', lookAgain, { signal: listening.signal })
    return () => listening.abort()
  }, [followed, client])

  useEffect(() => {
    if (flow && !isFlowOpen(flow)) attempt.current?.release()
  }, [flow])

  const watched = open && view.name === 'syncing' ? view.connection.id : null
  useEffect(() => {
    if (watched === null) return
    const watching = new AbortController()
    const onProgress = (progress: unknown) => client.setQueryData(['sync', watched], progress)
    // Whatever ends the stream, `getSync` goes on being asked.
    backend?.watchSync?.(watched, onProgress, { signal: watching.signal }).catch(() => undefined)
    return () => watching.abort()
  }, [backend, watched, client])

  useAnnouncements(latest, {
    view,
    connection: follows ? connection : null,
    open,
    flowEnded: !!flow && !isFlowOpen(flow),
    record,
    session,
  })

  const forget = () => {
    attempt.current?.stop()
    attempt.current = null
    if (record.current) session.forget(record.current.flowId)
    record.current = null
    client.removeQueries()
  }

  const backTo = (site: string) => {
    forget()
    dispatch({ type: 'restarted', site })
  }
  const restart = () => backTo('')
  const edit = () => backTo(siteOf(step))

  const start = (input: string) => {
    const site = parseSite(input)
    if (!site.ok) return dispatch({ type: 'rejected', site: input, problem: site.problem })
    if (!backend) return
    const supersedes = flow && isFlowOpen(flow) ? flow.id : null
    forget()
    const requestId = latest.current.useRequestIds ? createRequestId() : null
    attempt.current = beginSignIn(backend, flowInput(latest.current, { site: site.host, requestId, supersedes }), {
      dispatch,
      onCreated: (created) => {
        record.current = { flowId: created.id, requestId, open: latest.current.open ?? true, told: [] }
        session.save(record.current)
        client.setQueryData(['flow', created.id, null], created)
        notify(latest.current.onSuccess, initiated(requestId))
      },
      onHint: () => void client.refetchQueries({ type: 'active' }),
    })
  }

  const cancel = () => {
    const requestId = record.current?.requestId ?? null
    const leave = () => {
      // Meanwhile it was cancelled already, started over, or connected after all.
      const known = record.current
      if (!mounted.current || (known?.flowId ?? null) !== flowId || known?.told.includes('ADD')) return
      backTo(siteOf(step))
      notify(latest.current.onSuccess, cancelled(requestId))
    }
    if (!backend || flowId === null) return leave()
    backend.cancelFlow(flowId, { signal: AbortSignal.timeout(cancelMs) }).then(
      // The sign-in was faster: the site is connected, and saying otherwise would be a lie.
      (ended) => (ended.connection ? void client.setQueryData(['flow', flowId, chosen], ended) : leave()),
      // Should the call get lost, the flow expires by itself.
      leave,
    )
  }

  const disconnect = () => {
    if (!backend || !connection || disconnecting === true) return
    setDisconnecting(true)
    backend.disconnect(connection.id).then(
      (ended) => {
        setDisconnecting(false)
        forget()
        dispatch({ type: 'disconnected', connection: ended })
      },
      (error: unknown) => setDisconnecting(toConnectError(error)),
    )
  }
  const retrySite = () => start(view.name === 'stopped' ? view.connection.site.host : siteOf(step))
  const askAgain = () => void client.resetQueries({ predicate: ({ state }) => state.status === 'error' })

  const actions: ConnectActions = {
    enter: { start, show: (shown) => dispatch({ type: 'connectionOpened', connection: shown }) },
    resuming: { cancel },
    blocked: { signInUrl: backend?.signInUrl ?? '', cancel },
    waiting: {
      focus: () => attempt.current?.focus() || dispatch({ type: 'windowUnattended' }),
      reopen: () => start(view.name === 'waiting' ? view.site : ''),
      cancel,
    },
    choosing: {
      confirm: (cloudId) => dispatch({ type: 'siteChosen', cloudId }),
      cancel,
    },
    syncing: { disconnect, disconnecting, restart },
    synced: { disconnect, disconnecting, restart },
    stopped: { retry: retrySite, restart },
    disconnected: { restart },
    failed: { retry: queryError ? askAgain : retrySite, edit, restart },
  }
  // The table above has each view's actions under its name; the compiler cannot follow that through the union.
  return { ...view, ...actions[view.name] } as ConnectState
}
