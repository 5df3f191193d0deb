import { notifyManager, QueryObserver, type QueryObserverOptions } from '@tanstack/query-core'
import { useEffect, useReducer, useState } from 'react'
import type { Queries } from './queries.ts'

/**
 * What a query knows, followed as it changes: TanStack's observer bound to React. Their own binding brings suspense, error boundaries
 * and a provider along, which nothing here uses.
 *
 * @see https://tanstack.com/query/latest/docs/reference/QueryObserver
 */
export function useQuery<Data, Key extends readonly unknown[]>(
  options: QueryObserverOptions<Data, Error, Data, Data, Key>,
  { client }: Queries,
) {
  const asked = { ...client.defaultQueryOptions(options), _optimisticResults: 'optimistic' as const }
  const [observer] = useState(() => new QueryObserver(client, asked))
  const [, changed] = useReducer((renders: number) => renders + 1, 0)
  useEffect(() => {
    const leave = observer.subscribe(notifyManager.batchCalls(changed))
    // What happened since the render.
    observer.updateResult()
    return leave
  }, [observer])
  useEffect(() => observer.setOptions(asked))
  return observer.trackResult(observer.getOptimisticResult(asked))
}
