import { useEffect, useMemo, useReducer, useRef, useState } from 'react'
import type { Backend } from './backend.ts'
import { cancelled, createRequestId, initiated, notify } from './callbacks.ts'
import { useEvents } from './connectEvents.ts'
import { attempted, cancelSync, connectionActions, startSync } from './connectionActions.ts'
import type { Connection } from './contract.ts'
import { ConnectError } from './errors.ts'
import { firstStep, isFlowOpen, isSettled, reduceStep, siteOf, type View, viewOf } from './flow.ts'
import {
  backendOf,
  type ConnectOptions,
  configurationProblems,
  flowInput,
  hostIntegration,
  viewOptionsOf,
} from './options.ts'
import { createQueries } from './queries.ts'
import { dropReturned, resumeFlow, type Way } from './returnTo.ts'
import { createSession, type FlowRecord } from './session.ts'
import { type Attempt, beginSignIn } from './signIn.ts'
import { parseSite } from './site.ts'
import type { ConnectActions, ConnectState, ListSource } from './states.ts'
import { useAnnouncements } from './useAnnouncements.ts'
import { useLatest } from './useLatest.ts'
import { useLookAgain, useServerFacts } from './useServerFacts.ts'
import { useWays } from './useWays.ts'

/** Options of {@link useConfluenceConnect}. */
export interface UseConfluenceConnectOptions extends ConnectOptions {
  /**
   * Whether the person can see it. While false nothing is started: no request, timer or listener. A sign-in or a sync that
   * was started goes on, after a reload as well. @default true
   */
  open?: boolean
  /** Told when a reload came between the person and a sign-in or a sync that was open: show it again. */
  onResume?: () => void
  /** Told when a person chose an integration of your own, after its `onSelect`: close it. */
  onLeave?: () => void
}

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
  const { open = true } = options
  const viewOptions = viewOptionsOf(options)
  const latest = useLatest(options)
  const backend = useBackend(options, latest)
  const session = useMemo(() => createSession(backend?.signInUrl ?? ''), [backend])
  const [queries] = useState(createQueries)
  const [step, dispatch] = useReducer(reduceStep, firstStep)
  const [ending, setEnding] = useState<{ id: number; outcome: true | ConnectError } | null>(null)
  const attempt = useRef<Attempt | null>(null)
  const record = useRef<FlowRecord | null>(null)

  const problems = configurationProblems(options).join('\n')
  useEffect(() => {
    if (open && problems) console.error(`confluence-connect: ${problems}`)
  }, [open, problems])

  useEffect(() => {
    const resumed = (step.at === 'home' || step.at === 'enter') && !record.current ? resumeFlow(session) : null
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

  useEffect(
    () => () => {
      attempt.current?.release()
      if (record.current) session.release(record.current.flowId)
      record.current = null
    },
    [session],
  )

  const facts = useServerFacts(step, {
    backend,
    queries,
    open,
    view: viewOptions,
    tags: options.dataSourceTagsFilterQuery,
  })
  const { flow, connection, connections } = facts
  const { flowId, chosen, follows } = facts

  useEffect(() => {
    if (flow !== null || !record.current) return
    session.forget(record.current.flowId)
    record.current = null
    dispatch({ type: 'wentHome', integrationChosen: false })
  }, [flow, session])

  const view: View = backend
    ? viewOf(step, facts, viewOptions)
    : { name: 'failed', site: '', flowId: null, error: new ConnectError('unknown', problems) }

  const signingIn = follows && (!flow || isFlowOpen(flow))
  useLookAgain(queries, signingIn || view.name === 'syncing' || (open && view.name === 'accounts'))

  useEffect(() => {
    if (flow && !isFlowOpen(flow)) attempt.current?.release()
  }, [flow])

  useAnnouncements(latest, {
    view,
    connections,
    connection: follows ? connection : null,
    open,
    flowEnded: !!flow && !isFlowOpen(flow),
    record,
    session,
  })

  const emit = useEvents(latest, { open, view, step, flow, connection, follows })

  const forget = () => {
    attempt.current?.stop()
    attempt.current = null
    if (record.current) {
      session.forget(record.current.flowId)
      dropReturned(record.current.flowId)
    }
    record.current = null
    queries.forget('flow', 'sync', 'pages')
  }

  const backTo = (site: string) => {
    forget()
    dispatch({ type: 'restarted', site })
  }
  const restart = () => backTo('')
  const edit = () => backTo(siteOf(step))
  const home = (integrationChosen: boolean) => {
    forget()
    dispatch({ type: 'wentHome', integrationChosen })
    void queries.renew('connections')
  }
  const toAccounts = () => home(true)
  const offersChoice = viewOptions.integrations.length > 1

  const settled = isSettled(view)
  const latestHome = useLatest(home)
  useEffect(() => {
    if (!open && settled) latestHome.current(false)
  }, [open, settled, latestHome])

  const ways = useWays(backend, latest)
  const start = (input: string, chosenWay?: Way) => {
    const site = parseSite(input)
    if (!site.ok) return dispatch({ type: 'rejected', site: input, problem: site.problem })
    if (!backend) return
    const supersedes = flow && isFlowOpen(flow) ? flow.id : null
    forget()
    emit('subdomain_submitted')
    const requestId = latest.current.useRequestIds ? createRequestId() : null
    const flowOptions = flowInput(latest.current, { site: site.host, requestId, supersedes })
    attempt.current = beginSignIn(backend, flowOptions, ways.of(chosenWay), {
      dispatch: (event) => {
        ways.onEvent(event)
        dispatch(event)
      },
      onCreated: (created) => {
        record.current = { flowId: created.id, requestId, open: latest.current.open ?? true, told: [] }
        session.save(record.current)
        queries.set(['flow', created.id, null], created)
        notify(latest.current.onSuccess, initiated(requestId))
      },
      onHint: () => void queries.renew(),
    })
    ways.onOpened(attempt.current)
    const { blocked, way } = attempt.current
    if (way === 'popup' || way === 'window') emit(blocked ? 'popup_blocked' : 'popup_opened')
  }

  const cancel = () => {
    const requestId = record.current?.requestId ?? null
    const leave = () => {
      // Meanwhile it was cancelled already, started over, unmounted, or connected after all.
      const known = record.current
      if ((known?.flowId ?? null) !== flowId || known?.told.includes('ADD')) return
      backTo(siteOf(step))
      notify(latest.current.onSuccess, cancelled(requestId))
      emit('cancelled')
    }
    if (!backend || flowId === null) return leave()
    backend.cancelFlow(flowId, { signal: AbortSignal.timeout(cancelMs) }).then(
      // The sign-in was faster: the site is connected, and saying otherwise would be a lie.
      (ended) => (ended.connection ? void queries.set(['flow', flowId, chosen], ended) : leave()),
      // Should the call get lost, the flow expires by itself.
      leave,
    )
  }

  const end = async (ended: Connection): Promise<Connection> => {
    if (!backend) return ended
    const result = await attempted(backend.disconnect(ended.id))
    emit('disconnected', { connectionId: ended.id })
    void queries.renew('connections')
    return result
  }
  const disconnecting = ending !== null && ending.id === connection?.id && ending.outcome
  const disconnect = () => {
    if (!connection || disconnecting === true) return
    const { id } = connection
    setEnding({ id, outcome: true })
    end(connection).then(
      (ended) => {
        setEnding(null)
        forget()
        dispatch({ type: 'disconnected', connection: ended })
      },
      (error: ConnectError) => setEnding({ id, outcome: error }),
    )
  }

  const source: ListSource | null = backend && { backend, queries, pollMs: viewOptions.pollMs }
  const ofConnection = connection && source && connectionActions(connection, source, emit, viewOptions.sendWebhook)
  const show = (shown: Connection, as?: 'picker' | 'pages') =>
    dispatch({ type: 'connectionOpened', connection: shown, ...(as && { as }) })
  const pages = viewOptions.showsPages ? (shown: Connection) => show(shown, 'pages') : null
  const pick = viewOptions.picks ? (shown: Connection) => show(shown, 'picker') : null
  const of = (action: ((shown: Connection) => void) | null) => action && connection && (() => action(connection))
  // Where everything syncs by itself, what to pick is no question after a sign-in.
  const links = { back: toAccounts, pages: of(pages), pick: viewOptions.picksPages ? of(pick) : null }
  const syncAgain = async (again: Connection) => source && startSync(again, source, emit, {})

  const retry = () => {
    if (view.name !== 'stopped') return start(siteOf(step))
    if (view.error.code === 'reconnect_needed') return start(view.connection.site.host)
    syncAgain(view.connection).then(
      () => show({ ...view.connection, syncStatus: 'SYNCING' }),
      (error: ConnectError) => dispatch({ type: 'failed', error }),
    )
  }
  const askAgain = () => queries.retry()

  const actions: { [Name in keyof ConnectActions]: ConnectActions[Name] | null } = {
    opening: {},
    integrations: {
      back: null,
      choose: (id) => {
        const own = hostIntegration(latest.current, id)
        if (!own) return dispatch({ type: 'integrationChosen' })
        own.onSelect()
        latest.current.onLeave?.()
      },
    },
    enter: {
      start: (site) => start(site),
      show,
      back: connections?.length ? toAccounts : offersChoice ? () => home(false) : null,
    },
    resuming: { cancel },
    blocked: {
      signInUrl: backend?.signInUrl ?? '',
      continueHere: ways.here ? () => start(siteOf(step), 'here') : null,
      cancel,
    },
    waiting: {
      focus: () => attempt.current?.focus() || dispatch({ type: 'windowUnattended' }),
      reopen: () => start(view.name === 'waiting' ? view.site : ''),
      cancel,
    },
    choosing: {
      confirm: (cloudId) => dispatch({ type: 'siteChosen', cloudId }),
      cancel,
    },
    syncing: { disconnect, disconnecting, restart, ...links },
    synced: { disconnect, disconnecting, restart, ...links },
    stopped: { retry, restart, ...links },
    disconnected: { restart, back: toAccounts },
    accounts: source && {
      source,
      back: offersChoice ? () => home(false) : null,
      add: restart,
      show,
      reconnect: ({ site }) => start(site.host),
      sync: async (again) => void (await syncAgain(again)),
      cancelSync: (stopped) => cancelSync(stopped, source, emit),
      disconnect: async (ended) => void (await end(ended)),
      pages,
      pick,
    },
    picker: ofConnection &&
      source && {
        source,
        back: toAccounts,
        sync: async (input) => {
          await ofConnection.pick(input)
          show(ofConnection.connection)
        },
        refresh: ofConnection.refresh,
      },
    pages: ofConnection &&
      source && {
        source,
        back: toAccounts,
        columns: viewOptions.columns,
        pick: of(pick),
        resync: ofConnection.resync,
        remove: ofConnection.remove,
      },
    failed: { retry: facts.error ? askAgain : retry, edit, restart },
  }
  // The table above has each view's actions under its name; the compiler cannot follow that through the union.
  return { ...view, ...(actions[view.name] as object) } as ConnectState
}
