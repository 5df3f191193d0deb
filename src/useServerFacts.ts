import { skipToken } from '@tanstack/query-core'
import { useEffect } from 'react'
import type { Backend } from './backend.ts'
import type { Connection, Flow } from './contract.ts'
import { toConnectError } from './errors.ts'
import {
  chosenOf,
  connectionOf,
  flowIdOf,
  isFlowOpen,
  isSyncOpen,
  type ServerFacts,
  type Step,
  siteToConfirm,
} from './flow.ts'
import { flowInterval, type Queries, saidAfterFailures, syncInterval, wakeEvents } from './queries.ts'
import { loadFlow } from './returnTo.ts'
import { useLatest } from './useLatest.ts'
import { useQuery } from './useQuery.ts'

/** How long the first view waits for the list of connections, in milliseconds. */
const openingMs = 4000

interface Asking {
  backend: Backend | null
  queries: Queries
  open: boolean
  view: { requireConfirmation: boolean; pollMs: number }
  /** Carbon's filter of connections. */
  tags: Record<string, unknown> | undefined
}

/** What the server knows that matters at a step, asked for as often as that needs. */
export function useServerFacts(
  step: Step,
  { backend, queries, open, view, tags }: Asking,
): ServerFacts & { flowId: string | null; chosen: string | null; follows: boolean; connection: Connection | null } {
  const latestView = useLatest(view)
  const flowId = flowIdOf(step)
  const chosen = chosenOf(step)
  const follows = step.at === 'signIn' || step.at === 'resume'
  const flowQuery = useQuery(
    {
      queryKey: ['flow', flowId, chosen],
      queryFn:
        backend && follows && flowId !== null
          ? async ({ signal }): Promise<Flow | null> => {
              const flow = await loadFlow(backend, flowId, { signal })
              const site = flow && siteToConfirm(flow, chosen, latestView.current.requireConfirmation)
              return site ? backend.confirmFlow(flowId, { cloudId: site.cloudId }, { signal }) : flow
            }
          : skipToken,
      refetchInterval: ({ state }) =>
        state.data && isFlowOpen(state.data) ? flowInterval(state.dataUpdateCount) : false,
      refetchIntervalInBackground: true,
      // A choice changes what is asked for, not what is known of the flow.
      placeholderData: (known, query) => (query?.queryKey[1] === flowId ? known : undefined),
    },
    queries,
  )
  const flow = flowQuery.data

  const connection = connectionOf(step, flow)
  const shownAlone = follows || step.at === 'connection'
  const activeId = shownAlone && connection?.status === 'active' ? connection.id : null
  const syncQuery = useQuery(
    {
      queryKey: ['sync', activeId],
      queryFn: backend && activeId !== null ? ({ signal }) => backend.getSync(activeId, { signal }) : skipToken,
      refetchInterval: ({ state }) => (isSyncOpen(state.data) ? syncInterval[open ? 'open' : 'closed'] : false),
    },
    queries,
  )

  const beginning = step.at === 'home' || step.at === 'enter'
  const connectionsQuery = useQuery(
    {
      queryKey: ['connections', tags],
      queryFn:
        backend && open && beginning
          ? ({ signal }) =>
              backend.listConnections({
                signal: AbortSignal.any([signal, AbortSignal.timeout(openingMs)]),
                ...(tags && { tags }),
              })
          : skipToken,
      retry: false,
      refetchInterval: ({ state }) => (step.at === 'home' && state.data?.length ? view.pollMs : false),
    },
    queries,
  )
  const { data: connections, error: connectionsError } = connectionsQuery

  const error = flowQuery.error ?? syncQuery.error
  const failures = Math.max(flowQuery.failureCount, syncQuery.failureCount)
  return {
    flowId,
    chosen,
    follows,
    flow,
    connection,
    progress: syncQuery.data,
    connections: connections ?? (connectionsError ? [] : undefined),
    unreachable: failures >= saidAfterFailures || connectionsError !== null,
    error: error && toConnectError(error),
  }
}

/** Looks again at once when a person comes back to the page, or the network to the machine. */
export function useLookAgain(queries: Queries, wanted: boolean) {
  useEffect(() => {
    if (!wanted) return
    const listening = new AbortController()
    const lookAgain = () => void queries.renew()
    for (const name of wakeEvents) window.addEventListener(name, lookAgain, { signal: listening.signal })
    document.addEventListener('visibilitychange', lookAgain, { signal: listening.signal })
    return () => listening.abort()
  }, [wanted, queries])
}
