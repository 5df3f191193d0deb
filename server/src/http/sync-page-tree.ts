import type { ItemsAnswer, PickerItem } from './sync-page-items.ts'

/** What a list of the picker shows: the spaces, what lies below something, or what a search finds. */
export interface Query {
  parent?: string
  search?: string
}

interface TreeParts {
  load(query: Query, offset: number): Promise<ItemsAnswer>
  /** After every change of what is selected. */
  onSelect(): void
  /** Tells people who do not see the list. */
  say(text: string): void
}

/**
 * The rows of the picker and what of them is selected.
 *
 * Runs in the browser, which gets the text of this function: nothing outside of it may be used but types.
 */
export function createTree({ load, onSelect, say }: TreeParts) {
  const selected = new Map<string, PickerItem>()
  /** Rows whose pages are shown, so that a list that is loaded anew looks as before. */
  const open = new Set<string>()
  const items = new WeakMap<Element, PickerItem>()
  let names = 0
  /** Whether more of the tree is shown than what comes by itself. */
  let isLonger = false

  function make<Tag extends keyof HTMLElementTagNameMap>(
    tag: Tag,
    properties: Partial<HTMLElementTagNameMap[Tag]> = {},
    ...children: (Node | string)[]
  ): HTMLElementTagNameMap[Tag] {
    const element = Object.assign(document.createElement(tag), properties)
    element.append(...children)
    return element
  }

  const boxOf = (row: Element) => row.querySelector<HTMLInputElement>('input')
  const rowsOf = (list: ParentNode) => [...list.querySelectorAll<HTMLElement>('li[data-id]')]
  const allRows = () => [...document.querySelectorAll<HTMLElement>('.rows li[data-id]')]

  /** A page of a selected space comes with it; a space of which only pages are selected is neither on nor off. */
  function paint(row: Element): void {
    const item = items.get(row)
    const box = boxOf(row)
    if (!item || !box) return
    const comesAlong = item.space !== null && selected.has(item.space)
    box.checked = comesAlong || selected.has(item.id)
    box.disabled = comesAlong
    box.indeterminate =
      item.type === 'SPACE' && !box.checked && [...selected.values()].some(({ space }) => space === item.id)
  }

  function paintMark(row: Element, { mark }: PickerItem): void {
    const shown = row.querySelector<HTMLElement>('.mark')
    if (!shown) return
    shown.textContent = mark?.text ?? ''
    shown.dataset.tone = mark?.tone ?? ''
  }

  function select(item: PickerItem, isOn: boolean): void {
    if (isOn) {
      selected.set(item.id, item)
      for (const [id, { space }] of selected) if (space === item.id) selected.delete(id)
    } else selected.delete(item.id)
    for (const row of allRows()) paint(row)
    onSelect()
  }

  function makeRow(item: PickerItem, level: number, isFound: boolean): HTMLElement {
    names += 1
    const nameId = `name-${names}`
    const aboutId = `about-${names}`
    const box = make('input', { type: 'checkbox' })
    box.setAttribute('aria-labelledby', nameId)
    box.setAttribute('aria-describedby', aboutId)
    box.addEventListener('change', () => select(item, box.checked))
    const name = make('span', { id: nameId, className: 'name', dir: 'auto', textContent: item.name || 'Untitled' })
    const kind = item.type === 'SPACE' ? 'Space' : 'Page'
    const place = make('small', isFound ? {} : { className: 'unseen' })
    place.append(isFound && item.spaceName ? `${kind} in ` : kind)
    if (isFound && item.spaceName) place.append(make('bdi', { textContent: item.spaceName }))
    const about = make('span', { id: aboutId, className: 'about' }, place, ' ', make('span', { className: 'mark' }))
    const row = make('li', {}, make('div', { className: 'row' }))
    row.dataset.id = item.id
    row.dataset.type = item.type
    row.style.setProperty('--level', String(Math.min(level, 6)))
    row.firstElementChild?.append(
      item.isExpandable ? makeTwist(item, level, row, isFound) : make('span', { className: 'twist' }),
      make('label', {}, box, make('span', { className: 'words' }, name, about)),
    )
    items.set(row, item)
    paint(row)
    paintMark(row, item)
    return row
  }

  /** The button that shows what lies below a row. */
  function makeTwist(item: PickerItem, level: number, row: HTMLElement, isFound: boolean): HTMLButtonElement {
    const twist = make('button', { type: 'button', className: 'twist' })
    twist.setAttribute('aria-label', `Pages below ${item.name}`)
    let below: HTMLUListElement | undefined
    function show(isOpen: boolean): void {
      twist.setAttribute('aria-expanded', String(isOpen))
      if (!isFound) open[isOpen ? 'add' : 'delete'](item.id)
      if (below) below.hidden = !isOpen
      if (!isOpen || below) return
      below = make('ul')
      below.setAttribute('aria-label', `Pages below ${item.name}`)
      row.append(below)
      void startList(below, { parent: item.id }, level + 1)
    }
    twist.addEventListener('click', () => show(twist.getAttribute('aria-expanded') !== 'true'))
    // The list hangs on the row, which has to exist first.
    queueMicrotask(() => show(!isFound && open.has(item.id)))
    twist.setAttribute('aria-expanded', 'false')
    return twist
  }

  /**
   * Fills a list, part by part.
   *
   * @param first the first part, where it is known already
   * @returns how many there are, or undefined when they could not be loaded or the list was used for something else meanwhile
   */
  async function startList(
    list: HTMLElement,
    query: Query,
    level = 0,
    first?: ItemsAnswer,
  ): Promise<number | undefined> {
    const run = String(++names)
    const isTree = level === 0 && query.search === undefined
    if (isTree) isLonger = false
    list.dataset.run = run
    const more = make('button', { type: 'button' })
    const foot = make('li', { className: 'more' }, more)
    let offset = 0
    const wordsFor = (left: number) => `Show ${Math.min(50, left)} more of ${left.toLocaleString('en')}`

    function add({ items: found, count }: ItemsAnswer): HTMLElement[] {
      const shown = new Set([...list.children].map((row) => (row as HTMLElement).dataset.id))
      const rows = found
        .filter(({ id }) => offset === 0 || !shown.has(id))
        .map((item) => makeRow(item, level, query.search !== undefined))
      offset += found.length
      const left = found.length === 0 ? 0 : count - offset
      if (offset === found.length) list.replaceChildren(...rows)
      else foot.before(...rows)
      more.textContent = wordsFor(left)
      more.removeAttribute('aria-disabled')
      if (left > 0) list.append(foot)
      else foot.remove()
      return rows
    }

    async function next(): Promise<number | undefined> {
      if (more.getAttribute('aria-disabled') === 'true') return undefined
      more.setAttribute('aria-disabled', 'true')
      const isLater = offset > 0
      more.textContent = 'Loading…'
      if (!foot.isConnected && level > 0) list.append(foot)
      try {
        const answer = await load(query, offset)
        if (list.dataset.run !== run) return undefined
        // Whoever is on the button goes on with what it brought; moving it would lose the focus.
        const isOnMore = document.activeElement === more
        const rows = add(answer)
        if (isOnMore) boxOf(rows[0] ?? list)?.focus()
        if (isLater) {
          if (isTree) isLonger = true
          say(`${rows.length} more`)
        }
        return answer.count
      } catch (error) {
        if (list.dataset.run !== run) return undefined
        more.removeAttribute('aria-disabled')
        more.textContent = 'Could not be loaded. Try again'
        if (!foot.isConnected) list.replaceChildren(foot)
        say((error as Error).message)
        return undefined
      }
    }
    more.addEventListener('click', () => void next())
    if (!first) return next()
    add(first)
    return first.count
  }

  return {
    selected: () => [...selected.values()],
    clear() {
      selected.clear()
      for (const row of allRows()) paint(row)
      onSelect()
    },
    startList,
    /** Whether nobody has begun to use the list, so that it may change by itself. */
    isUntouched: (list: HTMLElement) =>
      !isLonger && selected.size === 0 && open.size === 0 && !list.contains(document.activeElement),
    /** The ids of the rows, or of those that can be seen now. */
    ids(list: HTMLElement, onlySeen: boolean): string[] {
      const isSeen = (row: Element) => {
        const { top, bottom, height } = row.getBoundingClientRect()
        return height > 0 && bottom > 0 && top < innerHeight
      }
      return rowsOf(list).flatMap((row) => (onlySeen && !isSeen(row) ? [] : (row.dataset.id ?? [])))
    },
    /** Shows what became of rows. */
    update(news: readonly PickerItem[]): void {
      const byId = new Map(news.map((item) => [item.id, item]))
      for (const row of allRows()) {
        const item = byId.get(row.dataset.id ?? '')
        if (item) paintMark(row, item)
      }
    },
  }
}
