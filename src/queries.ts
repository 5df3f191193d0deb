import { QueryClient } from '@tanstack/query-core'
import { isTransient } from './errors.ts'
import type { ListSource } from './states.ts'

const maxRetries = 100
const retryDelay = (failures: number) => Math.min(1000 * 2 ** failures, 15_000)

/** From how many failures on a person is told that the server does not answer: one lost answer is nothing to talk about. */
export const saidAfterFailures = 2

/**
 * How long to wait before a flow is looked at again, in milliseconds: a second while the person is likely to be at it,
 * then longer.
 *
 * @param answers how many there were, rather than the time, so that a tab that slept does not skip ahead
 */
export const flowInterval = (answers: number) => (answers <= 30 ? 1000 : answers <= 75 ? 2000 : 5000)

/** How long to wait before a sync is looked at again, in milliseconds. */
export const syncInterval = { open: 1000, closed: 10_000 }

/** What happens when a person comes back to the page, or the network to the machine. */
export const wakeEvents = ['focus', 'pageshow', 'online'] as const

/** What a source of lists remembers with. The type of `client` is kept out of the published ones, so that nobody needs TanStack's. */
export const clientOf = ({ client }: ListSource): QueryClient => client as QueryClient

/**
 * A query client of one component's own, so that the host has nothing to mount. Without garbage collection there is no timer
 * in it; it goes with the component.
 */
export const createClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        gcTime: Number.POSITIVE_INFINITY,
        networkMode: 'always',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) => isTransient(error) && failures < maxRetries,
        retryDelay,
      },
    },
  })
