import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Backend } from '../../src/backend.ts'
import type { Item, ItemQuery } from '../../src/contract.ts'
import { ConnectError } from '../../src/errors.ts'
import { createQueries } from '../../src/queries.ts'
import type { StateOf } from '../../src/states.ts'
import {
  createMemoryBackend,
  type MemoryBackendOptions,
  memoryConnection,
  memoryItems,
  memorySite,
} from '../../src/testing.ts'
import { type PickerRow, usePagePicker } from '../../src/usePagePicker.ts'

afterEach(cleanup)

const connection = memoryConnection(1, memorySite('acme.atlassian.net'))
const done = { phase: 'done', pages: { synced: 1, failed: 0, total: 1 } } as const

function start(memory: MemoryBackendOptions = {}, actions: Partial<StateOf<'picker'>> = {}) {
  const backend = createMemoryBackend({ connections: [connection], progress: [done], ...memory })
  const asked: { query: ItemQuery; signal: AbortSignal | undefined }[] = []
  // What a test puts in here happens before the memory answers.
  const hold = { before: async (_: ItemQuery) => {} }
  const watched: Backend = {
    ...backend,
    async listItems(id, query, call) {
      asked.push({ query, signal: call?.signal })
      await hold.before(query)
      return backend.listItems(id, query, call)
    },
  }
  const sync = vi.fn(async (_: object) => {})
  const refresh = vi.fn(async () => {})
  const state: StateOf<'picker'> = {
    name: 'picker',
    connection,
    source: { backend: watched, queries: createQueries(), pollMs: 20 },
    sync,
    refresh,
    back: null,
    ...actions,
  }
  const hook = renderHook(() => usePagePicker(state), { wrapper: StrictMode })
  const picker = () => hook.result.current
  const rowOf = (name: string): PickerRow => {
    const row = picker().rows.find(({ item }) => item?.name === name)
    if (!row?.item) throw new Error(`There is no row called ${name}.`)
    return row
  }
  const names = () => picker().rows.map(({ item }) => item?.name ?? '…')
  const pending = () => picker().rows.find(({ item }) => item === null)
  const loadMore = async () => {
    const before = picker().rows.length
    const row = pending()
    if (row?.item === null) act(row.load)
    await waitFor(() => expect(picker().rows.length).not.toBe(before))
  }
  const search = async (text: string) => {
    act(() => picker().setText(text))
    await waitFor(() => {
      expect(picker().search).toBe(text)
      expect(picker().loading).toBe(false)
    })
  }
  const ready = () => waitFor(() => expect(picker().loading).toBe(false))
  return { ...hook, picker, rowOf, names, pending, loadMore, search, ready, asked, hold, sync, refresh, backend }
}

const page = (externalId: string, name: string, parent: string, more: Partial<Item> = {}): Item => ({
  id: Number(externalId),
  externalId,
  type: 'PAGE',
  name,
  url: '',
  parentExternalId: parent,
  spaceId: 's1',
  spaceName: 'Engineering',
  hasChildren: false,
  selectable: true,
  fileId: null,
  ...more,
})

describe('the tree', () => {
  it('begins with the spaces by name, and is fetched level by level', async () => {
    const { ready, names, picker, rowOf, asked } = start()
    await ready()
    expect(names()).toEqual(['Engineering', 'Marketing', 'People', 'Support'])
    expect(picker().total).toBe(4)
    act(() => picker().setOpen(rowOf('Support'), true))
    await waitFor(() => expect(picker().rows).toHaveLength(7))
    expect(
      picker()
        .rows.slice(4)
        .map(({ level }) => level),
    ).toEqual([2, 2, 2])
    expect(asked.at(-1)?.query).toEqual({ sort: 'name', limit: 250, parent: 's2', total: true })
    act(() => picker().setOpen(rowOf('Support'), false))
    expect(picker().rows).toHaveLength(4)
    const before = asked.length
    act(() => picker().setOpen(rowOf('Support'), true))
    expect(picker().rows).toHaveLength(7)
    expect(asked).toHaveLength(before)
  })

  it('goes on with a long level part by part, and counts it once', async () => {
    const { ready, picker, pending, loadMore, asked } = start({ items: memoryItems(600, 0) })
    await ready()
    expect(picker().rows).toHaveLength(251)
    expect(picker().rows[0]).toMatchObject({ position: 1, siblings: 600 })
    await loadMore()
    await loadMore()
    expect(picker().rows).toHaveLength(600)
    expect(pending()).toBeUndefined()
    const parts = asked.filter(({ query }) => query.cursor)
    expect(parts.map(({ query }) => query)).toEqual([
      { sort: 'name', limit: 250, cursor: '250' },
      { sort: 'name', limit: 250, cursor: '500' },
    ])
  })

  it('asks once for what is on its way', async () => {
    const { ready, picker, pending, asked } = start({ items: memoryItems(600, 0) })
    await ready()
    const row = pending()
    if (row?.item !== null) throw new Error('Nothing is to come.')
    act(row.load)
    act(row.load)
    await waitFor(() => expect(picker().rows).toHaveLength(501))
    expect(asked.filter(({ query }) => query.cursor === '250')).toHaveLength(1)
  })

  it('says of each level that it failed, and tries again', async () => {
    const { ready, picker, rowOf, pending, hold } = start()
    await ready()
    hold.before = async () => {
      throw new ConnectError('network', 'Away.')
    }
    act(() => picker().setOpen(rowOf('People'), true))
    await waitFor(() => expect(pending()).toMatchObject({ failed: true, level: 2 }))
    hold.before = async () => {}
    const row = pending()
    if (row?.item === null) act(row.load)
    await waitFor(() => expect(picker().rows).toHaveLength(7))
  })

  it('says that nothing could be loaded, and tries again', async () => {
    const failing = start({ failures: { listItems: 'unknown' } })
    await waitFor(() => expect(failing.picker().failed).toBe(true))
    const calls = failing.asked.length
    act(() => failing.picker().retry())
    await waitFor(() => expect(failing.asked).toHaveLength(calls + 1))
  })

  it('gives up what is on its way when it is left', async () => {
    const { asked, unmount, hold } = start()
    hold.before = () => new Promise(() => {})
    await waitFor(() => expect(asked.length).toBeGreaterThan(0))
    unmount()
    expect(asked.every(({ signal }) => signal?.aborted)).toBe(true)
  })
})

