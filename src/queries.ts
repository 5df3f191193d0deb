import { hashKey, QueryCache, type QueryClient, type QueryKey, skipToken } from '@tanstack/query-core'
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

/** What one component knows of the server: TanStack's cache, so that the host has nothing to mount. It goes with the component. */
export interface Queries {
  /** What TanStack's observers go by. */
  readonly client: QueryClient
  /** Asks anew for what is in use: all of it, or what begins with a key. */
  renew(...queryKey: QueryKey): Promise<void>
  /** Puts in what is known already. */
  set(queryKey: QueryKey, data: unknown): void
  /** Forgets all of some kinds, named by the first part of a key. */
  forget(...kinds: string[]): void
  /** Asks again for what could not be had. */
  retry(): void
}

// Without garbage collection there is no timer in it.
const defaults = {
  gcTime: Number.POSITIVE_INFINITY,
  networkMode: 'always',
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  throwOnError: false,
  retry: (failures: number, error: unknown) => isTransient(error) && failures < maxRetries,
  retryDelay,
} as const

/** TanStack's own client also pages, mutates and hydrates. This has what its cache and its observers ask of one. */
const clientOf = (cache: QueryCache) => {
  const client: Pick<QueryClient, 'getQueryCache' | 'getQueryDefaults' | 'defaultQueryOptions'> = {
    getQueryCache: () => cache,
    getQueryDefaults: () => ({}),
    defaultQueryOptions: (options) => ({
      ...defaults,
      queryHash: hashKey(options.queryKey),
      ...options,
      ...(options.queryFn === skipToken && { enabled: false }),
      _defaulted: true,
    }),
  }
  return client as QueryClient
}

export function createQueries(): Queries {
  const cache = new QueryCache()
  const client = clientOf(cache)
  const fetched = { cancelRefetch: true }
  return {
    client,
    async renew(...queryKey) {
      const active = cache.findAll({ queryKey, type: 'active' }).filter((query) => !query.isDisabled())
      await Promise.allSettled(active.map((query) => query.fetch(undefined, fetched)))
    },
    set(queryKey, data) {
      cache.build(client, client.defaultQueryOptions({ queryKey })).setData(data, { manual: true })
    },
    forget(...kinds) {
      for (const query of cache.getAll()) if (kinds.includes(String(query.queryKey[0]))) cache.remove(query)
    },
    retry() {
      for (const query of cache.getAll()) {
        if (query.state.status !== 'error') continue
        query.reset()
        query.fetch().catch(() => undefined)
      }
    },
  }
}

/** What a source of lists remembers with. Its type is kept out of the published ones, so that nobody needs TanStack's. */
export const queriesOf = ({ queries }: ListSource): Queries => queries as Queries
