import { skipToken } from '@tanstack/query-core'
import { useEffect, useRef, useState } from 'react'
import type { Page, PageAction, PageQuery, PageSelection, PageSort, PageStatus } from './contract.ts'
import { isTransient } from './errors.ts'
import {
  countOf,
  everything,
  isOnItsWay,
  isSelected,
  nothing,
  present,
  select,
  shareOfShown,
  withoutPage,
} from './pageSelection.ts'
import { queriesOf } from './queries.ts'
import type { PageColumn, StateOf } from './states.ts'
import { useAccountProgress } from './useAccountProgress.ts'
import { useQuery } from './useQuery.ts'

const limit = 50
const searchMs = 250
const maxRetries = 2

/** What each column is sorted by. A column that is not here cannot be sorted. */
export const sortOf: Partial<Record<PageColumn, PageSort>> = {
  name: 'title',
  status: 'status',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
}

type Direction = 'asc' | 'desc'

/** What is asked for, and what is selected of it. */
interface Question {
  search: string
  status: PageStatus | null
  column: PageColumn
  direction: Direction
  /** Where the page of the list that is shown begins, below it where those before it do. */
  cursors: string[]
  selection: PageSelection
}

const first: Question = { search: '', status: null, column: 'name', direction: 'asc', cursors: [], selection: nothing }

/** One page of the list of synced pages, and what can be done with it. */
export interface SyncedPages {
  /** At most 50. They stay until what was asked for next has arrived. */
  pages: readonly Page[]
  /** How many match; null while that is not known. */
  total: number | null
  /** The place of the first one shown among all that match, from 1. */
  from: number
  /** Nothing has arrived yet. */
  loading: boolean
  /** What is shown answers the question before: another search, order or page of the list is on its way. */
  stale: boolean
  /** They could not be loaded, or what is shown could not be renewed. */
  failed: boolean
  retry(): void
  /** The connection is syncing: more pages may come by themselves. */
  syncing: boolean
  /** What was typed. It is searched for after a short pause; that takes the selection back, as another `status` does. */
  text: string
  setText(text: string): void
  /** The search that `pages` answers, or will. */
  search: string
  status: PageStatus | null
  setStatus(status: PageStatus | null): void
  column: PageColumn
  direction: Direction
  /** Sorts by a column or, where it is sorted by it, the other way round. The selection stays. */
  sortBy(column: PageColumn): void
  /** The page of the list before; null at the start. */
  previous: (() => void) | null
  next: (() => void) | null
  isSelected(page: Page): boolean
  /** Selects pages, or takes them out. Those that are on their way cannot be. */
  select(pages: readonly Page[], on: boolean): void
  /** How many of the pages shown are selected. */
  shown: 'none' | 'some' | 'all'
  /** How many are selected, those not shown included. */
  selected: number
  /** Selects all that match. Null while that would be no more than is selected. */
  selectAll: { count: number; run(): void } | null
  clear(): void
  /** Fetches one page again, or all that are selected. Rejects with a `ConnectError`, and may be repeated then. */
  resync(page?: Page): Promise<PageAction>
  /** Deletes one page here, or all that are selected; in Confluence nothing changes. Rejects as `resync` does. */
  remove(page?: Page): Promise<PageAction>
}