describe('a search', () => {
  it('waits for two letters and for a pause', async () => {
    const { ready, picker, asked } = start()
    await ready()
    const before = asked.length
    act(() => picker().setText('o'))
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(asked).toHaveLength(before)
    for (const text of ['on', 'onb', 'onbo']) act(() => picker().setText(text))
    await waitFor(() => expect(picker().search).toBe('onbo'))
    await waitFor(() => expect(picker().loading).toBe(false))
    expect(asked.slice(before).map(({ query }) => query.search)).toEqual(['onbo'])
  })

  it('gives up the one before, and asks anew when it comes back', async () => {
    const { ready, picker, asked, hold, search } = start()
    await ready()
    hold.before = ({ search: searched }) => (searched === 'bill' ? new Promise(() => {}) : Promise.resolve())
    act(() => picker().setText('bill'))
    await waitFor(() => expect(asked.at(-1)?.query.search).toBe('bill'))
    const slow = asked.at(-1)
    await search('people')
    expect(slow?.signal?.aborted).toBe(true)
    hold.before = async () => {}
    await search('bill')
    expect(picker().rows).toHaveLength(8)
  })

  it('keeps what is open and picked, and gives the tree back', async () => {
    const { ready, picker, rowOf, search, names, asked } = start()
    await ready()
    act(() => picker().setOpen(rowOf('Engineering'), true))
    await waitFor(() => expect(picker().rows).toHaveLength(7))
    act(() => picker().toggle(rowOf('Support')))
    const tree = names()
    await search('bill')
    expect(picker().rows.every(({ level }) => level === 1)).toBe(true)
    const calls = asked.length
    act(() => picker().setText(''))
    await waitFor(() => expect(picker().search).toBe(''))
    expect(names()).toEqual(tree)
    expect(asked).toHaveLength(calls)
    expect([...picker().selection.picked.keys()]).toEqual(['s2'])
  })

  it('knows the space of a page that lies below another', async () => {
    const { ready, picker, rowOf, search, sync } = start()
    await ready()
    await search('billing')
    const found = picker().rows.find(({ item }) => item?.spaceId === 's1' && item.parentExternalId !== 's1')
    if (!found?.item) throw new Error('No page lies below another.')
    const below = found
    act(() => picker().toggle(below))
    act(() => picker().setText(''))
    await waitFor(() => expect(picker().search).toBe(''))
    act(() => picker().toggle(rowOf('Engineering')))
    await act(() => picker().submit())
    expect(sync.mock.calls).toEqual([[{ spaces: ['s1'] }]])
  })
})

