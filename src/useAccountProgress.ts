import { skipToken } from '@tanstack/query-core'
import type { Connection, SyncProgress } from './contract.ts'
import { isSyncOpen } from './flow.ts'
import { queriesOf, syncInterval } from './queries.ts'
import type { ListSource } from './states.ts'
import { useQuery } from './useQuery.ts'

/** How far the latest sync of an account has come. */
export interface AccountProgress {
  /** Null: it was never synced. Undefined: not known yet. */
  progress: SyncProgress | null | undefined
  /** It goes on. */
  syncing: boolean
}

/** Follows the sync of one of the `accounts`, while it goes on. */
export function useAccountProgress(source: ListSource, { id, status, syncStatus }: Connection): AccountProgress {
  const { data } = useQuery(
    {
      // What the connection says of itself is asked for more seldom, so a change there is a reason to look.
      queryKey: ['sync', id, syncStatus],
      queryFn: status === 'active' ? ({ signal }) => source.backend.getSync(id, { signal }) : skipToken,
      refetchInterval: ({ state }) => (state.data && isSyncOpen(state.data) ? syncInterval.open : false),
      placeholderData: (known) => known,
    },
    queriesOf(source),
  )
  const queued = syncStatus === 'SYNCING' || syncStatus === 'QUEUED_FOR_SYNCING'
  return { progress: data, syncing: status === 'active' && (data ? isSyncOpen(data) : queued) }
}
