import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { connectionActions } from '../../src/connectionActions.ts'
import type { Backend, Page, PageQuery, PageSelection, PageStatus, SyncPhase } from '../../src/index.ts'
import { createQueries } from '../../src/queries.ts'
import type { StateOf } from '../../src/states.ts'
import {
  createMemoryBackend,
  type MemoryBackendOptions,
  memoryConnection,
  memoryPages,
  memorySite,
} from '../../src/testing.ts'
import { useSyncedPages } from '../../src/useSyncedPages.ts'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const connection = { ...memoryConnection(1, memorySite('acme.atlassian.net')), syncStatus: 'READY' as const }
const done = { phase: 'done' } as const

/** The hook on a state as the component makes it, and what it asked its backend for. */
function start(memory: MemoryBackendOptions = {}, changes: () => Partial<Backend> = () => ({}), pollMs = 15) {
  const plain = createMemoryBackend({ connections: [connection], progress: [done], stepMs: 20, ...memory })
  const queries: PageQuery[] = []
  const selections: PageSelection[] = []
  const aborted: PageQuery[] = []
  const base: Backend = {
    ...plain,
    listPages(query, call) {
      queries.push(query)
      call?.signal?.addEventListener('abort', () => aborted.push(query))
      return plain.listPages(query, call)
    },
    resyncPages(id, selection, call) {
      selections.push(selection)
      return plain.resyncPages(id, selection, call)
    },
    deletePages(id, selection, call) {
      selections.push(selection)
      return plain.deletePages(id, selection, call)
    },
  }
  const backend: Backend = { ...base, ...changes() }
  const source = { backend, queries: createQueries(), pollMs }
  const { resync, remove } = connectionActions(connection, source, () => undefined, false)
  const state: StateOf<'pages'> = {
    name: 'pages',
    connection,
    source,
    columns: ['name'],
    pick: null,
    back: null,
    resync,
    remove,
  }
  const hook = renderHook(() => useSyncedPages(state), { wrapper: StrictMode })
  const list = () => hook.result.current
  const settle = (check: () => void = () => undefined) =>
    waitFor(() => {
      expect(list()).toMatchObject({ loading: false, stale: false })
      check()
    })
  const seeing = (from: number) => settle(() => expect(list().from).toBe(from))
  return { list, settle, seeing, queries, selections, aborted, ...hook }
}

const withStatus = (pages: Page[], status: PageStatus) => pages.map((page) => ({ ...page, status }))

