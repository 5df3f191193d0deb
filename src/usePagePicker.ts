import { useEffect, useMemo, useRef, useState } from 'react'
import type { Item, ItemList } from './contract.ts'
import { type ConnectError, toConnectError } from './errors.ts'
import {
  everythingPicked,
  inputOf,
  isFull,
  maxPicked,
  nothingPicked,
  type PickerSelection,
  pick,
  toggle,
} from './pickerSelection.ts'
import type { StateOf } from './states.ts'
import { useAccountProgress } from './useAccountProgress.ts'
import { useLatest } from './useLatest.ts'

const limit = 250
const searchMs = 250
const shortestSearch = 2
/** How often the tree is looked at after it was asked to be read anew: the server does not always tell when that has ended. */
const looksAfterRefresh = 4

/** One level of the tree, or what a search found, as far as it was fetched. */
interface Level {
  items: Item[]
  cursor: string | null
  total: number | null
  state: 'loading' | 'failed' | 'part' | 'whole'
}

/** A row of the tree. */
export interface PickerRow {
  key: string
  item: Item
  /** 1 for spaces and for what a search found. */
  level: number
  /** Its place among its siblings, from 1, and how many there are; null while that is not known. */
  position: number
  siblings: number | null
  /** Null for what has nothing below it, and in what a search found. */
  open: boolean | null
}

/** Where rows are still to come: once it is in sight, call `load`. */
export interface PendingRow {
  key: string
  level: number
  item: null
  failed: boolean
  load(): void
}

/** What {@link usePagePicker} gives. */
export interface PagePicker {
  rows: readonly (PickerRow | PendingRow)[]
  /** Nothing is known yet. */
  loading: boolean
  failed: boolean
  retry(): void
  /** The tree is being read from Confluence; what is found appears by itself. */
  reading: boolean
  /** What is in the search field, and what was searched for: '' shows the tree. */
  text: string
  setText(text: string): void
  search: string
  /** How many spaces there are, or matches; null while that is not known. */
  total: number | null
  selection: PickerSelection
  toggle(row: PickerRow): void
  setOpen(row: PickerRow, open: boolean): void
  /** Picks everything or, of a search, all that match. Another search ends it. */
  selectAll(): Promise<void>
  clear(): void
  /** What is under way. */
  busy: 'selecting' | 'syncing' | 'refreshing' | null
  /** Why the last action did not succeed. */
  problem: ConnectError | 'tooMany' | null
  /** Starts the sync of what is picked. */
  submit(): Promise<void>
  /** Has the tree read anew from Confluence. */
  refresh(): Promise<void>
}

/** What a list is of: a search, what lies below a space or a page, or the spaces. */
const found = (search: string) => `?${search}`
const below = (parent: string) => `/${parent}`
const tree = below('')

const queryOf = (key: string) => {
  const id = key.slice(1)
  return key.startsWith('?') ? { search: id } : key === tree ? {} : { parent: id }
}

const unread: Level = { items: [], cursor: null, total: null, state: 'part' }

