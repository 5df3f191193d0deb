import { useEffect, useMemo, useRef, useState } from 'react'
import type { Item, ItemList } from './contract.ts'
import { type ConnectError, toConnectError } from './errors.ts'
import {
  everythingPicked,
  inputOf,
  maxPicked,
  nothingPicked,
  type PickerSelection,
  type Place,
  pick,
  toggle,
} from './pickerSelection.ts'
import type { StateOf } from './states.ts'
import { useAccountProgress } from './useAccountProgress.ts'
import { useLatest } from './useLatest.ts'

const limit = 250
const searchMs = 250
const shortestSearch = 2

/** One level of the tree, or what a search found, as far as it was fetched. */
interface Level {
  items: Item[]
  cursor: string | null
  total: number | null
  state: 'loading' | 'failed' | 'part' | 'whole'
}

/** A row of the tree. */
export interface PickerRow extends Place {
  key: string
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
  /** Picks everything or, of a search, all that match. */
  selectAll(): Promise<void>
  clear(): void
  /** What is under way. */
  busy: 'selecting' | 'syncing' | null
  /** Why the last action did not succeed. */
  problem: ConnectError | 'tooMany' | null
  /** Starts the sync of what is picked. */
  submit(): Promise<void>
}

const levelKey = (search: string, parent: string | null) => (search ? `?${search}` : `/${parent ?? ''}`)

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
  const { syncing } = useAccountProgress(source, connection)
  const latest = useLatest({ levels, search })
  const leaving = useRef(new AbortController())

  useEffect(() => {
    leaving.current = new AbortController()
    return () => leaving.current.abort()
  }, [])

  const wanted = text.trim().length < shortestSearch ? '' : text.trim()
  useEffect(() => {
    const timer = setTimeout(() => setSearch(wanted), searchMs)
    return () => clearTimeout(timer)
  }, [wanted])

  const fetchPart = (parent: string | null, searched: string, cursor: string | null): Promise<ItemList> =>
    backend.listItems(
      connection.id,
      {
        sort: 'name',
        limit,
        ...(searched ? { search: searched } : parent !== null && { parent }),
        ...(cursor !== null ? { cursor } : { total: true }),
      },
      { signal: leaving.current.signal },
    )

  const load = async (parent: string | null, searched: string, again = false) => {
    const key = levelKey(searched, parent)
    const known = again ? undefined : latest.current.levels[key]
    if (known?.state === 'loading' || known?.state === 'whole') return
    const before: Level = known ?? { items: [], cursor: null, total: null, state: 'loading' }
    const set = (level: Level) => setLevels((all) => ({ ...all, [key]: level }))
    if (!again) set({ ...before, state: 'loading' })
    const { signal } = leaving.current
    try {
      const { items, nextCursor, total } = await fetchPart(parent, searched, before.cursor)
      if (signal.aborted) return
      set({
        items: [...before.items, ...items],
        cursor: nextCursor,
        total: before.total ?? total,
        state: nextCursor === null ? 'whole' : 'part',
      })
    } catch {
      if (!signal.aborted && !again) set({ ...before, state: 'failed' })
    }
  }

  const root = levels[levelKey(search, null)]
  const latestLoad = useLatest(load)
  useEffect(() => void latestLoad.current(null, search), [search, latestLoad])

  // While the tree is being read there is more each time; when that ends, all of it is looked at anew.
  const isEmpty = root?.items.length === 0
  useEffect(() => {
    if (!syncing || !isEmpty) return
    const timer = setInterval(() => void latestLoad.current(null, '', true), pollMs)
    return () => clearInterval(timer)
  }, [syncing, isEmpty, pollMs, latestLoad])
  const wasSyncing = useRef(false)
  useEffect(() => {
    if (wasSyncing.current && !syncing) {
      setLevels({})
      setOpened(new Set())
      void latestLoad.current(null, latest.current.search, true)
    }
    wasSyncing.current = syncing
  }, [syncing, latest, latestLoad])

  const rows = useMemo(() => {
    const found: (PickerRow | PendingRow)[] = []
    const add = (parent: string | null, level: number, space: string | null) => {
      const key = levelKey(search, parent)
      const { items, total, state: standing } = levels[key] ?? { items: [], total: null, state: 'part' as const }
      items.forEach((item, index) => {
        const { externalId, type, parentExternalId } = item
        const open = search || !item.hasChildren ? null : opened.has(externalId)
        // Of what a search finds no more is known than what it lies in: that may be a page.
        const own = type === 'SPACE' ? null : search ? parentExternalId : space
        found.push({ key: externalId, item, level, space: own, position: index + 1, siblings: total, open })
        if (open) add(externalId, level + 1, type === 'SPACE' ? externalId : space)
      })
      if (standing === 'whole') return
      const failed = standing === 'failed'
      found.push({ key, item: null, level, failed, load: () => void latestLoad.current(parent, search) })
    }
    if (root && (root.items.length > 0 || root.state === 'whole')) add(null, 1, null)
    return found
  }, [levels, opened, search, root, latestLoad])

  const run = async (what: NonNullable<PagePicker['busy']>, action: () => Promise<void>) => {
    if (busy) return
    setBusy(what)
    setProblem(null)
    try {
      await action()
    } catch (error) {
      if (!leaving.current.signal.aborted) setProblem(toConnectError(error))
    } finally {
      setBusy(null)
    }
  }

  const selectMatches = async () => {
    const places: Place[] = []
    let cursor: string | null = null
    do {
      const answer: ItemList = await fetchPart(null, search, cursor)
      for (const item of answer.items) places.push({ item, space: item.type === 'PAGE' ? item.parentExternalId : null })
      cursor = answer.nextCursor
    } while (cursor !== null && places.length < maxPicked)
    setSelection((before) => pick(before, places))
    if (cursor !== null) setProblem('tooMany')
  }

  return {
    rows,
    loading: !root || (root.state === 'loading' && root.items.length === 0),
    failed: root?.state === 'failed' && root.items.length === 0,
    retry: () => void load(null, search),
    reading: syncing,
    text,
    setText,
    search,
    total: root?.total ?? null,
    selection,
    toggle: (row) => setSelection((before) => toggle(before, row)),
    setOpen({ item }, open) {
      setOpened((before) => {
        const next = new Set(before)
        if (open) next.add(item.externalId)
        else next.delete(item.externalId)
        return next
      })
      if (open) void load(item.externalId, '')
    },
    selectAll: () =>
      run('selecting', async () => {
        if (search) await selectMatches()
        else setSelection(everythingPicked)
      }),
    clear: () => setSelection(nothingPicked),
    busy,
    problem,
    submit: () => run('syncing', () => state.sync(inputOf(selection))),
  }
}
