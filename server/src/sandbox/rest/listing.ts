import { comparePositions, type Position } from '../world/collection.ts'
import type { Sort } from './query.ts'

/** Items in ascending order. */
export interface Ordered<T> {
  items: readonly T[]
  position(item: T): Position
}

/** What a list request asks for. */
export interface Slice<T> {
  sort: Sort<string>
  limit: number
  /** The position after which to go on; null for the start. */
  after: Position | null
  matches(item: T): boolean
}

/** One page of a list, and where the next one starts if there is one. */
export interface Sliced<T> {
  items: T[]
  last: Position | null
}

/** The first index whose item stands after `position`, or not before it where `inclusive`. */
function indexAfter<T>({ items, position: positionOf }: Ordered<T>, position: Position, inclusive: boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    const order = comparePositions(positionOf(items[middle] as T), position)
    if (order < 0 || (order === 0 && !inclusive)) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Keyset paging: goes on after a position, not after a number of rows, so that changes during a walk neither repeat
 * nor skip what stays in place.
 */
export function slice<T>(ordered: Ordered<T>, { sort, limit, after, matches }: Slice<T>): Sliced<T> {
  const { items } = ordered
  const step = sort.descending ? -1 : 1
  const start = sort.descending
    ? (after ? indexAfter(ordered, after, true) : items.length) - 1
    : after
      ? indexAfter(ordered, after, false)
      : 0
  const taken: T[] = []
  for (let index = start; index >= 0 && index < items.length; index += step) {
    const item = items[index] as T
    if (!matches(item)) continue
    if (taken.length === limit) return { items: taken, last: ordered.position(taken.at(-1) as T) }
    taken.push(item)
  }
  return { items: taken, last: null }
}

const orderName = (sort: Sort<string>) => `${sort.descending ? '-' : ''}${sort.by}`

/** The opaque form in which positions travel: base64 of JSON, as recorded from Confluence. */
export const encodeCursor = (sort: Sort<string>, [value, id]: Position): string =>
  Buffer.from(JSON.stringify({ id: String(id), contentOrder: orderName(sort), contentOrderValue: value })).toString(
    'base64',
  )

/** Reads a cursor made for the same order; undefined for anything else. */
export function decodeCursor(sort: Sort<string>, cursor: string): Position | undefined {
  // A plus sign that was not percent-encoded arrives as a blank.
  const base64 = cursor.replaceAll(' ', '+')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined
  try {
    const read: unknown = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
    if (typeof read !== 'object' || read === null) return undefined
    const { id, contentOrder, contentOrderValue: value } = read as Record<string, unknown>
    const known = typeof id === 'string' && /^\d+$/.test(id) && contentOrder === orderName(sort)
    return known && (typeof value === 'number' || typeof value === 'string') ? [value, Number(id)] : undefined
  } catch {
    return undefined
  }
}

/**
 * The relative URL of the next page. It starts with `/wiki` and says nothing of the API's host or the cloud id. The cursor's
 * place among the parameters varies, as it does in recordings.
 *
 * @param path what follows `/wiki/api/v2`
 */
export function nextUrl(path: string, given: URLSearchParams, cursor: string): string {
  const rest = new URLSearchParams(given)
  rest.delete('cursor')
  // Recordings show the padding unescaped; a plus sign would be read as a blank.
  const own = `cursor=${encodeURIComponent(cursor).replaceAll('%3D', '=')}`
  const others = rest.toString()
  const parts = cursor.length % 8 === 0 ? [own, others] : [others, own]
  return `/wiki/api/v2${path}?${parts.filter(Boolean).join('&')}`
}
