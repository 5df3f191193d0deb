import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { HttpError } from './errors.ts'
import { MAX_INT } from './lax.ts'

// Lists in an order of their own that go on after the last row that was seen, at the same cost wherever they are. Where an order has
// rows that no key can compare, such as those without a date, the list has parts that follow each other.

/** Where a row stands: in which part of its list, with which key, under which id. */
export interface Place {
  part: number
  key: string
  id: number
}

/** A cursor as it was given: the list that it belongs to, or null for one by id, and the last row that was seen. */
export interface Given {
  list: string | null
  place: Place
}

/** A title is at most 255 characters, which take up to four bytes each, and a third more as base64. */
const MAX_CURSOR = 4_000
const inner = z.tuple([z.string(), z.number().int().min(0), z.string(), z.number().int().min(0).max(MAX_INT)])

function parse(text: string): Given | undefined {
  if (/^\d{1,10}$/.test(text))
    return Number(text) > MAX_INT ? undefined : { list: null, place: { part: 0, key: '', id: Number(text) } }
  try {
    const parsed = inner.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    if (!parsed.success) return undefined
    const [list, part, key, id] = parsed.data
    return { list, place: { part, key, id } }
  } catch {
    return undefined
  }
}

/** Where a list goes on, in a query. */
export const keysetCursor = z
  .string()
  .max(MAX_CURSOR)
  .transform((text, context): Given => {
    const given = parse(text)
    if (given) return given
    context.addIssue({ code: 'custom', message: 'That is no cursor: send nextCursor as it was answered.' })
    return z.NEVER
  })
  .optional()
  .openapi({ type: 'string', description: '`nextCursor` of the list before, with all else the same.' })

/** A list's name, made from all that decides what is in it and in which order. */
export const listName = (...parts: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12)

const notOfThisList = () =>
  new HttpError(
    400,
    'unknown',
    'This cursor is of another list: it goes on with the same sort, direction and filters only. Start again without it.',
  )

/**
 * The place that a cursor means.
 *
 * @param list null for a list by id from the first on, whose cursors are plain ids
 * @param isPlace whether such a row can be there: cursors are not signed
 * @throws HttpError 400 where the cursor is of another list
 */
export function placeOf(
  cursor: Given | undefined,
  list: string | null,
  isPlace: (place: Place) => boolean = () => true,
): Place | undefined {
  if (!cursor) return undefined
  if (cursor.list !== list || !isPlace(cursor.place)) throw notOfThisList()
  return cursor.place
}

const cursorOf = (list: string | null, { part, key, id }: Place): string =>
  list === null ? String(id) : Buffer.from(JSON.stringify([list, part, key, id])).toString('base64url')

/** One part of a list: its rows after a place, in order. */
export type Part<Row> = (after: Place | undefined, limit: number) => Promise<Row[]>

/** One answer's rows and the cursor after them; null at the end. */
export async function readParts<Row extends { id: number; sort_key: string | null }>(
  list: string | null,
  parts: readonly Part<Row>[],
  { after, limit }: { after: Place | undefined; limit: number },
): Promise<{ rows: Row[]; nextCursor: string | null }> {
  const found: { row: Row; part: number }[] = []
  for (const [part, read] of parts.entries()) {
    // One more than is shown: whether there is a next page.
    const wanted = limit + 1 - found.length
    if (wanted === 0) break
    if (after && part < after.part) continue
    for (const row of await read(after?.part === part ? after : undefined, wanted)) found.push({ row, part })
  }
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown.map(({ row }) => row),
    nextCursor:
      found.length > limit && last
        ? cursorOf(list, { part: last.part, key: last.row.sort_key ?? '', id: last.row.id })
        : null,
  }
}
