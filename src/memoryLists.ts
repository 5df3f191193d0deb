import type { Backend, CallOptions } from './backend.ts'
import type { Item, Page, PageFilter, PageSelection, PageSort, PageStatus } from './contract.ts'

/** What a memory backend lists: the tree that is picked from, and the pages that are synced. */
export interface MemoryLists {
  /** The tree: spaces, and pages that name their parent. @default 4 spaces with 60 pages */
  items?: readonly Item[]
  /** @default 240 pages, nearly all of them ready */
  pages?: readonly Page[]
  /** How long each of the calls that list takes, in milliseconds. @default 0 */
  listMs?: number
}

const day = 86_400_000
const firstDay = Date.parse('2026-01-05T09:00:00Z')
const dateOf = (number: number) => new Date(firstDay + (number % 300) * day).toISOString()

const topics = [
  'Onboarding',
  'Billing',
  'Release notes',
  'Incident review',
  'Roadmap',
  'API guide',
  'Team charter',
  'FAQ',
]
const titleOf = (number: number) => `${topics[number % topics.length]} ${Math.floor(number / topics.length) + 1}`
const spaceNames = ['Engineering', 'Support', 'Marketing', 'People', 'Finance', 'Design', 'Sales', 'Legal']

/**
 * A tree to pick from: in each space every fifth page has the four after it below it.
 *
 * @param spaces how many spaces
 * @param pages how many pages in each
 */
export function memoryItems(spaces = 4, pages = 15): Item[] {
  const items: Item[] = []
  const add = (
    item: Pick<Item, 'externalId' | 'type' | 'name' | 'parentExternalId' | 'spaceId' | 'spaceName' | 'hasChildren'>,
  ) =>
    items.push({
      ...item,
      id: items.length + 1,
      url: `https://acme.atlassian.net/wiki/${item.externalId}`,
      selectable: true,
      fileId: null,
    })
  for (let space = 0; space < spaces; space++) {
    const spaceId = `s${space + 1}`
    const round = Math.floor(space / spaceNames.length)
    const name = `${spaceNames[space % spaceNames.length]}${round > 0 ? ` ${round + 1}` : ''}`
    add({
      externalId: spaceId,
      type: 'SPACE',
      name,
      parentExternalId: null,
      spaceId: null,
      spaceName: null,
      hasChildren: pages > 0,
    })
    for (let page = 0; page < pages; page++) {
      const parent = page % 5 === 0 ? spaceId : `${spaceId}-p${page - (page % 5)}`
      const hasChildren = page % 5 === 0 && page + 1 < pages
      add({
        externalId: `${spaceId}-p${page}`,
        type: 'PAGE',
        name: titleOf(page),
        parentExternalId: parent,
        spaceId,
        spaceName: name,
        hasChildren,
      })
    }
  }
  return items
}

/** Synced pages; one in eleven could not be synced. */
export const memoryPages = (count = 240, connectionId = 1): Page[] =>
  Array.from({ length: count }, (_, index) => {
    const failed = index % 11 === 10
    return {
      id: index + 1,
      connectionId,
      externalId: `p${index}`,
      kind: 'page',
      parentExternalId: null,
      spaceId: `s${(index % 4) + 1}`,
      title: titleOf(index),
      url: `https://acme.atlassian.net/wiki/p${index}`,
      version: failed ? null : 1 + (index % 7),
      status: failed ? 'SYNC_ERROR' : 'READY',
      error: failed ? 'Confluence did not hand this page out.' : null,
      tags: {},
      createdAt: dateOf(index * 7),
      updatedAt: dateOf(index * 13),
      syncedAt: failed ? null : dateOf(299),
      contents: null,
    }
  })

const contains = (text: string | null, part = '') => (text ?? '').toLowerCase().includes(part.toLowerCase())

const matches = (page: Page, { search, status }: PageFilter) =>
  contains(page.title, search) && (!status?.length || status.includes(page.status))

const isSelected = (page: Page, selection: PageSelection) =>
  'ids' in selection
    ? selection.ids.includes(page.id)
    : matches(page, selection.all) && !selection.except?.includes(page.id)

const compareBy = (sort: PageSort, direction: 'asc' | 'desc') => (a: Page, b: Page) => {
  const [x, y] = [a[sort], b[sort]]
  if (x === null || y === null) return x === y ? a.id - b.id : x === null ? 1 : -1
  const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'en')
  return (direction === 'desc' ? -order : order) || a.id - b.id
}

/** One part of a list, and the place where the next begins. */
function part<T>(all: T[], { cursor, limit = 50, total }: { cursor?: string; limit?: number; total?: boolean }) {
  const from = Number(cursor ?? 0)
  const end = from + limit
  return {
    some: all.slice(from, end),
    nextCursor: end < all.length ? String(end) : null,
    total: total ? all.length : null,
  }
}

type ListCall = 'listItems' | 'listPages' | 'resyncPages' | 'deletePages' | 'refreshItems'

/**
 * The half of a memory backend that lists.
 *
 * @param called notes a call, and fails where it was told to
 * @param resyncMs how long a page that is fetched again takes
 */
export function createMemoryLists(
  options: MemoryLists,
  called: (call: ListCall, options?: CallOptions) => Promise<void>,
  resyncMs: number,
): Pick<Backend, ListCall> {
  const items = options.items ?? memoryItems()
  let pages = [...(options.pages ?? memoryPages())]

  const setStatus = (ids: ReadonlySet<number>, status: PageStatus) => {
    pages = pages.map((page) => (ids.has(page.id) ? { ...page, status, error: null } : page))
  }

  return {
    async refreshItems(_, call) {
      await called('refreshItems', call)
    },
    async listItems(_, query, call) {
      await called('listItems', call)
      const { parent = null, search, sort = 'id' } = query
      const found = items.filter((item) => (search ? contains(item.name, search) : item.parentExternalId === parent))
      if (sort === 'name') found.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.id - b.id)
      const { some, ...rest } = part(found, query)
      return { items: some, ...rest }
    },
    async listPages(query, call) {
      await called('listPages', call)
      const found = pages
        .filter((page) => matches(page, query))
        .sort(compareBy(query.sort ?? 'id', query.direction ?? 'asc'))
      const { some, ...rest } = part(found, query)
      return { pages: some, ...rest }
    },
    async resyncPages(_, selection, call) {
      await called('resyncPages', call)
      const ids = new Set(pages.filter((page) => isSelected(page, selection)).map(({ id }) => id))
      setStatus(ids, 'QUEUED_FOR_SYNC')
      setTimeout(() => setStatus(ids, 'READY'), resyncMs)
      return { count: ids.size }
    },
    async deletePages(_, selection, call) {
      await called('deletePages', call)
      const before = pages.length
      pages = pages.filter((page) => !isSelected(page, selection))
      return { count: before - pages.length }
    },
  }
}