describe('selecting all', () => {
  it('means everything in the tree', async () => {
    const { ready, picker, sync } = start()
    await ready()
    await act(() => picker().selectAll())
    await act(() => picker().submit())
    expect(sync.mock.calls).toEqual([[{}]])
  })

  it('takes all matches, those not shown too, beside what is picked', async () => {
    const items = [
      ...memoryItems(1, 0),
      ...Array.from({ length: 600 }, (_, index) => page(String(1000 + index), `Note ${index}`, 's1')),
      page('5', 'Other', 's1'),
    ]
    const { ready, picker, rowOf, search, asked } = start({ items })
    await ready()
    await search('other')
    act(() => picker().toggle(rowOf('Other')))
    await search('note')
    const before = asked.length
    await act(() => picker().selectAll())
    expect(picker().selection.picked.size).toBe(601)
    expect(picker().problem).toBeNull()
    expect(asked.length - before).toBe(3)
  })

  it('stops at what a sync takes, and says so', async () => {
    const items = Array.from({ length: 10_400 }, (_, index) => page(String(index + 1), `Note ${index}`, 's1'))
    const { ready, picker, search } = start({ items })
    await ready()
    await search('note')
    await act(() => picker().selectAll())
    expect(picker().selection.picked.size).toBe(10_000)
    expect(picker().problem).toBe('tooMany')
    act(() => picker().clear())
    expect(picker().problem).toBeNull()
  })

  it('is over when something else is searched for', async () => {
    const { ready, picker, search, hold, asked } = start()
    await ready()
    await search('bill')
    hold.before = ({ search: searched }) => (searched === 'bill' ? new Promise(() => {}) : Promise.resolve())
    act(() => void picker().selectAll())
    await waitFor(() => expect(picker().busy).toBe('selecting'))
    const slow = asked.at(-1)
    await search('people')
    expect(slow?.signal?.aborted).toBe(true)
  })

  it('says why it failed, and changes nothing', async () => {
    const { ready, picker, search, hold } = start()
    await ready()
    await search('bill')
    hold.before = async () => {
      throw new ConnectError('rate_limited', 'Later.')
    }
    await act(() => picker().selectAll())
    expect(picker()).toMatchObject({ busy: null, problem: { code: 'rate_limited' } })
    expect(picker().selection.picked.size).toBe(0)
  })
})

describe('while the tree is being read', () => {
  const halfway = { phase: 'pages', spaces: 2, pages: { synced: 5, failed: 0, total: null } } as const

  it('lists what comes, keeps what is open, and stops when it ends', async () => {
    const items = memoryItems(2, 5)
    const progress: MemoryBackendOptions['syncs'] = { 1: { ...halfway } }
    const memory = { items, syncs: progress, connections: [{ ...connection, syncStatus: 'SYNCING' as const }] }
    const { ready, picker, rowOf, names, asked } = start(memory)
    await ready()
    await waitFor(() => expect(picker().reading).toBe(true))
    act(() => picker().setOpen(rowOf('Engineering'), true))
    await waitFor(() => expect(picker().rows).toHaveLength(3))
    act(() => picker().toggle(rowOf('Support')))
    items.push({ ...page('900', 'A new page', 's1') })
    progress[1] = { ...halfway, pages: { synced: 6, failed: 0, total: null } }
    await waitFor(() => expect(names()).toContain('A new page'), { timeout: 8000 })
    items.push({ ...page('901', 'The last page', 's1') })
    progress[1] = done
    await waitFor(() => expect(names()).toContain('The last page'), { timeout: 8000 })
    await waitFor(() => expect(picker().reading).toBe(false), { timeout: 8000 })
    expect(names().slice(0, 2)).toEqual(['Engineering', 'A new page'])
    expect([...picker().selection.picked.keys()]).toEqual(['s2'])
    // The last look at all of it may still be going on.
    await new Promise((resolve) => setTimeout(resolve, 200))
    const calls = asked.length
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(asked).toHaveLength(calls)
  }, 20_000)

  it('looks again for a while after it was asked to be read anew', async () => {
    const items = memoryItems(1, 0)
    const { ready, picker, names, refresh } = start({ items })
    await ready()
    await act(() => picker().refresh())
    expect(refresh).toHaveBeenCalledOnce()
    expect(picker().reading).toBe(true)
    items.push({ ...page('800', 'Zebra', ''), type: 'SPACE', parentExternalId: null, spaceId: null, spaceName: null })
    await waitFor(() => expect(names()).toEqual(['Engineering', 'Zebra']))
    await waitFor(() => expect(picker().reading).toBe(false))
  })

  it('says why it cannot be read anew', async () => {
    const { ready, picker } = start({}, { refresh: () => Promise.reject(new ConnectError('network', 'Away.')) })
    await ready()
    await act(() => picker().refresh())
    expect(picker()).toMatchObject({ reading: false, busy: null, problem: { code: 'network' } })
  })
})

it('keeps the selection when the sync cannot be started, and tries again', async () => {
  const sync = vi
    .fn()
    .mockRejectedValueOnce(new ConnectError('rate_limited', 'Later.'))
    .mockResolvedValueOnce(undefined)
  const { ready, picker, rowOf } = start({}, { sync })
  await ready()
  act(() => picker().toggle(rowOf('People')))
  await act(() => picker().submit())
  expect(picker()).toMatchObject({ busy: null, problem: { code: 'rate_limited' } })
  await act(() => picker().submit())
  expect(sync.mock.calls).toEqual([[{ spaces: ['s4'] }], [{ spaces: ['s4'] }]])
  expect(picker().problem).toBeNull()
})