describe('useSyncedPages', () => {
  it('lists by title, 50 at a time, and goes on and back by cursors', async () => {
    const { list, seeing, queries } = start({ pages: memoryPages(120) })
    await seeing(1)
    expect(queries[0]).toEqual({ connectionId: 1, sort: 'title', direction: 'asc', limit: 50, total: true })
    expect(list()).toMatchObject({ total: 120, previous: null })
    const first = list().pages
    act(() => list().next?.())
    await seeing(51)
    expect(queries.at(-1)?.cursor).toBe('50')
    expect(list().pages).toHaveLength(50)
    act(() => list().next?.())
    await seeing(101)
    expect(list().pages).toHaveLength(20)
    expect(list().next).toBeNull()
    act(() => list().previous?.())
    await seeing(51)
    act(() => list().previous?.())
    await seeing(1)
    expect(list().pages).toEqual(first)
  })

  it('keeps what is shown until the next page has come', async () => {
    const { list, seeing } = start({ pages: memoryPages(60), listMs: 30 })
    await seeing(1)
    const shown = list().pages
    act(() => list().next?.())
    expect(list()).toMatchObject({ stale: true, loading: false, next: null })
    expect(list().pages).toBe(shown)
    await seeing(51)
    expect(list().pages).toHaveLength(10)
  })

  it('sorts on the server: dates from the latest, and the other way round the second time', async () => {
    const { list, settle, seeing, queries } = start({ pages: memoryPages(60) })
    await seeing(1)
    act(() => list().next?.())
    await seeing(51)
    act(() => list().sortBy('updated_at'))
    await seeing(1)
    expect(queries.at(-1)).toMatchObject({ sort: 'updatedAt', direction: 'desc' })
    act(() => list().sortBy('updated_at'))
    await settle(() => expect(queries.at(-1)).toMatchObject({ sort: 'updatedAt', direction: 'asc' }))
    act(() => list().sortBy('status'))
    await settle(() => expect(queries.at(-1)).toMatchObject({ sort: 'status', direction: 'asc' }))
    expect(queries.every(({ cursor, sort }) => !cursor || sort === 'title')).toBe(true)
  })

  it('searches after a pause, once for what was typed, and gives up what was asked before', async () => {
    const { list, settle, queries, aborted } = start({ listMs: 400 })
    await settle()
    act(() => list().setText('b'))
    act(() => list().setText(' billing '))
    await waitFor(() => expect(queries.at(-1)).toMatchObject({ search: 'billing' }))
    act(() => list().setText('faq'))
    await waitFor(() => expect(queries.at(-1)).toMatchObject({ search: 'faq' }))
    expect(aborted.at(-1)).toMatchObject({ search: 'billing' })
    await settle(() => expect(list().pages.every(({ title }) => title?.startsWith('FAQ'))).toBe(true))
    expect(new Set(queries.map(({ search }) => search))).toEqual(new Set([undefined, 'billing', 'faq']))
  })

  it('keeps the selection from page to page and in another order, and takes it back for another search or status', async () => {
    const { list, settle, seeing } = start({ pages: memoryPages(120) })
    await seeing(1)
    act(() => list().select(list().pages.slice(0, 2), true))
    act(() => list().next?.())
    await seeing(51)
    act(() => list().select(list().pages.slice(0, 1), true))
    expect(list()).toMatchObject({ selected: 3, shown: 'some' })
    act(() => list().sortBy('status'))
    await seeing(1)
    expect(list().selected).toBe(3)
    act(() => list().setStatus('SYNC_ERROR'))
    expect(list()).toMatchObject({ selected: 0, status: 'SYNC_ERROR' })
    await settle(() => expect(list().pages.every(({ status }) => status === 'SYNC_ERROR')).toBe(true))
    act(() => list().select(list().pages, true))
    act(() => list().setText('billing'))
    await waitFor(() => expect(list().search).toBe('billing'))
    expect(list().selected).toBe(0)
  })

  it('selects all that can be acted on, counted by the server, but for a few', async () => {
    const pages = memoryPages(120)
    const moving = withStatus(pages.slice(0, 5), 'SYNCING')
    const { list, seeing, selections, settle } = start({ pages: [...moving, ...pages.slice(5)] })
    await seeing(1)
    act(() => list().select(list().pages, true))
    await waitFor(() => expect(list().selectAll?.count).toBe(115))
    act(() => list().selectAll?.run())
    expect(list()).toMatchObject({ selected: 115, shown: 'all', selectAll: null })
    const [kept] = list().pages.filter((page) => list().isSelected(page))
    if (!kept) throw new Error('Nothing is selected.')
    act(() => list().select([kept], false))
    expect(list().selected).toBe(114)
    await act(async () => expect(await list().remove()).toEqual({ count: 114 }))
    expect(selections).toEqual([
      { all: { status: ['READY', 'READY_TO_SYNC', 'SYNC_ABORTED', 'SYNC_ERROR'] }, except: [kept.id] },
    ])
    await settle(() => expect(list()).toMatchObject({ total: 6, selected: 0, from: 1 }))
  })

  it('offers to select all only where there is more than what is shown', async () => {
    const { list, settle } = start({ pages: memoryPages(20) })
    await settle()
    act(() => list().select(list().pages, true))
    expect(list()).toMatchObject({ selected: 20, shown: 'all', selectAll: null })
  })

  it('fetches the selected pages again, shows them under way, and looks until they are there', async () => {
    const { list, settle, selections } = start({ pages: memoryPages(12) })
    await settle()
    const [one, two] = list().pages.slice(0, 2) as [Page, Page]
    act(() => list().select([one, two], true))
    await act(async () => expect(await list().resync()).toEqual({ count: 2 }))
    expect(selections).toEqual([{ ids: [one.id, two.id] }])
    expect(list().selected).toBe(0)
    await settle(() =>
      expect(list().pages.every(({ status }) => status === 'READY' || status === 'SYNC_ERROR')).toBe(true),
    )
  })

  it('leaves one that is on its way out of what is selected', async () => {
    const { list, settle, selections } = start({ pages: memoryPages(4), stepMs: 60_000 })
    await settle()
    const [one, two] = list().pages as [Page, Page, ...Page[]]
    act(() => list().select([one, two], true))
    await act(async () => void (await list().resync(one)))
    await waitFor(() => expect(list().selected).toBe(1))
    await act(async () => void (await list().remove()))
    expect(selections).toEqual([{ ids: [one.id] }, { ids: [two.id] }])
  })

  it('goes back a page when the last one is empty', async () => {
    const { list, seeing, settle } = start({ pages: memoryPages(51) })
    await seeing(1)
    act(() => list().next?.())
    await seeing(51)
    const [last] = list().pages
    act(() => list().select(list().pages, true))
    await act(async () => void (await list().remove(last)))
    await settle(() => expect(list()).toMatchObject({ from: 1, total: 50, selected: 0, next: null }))
  })

  it('keeps the selection when an action fails, and can be asked again', async () => {
    const failures: MemoryBackendOptions['failures'] = { resyncPages: 'rate_limited' }
    const { list, settle } = start({ pages: memoryPages(3), failures })
    await settle()
    act(() => list().select(list().pages, true))
    await act(() => expect(list().resync()).rejects.toMatchObject({ code: 'rate_limited' }))
    expect(list().selected).toBe(3)
    delete failures.resyncPages
    await act(async () => expect(await list().resync()).toEqual({ count: 3 }))
  })

  it.each([
    ['while the connection syncs', 15],
    ['once more when its sync ends, whatever came since the last look', 60_000],
  ])('lists anew %s', async (_, pollMs) => {
    const pages = memoryPages(3)
    const now = { arrived: 1, phase: 'pages' as SyncPhase }
    const memory = createMemoryBackend({ connections: [connection] })
    const { list, settle } = start(
      {},
      () => ({
        getSync: async (id) => {
          const progress = await memory.getSync(id)
          return progress && { ...progress, phase: now.phase }
        },
        listPages: async () => ({ pages: pages.slice(0, now.arrived), nextCursor: null, total: now.arrived }),
      }),
      pollMs,
    )
    await settle(() => expect(list()).toMatchObject({ syncing: true, total: 1 }))
    now.arrived = 3
    if (pollMs > 1000) now.phase = 'done'
    await waitFor(() => expect(list()).toMatchObject({ syncing: pollMs < 1000, total: 3 }), { timeout: 5000 })
  })

  it('asks nothing more while nothing is on its way, nor in a tab that is hidden', async () => {
    const still = start({ pages: memoryPages(3) })
    await still.settle()
    const asked = still.queries.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(still.queries).toHaveLength(asked)

    const moving = start({ pages: withStatus(memoryPages(3), 'SYNCING') })
    await moving.settle(() => expect(moving.queries.length).toBeGreaterThan(3))
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    const before = moving.queries.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    // One may have been on its way.
    expect(moving.queries.length).toBeLessThanOrEqual(before + 1)
  })

  it('says that they could not be loaded, and loads them when asked again', async () => {
    const failures: MemoryBackendOptions['failures'] = { listPages: 'session_expired' }
    const { list, settle } = start({ pages: memoryPages(3), failures })
    await waitFor(() => expect(list()).toMatchObject({ failed: true, pages: [] }))
    act(() => list().retry())
    await waitFor(() => expect(list().failed).toBe(true))
    delete failures.listPages
    act(() => list().retry())
    await settle(() => expect(list()).toMatchObject({ failed: false, total: 3 }))
  })
})
