import type { ItemsAnswer, PickerItem } from './sync-page-items.ts'
import type { SyncPageState, Words } from './sync-page-state.ts'
import type { createTree, Query } from './sync-page-tree.ts'
import type { SyncPageStart } from './sync-page-view.ts'

/**
 * The page's script.
 *
 * Runs in the browser, which gets the text of this function: nothing outside of it may be used but types and `makeTree`.
 */
export function startSyncPage(makeTree: typeof createTree): void {
  const POLL_MS = 2_000
  const SEARCH_MS = 300
  /** Rows in one question. */
  const ROWS = 50
  /** Rows that are looked at again after a sync. */
  const MAX_ROWS = 1_000

  const base = location.pathname.replace(/\/$/, '')
  const start = JSON.parse(document.documentElement.dataset.start ?? '') as SyncPageStart
  const find = <E extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as E
  const list = find('tree')
  const results = find('results')
  const search = find<HTMLInputElement>('search')
  const refresh = find('refresh')
  const everything = find('everything')
  const check = find('check')
  const sync = find('sync')
  const clear = find('clear')
  const chosen = find('chosen')

  let state = start.state
  /** The tree as the list shows it. */
  let shownTree = ''
  let hasEnded = false
  let isOffline = false
  let isSearching = false
  let timer = 0

  class Refusal extends Error {}

  /** @throws Error with a text for people */
  async function ask<T>(path: string, body?: object): Promise<T> {
    let answer: T & { error?: { message: string } }
    let status: number
    try {
      const response = await fetch(
        base + path,
        body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      )
      status = response.status
      answer = (await response.json()) as typeof answer
    } catch {
      throw new Error('The server cannot be reached. Check your connection, then try again.')
    }
    if (!answer.error) return answer
    if (status === 404) end(answer.error.message)
    throw new Refusal(answer.error.message)
  }

  const load = (query: Query, offset: number) =>
    ask<ItemsAnswer>(`/items?${new URLSearchParams({ ...query, offset: String(offset) })}`)

  const say = (text: string) => {
    find('news').textContent = text
  }
  const number = (value: number) => value.toLocaleString('en')
  const counted = (count: number, one: string) => `${number(count)} ${one}${count === 1 ? '' : 's'}`

  const tree = makeTree({ load, say, onSelect: () => showSelection() })

  function showSelection(message = '', tone: 'good' | 'bad' | '' = ''): void {
    const items = tree.selected()
    const spaces = items.filter(({ type }) => type === 'SPACE').length
    const pages = items.length - spaces
    const what = [...(spaces > 0 ? [counted(spaces, 'space')] : []), ...(pages > 0 ? [counted(pages, 'page')] : [])]
    chosen.textContent = message || (items.length > 0 ? `${what.join(' and ')} selected` : 'Nothing selected')
    chosen.dataset.tone = tone
    sync.textContent = items.length > 0 ? `Sync ${number(items.length)} selected` : 'Sync selected'
    sync.setAttribute('aria-disabled', String(items.length === 0))
    clear.classList.toggle('off', items.length === 0)
  }

  const onDay = (date: Date) =>
    date.toDateString() === new Date().toDateString() ? {} : ({ dateStyle: 'medium' } as const)
  function write(place: HTMLElement, words: Words): void {
    const parts = words.map((part) => {
      if (typeof part === 'string') return part
      const date = new Date(part.at)
      return Object.assign(document.createElement('time'), {
        dateTime: part.at,
        textContent: date.toLocaleString('en', { ...onDay(date), timeStyle: 'short' }),
      })
    })
    const text = parts.map((part) => (typeof part === 'string' ? part : part.textContent)).join('')
    if (place.textContent !== text) place.replaceChildren(...parts)
  }

  const treeNow = () => `${state.isTreeRead} ${state.spaces} ${state.pages}`

  function show(next: SyncPageState): void {
    const before = state
    state = next
    find('line').dataset.state = state.line
    write(find('title'), [state.title])
    write(find('text'), state.text)
    write(find('facts'), state.facts)
    const bar = find<HTMLProgressElement>('bar')
    bar.classList.toggle('off', !state.progress)
    if (state.progress?.max) {
      bar.max = state.progress.max
      bar.value = Math.min(state.progress.value, state.progress.max)
    } else bar.removeAttribute('value')
    // Progress is read by whoever wants to; that something began or ended is said.
    if (before.title !== state.title) say(state.title)
    const work = find('work')
    if (!state.isActive && work.contains(document.activeElement)) find('title').focus()
    work.hidden = !state.isActive
    everything.setAttribute('aria-disabled', String(state.running === 'all'))
    check.setAttribute('aria-disabled', String(state.isReading))
    void showTree(before)
  }

  /** What is said of the list: how long it is, or why it is empty. */
  function showFound(text?: string): void {
    const line = find('found')
    const isEmpty = state.spaces + state.pages === 0
    const whole = `${counted(state.spaces, 'space')}, ${counted(state.pages, 'page')}`
    const nothing = state.isTreeRead
      ? 'There is nothing in this Confluence that this account can see.'
      : 'The spaces and pages could not be read yet. Check for them again.'
    const reading = isEmpty
      ? 'Confluence is being read. Spaces and pages appear here by themselves.'
      : `${whole} so far; Confluence is being read`
    const said = text ?? (state.isReading && !state.isTreeRead ? reading : isEmpty ? nothing : whole)
    if (line.textContent !== said) line.textContent = said
  }

  /** Lets the list follow what is in the tree, unless somebody is using it: then it waits to be asked. */
  async function showTree(before: SyncPageState): Promise<void> {
    const isBehind = shownTree !== treeNow()
    const isQuiet = !isSearching && tree.isUntouched(list)
    if (!isSearching) showFound()
    if (isBehind && (list.childElementCount === 0 || (isQuiet && document.activeElement !== refresh))) await reload()
    else refresh.hidden = !isBehind || state.isReading || isSearching
    const seen = isSearching ? results : list
    if (state.running) await follow(tree.ids(seen, true).slice(0, ROWS))
    else if (before.running)
      await follow([...tree.ids(list, false), ...(isSearching ? tree.ids(results, false) : [])].slice(0, MAX_ROWS))
  }

  async function reload(): Promise<void> {
    const now = treeNow()
    if ((await tree.startList(list, {})) === undefined) return
    shownTree = now
    refresh.hidden = true
  }

  /** Asks what became of rows. */
  async function follow(ids: string[]): Promise<void> {
    const news: PickerItem[] = []
    for (let at = 0; at < ids.length; at += ROWS) {
      const answer = await ask<ItemsAnswer>(`/items?ids=${ids.slice(at, at + ROWS).join(',')}`).catch(() => undefined)
      news.push(...(answer?.items ?? []))
    }
    tree.update(news)
  }

  /** The link is over: nothing here works any more. */
  function end(message: string): void {
    hasEnded = true
    clearTimeout(timer)
    find('line').dataset.state = 'broken'
    find('title').textContent = 'This link has expired'
    find('text').textContent = message
    find('bar').classList.add('off')
    if (find('work').contains(document.activeElement)) find('title').focus()
    find('work').hidden = true
    say(message)
  }

  function schedule(): void {
    clearTimeout(timer)
    if (!hasEnded && (state.running || isOffline)) timer = window.setTimeout(poll, POLL_MS)
  }

  async function poll(): Promise<void> {
    if (hasEnded) return
    // Nobody looks; what comes back asks at once.
    if (document.hidden) return
    try {
      const next = await ask<SyncPageState>('/state')
      isOffline = false
      show(next)
    } catch (error) {
      if (!hasEnded && !isOffline) say((error as Error).message)
      isOffline = !(error instanceof Refusal)
      if (isOffline) find('text').textContent = 'The server cannot be reached. Trying again…'
    }
    schedule()
  }

  /** Has something done, once at a time, and says what came of it. */
  async function order(button: HTMLElement, path: string, body: object): Promise<boolean> {
    if (button.getAttribute('aria-disabled') === 'true') return false
    button.setAttribute('aria-disabled', 'true')
    button.setAttribute('aria-busy', 'true')
    try {
      const { message, state: next } = await ask<{ message: string; state: SyncPageState }>(path, body)
      if (button === sync) {
        tree.clear()
        showSelection(message, 'good')
      } else showSelection()
      show(next)
      schedule()
      return true
    } catch (error) {
      if (hasEnded) return false
      button.setAttribute('aria-disabled', 'false')
      showSelection((error as Error).message, 'bad')
      if (error instanceof Refusal) void poll()
      return false
    } finally {
      button.removeAttribute('aria-busy')
    }
  }

  let searches = 0
  let searchTimer = 0
  async function searchNow(): Promise<void> {
    const words = search.value.trim()
    const mine = ++searches
    isSearching = words !== ''
    list.hidden = isSearching
    results.hidden = !isSearching
    if (!isSearching) {
      results.replaceChildren()
      showFound()
      refresh.hidden = shownTree === treeNow() || state.isReading
      return
    }
    refresh.hidden = true
    const count = await tree.startList(results, { search: words })
    if (mine !== searches) return
    showFound(
      count === undefined ? 'The search did not work' : count === 0 ? 'Nothing found' : `${counted(count, 'result')}`,
    )
  }
  search.addEventListener('input', () => {
    clearTimeout(searchTimer)
    searchTimer = window.setTimeout(searchNow, SEARCH_MS)
  })

  everything.closest('form')?.addEventListener('submit', (event) => {
    event.preventDefault()
    void order(everything, '/everything', {})
  })
  check.addEventListener('click', () => void order(check, '/tree', {}))
  sync.addEventListener('click', () => void order(sync, '/select', { ids: tree.selected().map(({ id }) => id) }))
  clear.addEventListener('click', () => {
    tree.clear()
    // It is gone now, and whoever pressed it must not be.
    sync.focus()
  })
  refresh.addEventListener('click', async () => {
    await reload()
    list.querySelector<HTMLElement>('input')?.focus()
  })
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void poll()
  })

  find('picker').hidden = false
  check.hidden = false
  shownTree = treeNow()
  showSelection()
  void tree.startList(list, {}, 0, start.items)
  show(state)
  schedule()
  if (state.isActive && !state.isTreeRead && !state.isReading && !state.hasFailed) void order(check, '/tree', {})
}