/** The synced pages of a connection, searched, sorted, selected and kept up to date. */
export function useSyncedPages(state: StateOf<'pages'>): SyncedPages {
  const { source, connection } = state
  const { backend, pollMs } = source
  const queries = queriesOf(source)
  const { id } = connection
  const [text, setText] = useState('')
  const [question, setQuestion] = useState(first)
  const { search, status, column, direction, cursors, selection } = question
  const ask = (changes: Partial<Question>) => setQuestion((before) => ({ ...before, ...changes }))
  const { syncing } = useAccountProgress(source, connection)

  const wanted = text.trim()
  useEffect(() => {
    const timer = setTimeout(
      () =>
        setQuestion((before) =>
          before.search === wanted ? before : { ...before, search: wanted, cursors: [], selection: nothing },
        ),
      searchMs,
    )
    return () => clearTimeout(timer)
  }, [wanted])

  const filter = { ...(search && { search }), ...(status && { status: [status] }) }
  const sort = sortOf[column] ?? 'id'
  const cursor = cursors.at(-1)
  const listQuery = useQuery(
    {
      queryKey: ['pages', id, filter, sort, direction, cursor],
      queryFn: ({ signal }) => {
        const query: PageQuery = { connectionId: id, ...filter, sort, direction, limit, total: true }
        return backend.listPages({ ...query, ...(cursor && { cursor }) }, { signal })
      },
      refetchInterval: (query) => (syncing || query.state.data?.pages.some(isOnItsWay) ? pollMs : false),
      retry: (failures, error) => failures < maxRetries && isTransient(error),
      placeholderData: (known) => known,
    },
    queries,
  )
  const { data, isPlaceholderData: stale } = listQuery
  const pages = data?.pages ?? []

  // What arrived between the last look and the end of the sync.
  const wasSyncing = useRef(false)
  useEffect(() => {
    if (wasSyncing.current && !syncing) void queries.renew('pages', id)
    wasSyncing.current = syncing
  }, [syncing, queries, id])

  // All of the last page of the list is gone.
  const emptied = data !== undefined && !stale && pages.length === 0 && cursors.length > 0
  useEffect(() => {
    if (emptied) setQuestion((before) => ({ ...before, cursors: before.cursors.slice(0, -1) }))
  }, [emptied])

  const shown = shareOfShown(selection, pages)
  const nextCursor = stale ? null : data?.nextCursor
  const all = everything(filter)
  const isAll = 'all' in selection
  const countQuery = useQuery(
    {
      queryKey: ['pages', id, 'count', all],
      queryFn:
        all && 'all' in all && (isAll || (shown === 'all' && (nextCursor || cursors.length > 0)))
          ? async ({ signal }) =>
              (await backend.listPages({ connectionId: id, ...all.all, limit: 1, total: true }, { signal })).total ?? 0
          : skipToken,
      refetchInterval: syncing || pages.some(isOnItsWay) ? pollMs : false,
      retry: false,
    },
    queries,
  )
  const now = present(selection, pages)
  const count = countQuery.data ?? 0
  const selected = countOf(now, countQuery.data ?? data?.total ?? 0)

  return {
    pages,
    total: data?.total ?? null,
    from: cursors.length * limit + 1,
    loading: listQuery.isPending,
    stale,
    failed: listQuery.isError || (listQuery.isPending && listQuery.errorUpdateCount > 0),
    retry: () => void listQuery.refetch(),
    syncing,
    text,
    setText,
    search,
    status,
    setStatus: (next) => ask({ status: next, cursors: [], selection: nothing }),
    column,
    direction,
    sortBy: (next) =>
      ask({
        column: next,
        // Of dates the latest first.
        direction: (next === column ? direction === 'asc' : next.endsWith('_at')) ? 'desc' : 'asc',
        cursors: [],
      }),
    previous: cursors.length > 0 ? () => ask({ cursors: cursors.slice(0, -1) }) : null,
    next: nextCursor ? () => ask({ cursors: [...cursors, nextCursor] }) : null,
    isSelected: (page) => isSelected(selection, page),
    select: (some, on) => setQuestion((before) => ({ ...before, selection: select(before.selection, some, on) })),
    shown,
    selected,
    selectAll:
      all && !isAll && shown === 'all' && count > selected ? { count, run: () => ask({ selection: all }) } : null,
    clear: () => ask({ selection: nothing }),
    async resync(page) {
      const done = await state.resync(page ? { ids: [page.id] } : now)
      if (!page) ask({ selection: nothing })
      return done
    },
    async remove(page) {
      const done = await state.remove(page ? { ids: [page.id] } : now)
      setQuestion((before) =>
        page
          ? { ...before, selection: withoutPage(before.selection, page.id) }
          : { ...before, selection: nothing, cursors: [] },
      )
      return done
    },
  }
}