/** The spaces and pages of a connection, opened, searched and picked from. */
export function usePagePicker(state: StateOf<'picker'>): PagePicker {
  const { source, connection } = state
  const { backend, pollMs } = source
  const [text, setText] = useState('')
  const [search, setSearch] = useState('')
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [levels, setLevels] = useState<Readonly<Record<string, Level>>>({})
  const [selection, setSelection] = useState(nothingPicked)
  const [busy, setBusy] = useState<PagePicker['busy']>(null)
  const [problem, setProblem] = useState<PagePicker['problem']>(null)
  const [looks, setLooks] = useState(0)
  const { syncing } = useAccountProgress(source, connection)
  const top = search ? found(search) : tree
  const latest = useLatest({ levels, top, selection, opened })
  const leaving = useRef(new AbortController())
  const searching = useRef(leaving.current)

  useEffect(() => {
    leaving.current = new AbortController()
    return () => leaving.current.abort()
  }, [])

  const wanted = text.trim().length < shortestSearch ? '' : text.trim()
  useEffect(() => {
    const timer = setTimeout(() => setSearch(wanted), searchMs)
    return () => clearTimeout(timer)
  }, [wanted])

  const fetchPart = (key: string, cursor: string | null, signal: AbortSignal): Promise<ItemList> =>
    backend.listItems(
      connection.id,
      { sort: 'name', limit, ...queryOf(key), ...(cursor !== null ? { cursor } : { total: true }) },
      { signal },
    )

  /** Fetches on or, `again`, from the start as far as it was fetched before; until that is there, what was stays. */
  const load = async (key: string, again = false) => {
    const before = latest.current.levels[key] ?? unread
    const { signal } = (key.startsWith('?') ? searching : leaving).current
    if (signal.aborted || before.state === 'loading' || (before.state === 'whole' && !again)) return
    const set = (level: Level) => setLevels((all) => ({ ...all, [key]: level }))
    if (!again) set({ ...before, state: 'loading' })
    let { items, cursor, total } = again ? unread : before
    try {
      do {
        const answer = await fetchPart(key, cursor, signal)
        if (signal.aborted) return
        items = [...items, ...answer.items]
        cursor = answer.nextCursor
        total ??= answer.total
      } while (again && cursor !== null && items.length < before.items.length)
      set({ items, cursor, total, state: cursor === null ? 'whole' : 'part' })
    } catch {
      if (!signal.aborted && !again) set({ ...before, state: 'failed' })
    }
  }

  const root = levels[top]
  const latestLoad = useLatest(load)
  useEffect(() => {
    searching.current = new AbortController()
    void latestLoad.current(top)
    return () => {
      searching.current.abort()
      // What a search finds is not kept: it is half of something, and the next one asks anew.
      if (top !== tree) setLevels(({ [top]: _, ...others }) => others)
    }
  }, [top, latestLoad])

  // While the tree is being read there is more each time; when that ends, all that is open is looked at anew.
  const reading = syncing || looks > 0
  useEffect(() => {
    const renew = async (whole: boolean) => {
      const { levels: known, opened: open, top: first } = latest.current
      const keys = [...new Set([first, tree, ...[...open].map(below)])]
      if (whole) setLevels((all) => Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key))))
      for (const key of keys) {
        const level = known[key]
        // As long as it goes on, only what takes one request.
        if (level && (whole || level.items.length <= limit)) await latestLoad.current(key, true)
      }
    }
    if (!reading) return
    const timer = setInterval(() => {
      void renew(false)
      setLooks((left) => Math.max(0, left - 1))
    }, pollMs)
    return () => {
      clearInterval(timer)
      void renew(true)
    }
  }, [reading, pollMs, latest, latestLoad])

  const rows = useMemo(() => {
    const all: (PickerRow | PendingRow)[] = []
    const add = (key: string, level: number) => {
      const { items, total, state: standing } = levels[key] ?? unread
      items.forEach((item, index) => {
        const open = top !== tree || !item.hasChildren ? null : opened.has(item.externalId)
        all.push({ key: item.externalId, item, level, position: index + 1, siblings: total, open })
        if (open) add(below(item.externalId), level + 1)
      })
      if (standing === 'whole') return
      const more = () => void latestLoad.current(key)
      all.push({ key: `${key} ${items.length}`, item: null, level, failed: standing === 'failed', load: more })
    }
    if (root && (root.items.length > 0 || root.state === 'whole')) add(top, 1)
    return all
  }, [levels, opened, top, root, latestLoad])

  const run = async (what: NonNullable<PagePicker['busy']>, action: () => Promise<void>) => {
    if (busy) return
    setBusy(what)
    setProblem(null)
    const { signal } = (what === 'selecting' ? searching : leaving).current
    try {
      await action()
    } catch (error) {
      if (!signal.aborted) setProblem(toConnectError(error))
    } finally {
      setBusy(null)
    }
  }

  const add = (items: readonly Item[]) => {
    const next = pick(latest.current.selection, items)
    setSelection(next)
    if (isFull(next, items)) setProblem('tooMany')
  }

  const selectMatches = async () => {
    const { signal } = searching.current
    const items: Item[] = []
    let cursor: string | null = null
    do {
      const answer: ItemList = await fetchPart(top, cursor, signal)
      if (signal.aborted) return
      items.push(...answer.items)
      cursor = answer.nextCursor
    } while (cursor !== null && items.length < maxPicked)
    add(items)
    if (cursor !== null) setProblem('tooMany')
  }

  return {
    rows,
    loading: !root || (root.state === 'loading' && root.items.length === 0),
    failed: root?.state === 'failed' && root.items.length === 0,
    retry: () => void load(top),
    reading,
    text,
    setText,
    search,
    total: root?.total ?? null,
    selection,
    toggle({ item }) {
      setProblem(null)
      if (selection.picked.has(item.externalId)) setSelection(toggle(selection, item))
      else add([item])
    },
    setOpen({ item }, open) {
      setOpened((before) => {
        const next = new Set(before)
        if (open) next.add(item.externalId)
        else next.delete(item.externalId)
        return next
      })
      if (open) void load(below(item.externalId))
    },
    selectAll: () =>
      run('selecting', async () => {
        if (search) await selectMatches()
        else setSelection(everythingPicked)
      }),
    clear() {
      setProblem(null)
      setSelection(nothingPicked)
    },
    busy,
    problem,
    submit: () => run('syncing', () => state.sync(inputOf(selection))),
    refresh: () =>
      run('refreshing', async () => {
        await state.refresh()
        setLooks(looksAfterRefresh)
      }),
  }
}
