import type { Page } from './world.ts'

/** What lists can be ordered by; the same names as Confluence's `sort`. */
export type Order = 'id' | 'created-date' | 'modified-date' | 'title'

/** The value by which an order compares. Equal values are ordered by id. */
export const orderValue: Record<Order, (page: Page) => number | string> = {
  id: (page) => page.id,
  'created-date': (page) => page.createdAt,
  'modified-date': (page) => page.modifiedAt,
  title: (page) => page.title,
}

/** Where something stands in an order: the value compared, then the id. */
export type Position = readonly [value: number | string, id: number]

/** Compares two positions in an order, for ascending sorts. */
export const comparePositions = (a: Position, b: Position): number => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1])

/** The pages, or the blog posts, of one site. */
export interface Collection {
  readonly size: number
  get(id: number): Page | undefined
  add(page: Page): void
  remove(id: number): void
  /** To be called after any change of a page that is in here. */
  changed(): void
  /** All of them, ascending. Kept until the next change: a walk over 100,000 pages sorts once. */
  sorted(order: Order): readonly Page[]
}

/** An empty collection. */
export function createCollection(): Collection {
  const pages = new Map<number, Page>()
  const views = new Map<Order, readonly Page[]>()
  const sort = (order: Order) => {
    const keyOf = orderValue[order]
    return [...pages.values()].sort((a, b) => comparePositions([keyOf(a), a.id], [keyOf(b), b.id]))
  }
  return {
    get size() {
      return pages.size
    },
    get: (id) => pages.get(id),
    add(page) {
      pages.set(page.id, page)
      views.clear()
    },
    remove(id) {
      pages.delete(id)
      views.clear()
    },
    changed: () => views.clear(),
    sorted(order) {
      const view = views.get(order) ?? sort(order)
      views.set(order, view)
      return view
    },
  }
}
