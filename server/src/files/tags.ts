import { type Expression, type SqlBool, sql } from 'kysely'
import type { Tags } from '../db/schema.ts'

// Tags of files and data sources, and the filters over them (Carbon contract, section 5).

/** Text of a value; undefined where there is none. Throws a RangeError where it is nested beyond all measure. */
const word = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? value
    : value === null || value === undefined
      ? undefined
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)

const words = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).map(word).filter((each) => each !== undefined)

/** Tags as they are stored: strings or lists of strings, as Carbon turned everything into them. A null is no tag. */
export function toTags(input: unknown): Tags {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return {}
  return Object.fromEntries(
    Object.entries(input).flatMap(([key, value]): [string, string | string[]][] => {
      if (Array.isArray(value)) return [[key, words(value)]]
      const text = word(value)
      return text === undefined ? [] : [[key, text]]
    }),
  )
}

/** Keys that Carbon kept for itself; some of its clients still rely on the refusal. */
export const RESERVED_KEYS = ['db_embedding_id', 'organization_id', 'user_id', 'organization_user_file_id']

/** One condition of a tree, or a group of them. */
export type TagNode = { key: string; values: string[]; negate: boolean } | { all: boolean; nodes: TagNode[] }

export type ParsedTagTree = { ok: true; node: TagNode } | { ok: false; problem: string }

/** Groups inside each other, as Carbon's document limits them. */
const MAX_DEPTH = 3
/** Groups, conditions and values in one filter: each is a part of the SQL. */
const MAX_PARTS = 200
const TOO_MANY = `A filter may have ${MAX_PARTS} conditions and values.`

const refuse = (problem: string): ParsedTagTree => ({ ok: false, problem })

/** A value that is nested beyond all measure cannot be written down, and so not compared. */
function written(parse: () => ParsedTagTree): ParsedTagTree {
  try {
    return parse()
  } catch {
    return refuse('A value is nested too deep.')
  }
}

/** Reads `{"AND": […]}` or `{"OR": […]}`. */
export const parseTagTree = (input: unknown): ParsedTagTree => written(() => readTree(input))

function readTree(input: unknown): ParsedTagTree {
  let parts = 0

  function group(value: object, depth: number): ParsedTagTree {
    const keys = Object.keys(value)
    const [key] = keys
    if (keys.length !== 1 || (key !== 'AND' && key !== 'OR'))
      return refuse('A group has exactly one key, "AND" or "OR".')
    if (depth > MAX_DEPTH) return refuse(`Groups may be nested ${MAX_DEPTH} deep.`)
    const list = (value as Record<string, unknown>)[key]
    if (!Array.isArray(list) || list.length === 0) return refuse(`"${key}" takes a list of at least one condition.`)
    const children: TagNode[] = []
    for (const child of list) {
      const parsed = node(child, depth)
      if (!parsed.ok) return parsed
      children.push(parsed.node)
    }
    return { ok: true, node: { all: key === 'AND', nodes: children } }
  }

  function node(value: unknown, depth: number): ParsedTagTree {
    parts += 1
    if (parts > MAX_PARTS) return refuse(TOO_MANY)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return refuse('A condition is an object with "key" and "value", or a group.')
    if (!('key' in value)) return group(value, depth + 1)
    const { key, value: wanted, negate } = value as { key: unknown; value?: unknown; negate?: unknown }
    if (typeof key !== 'string') return refuse('"key" must be text.')
    if (wanted === undefined) return refuse('A condition needs a "value".')
    if (negate !== undefined && negate !== null && typeof negate !== 'boolean')
      return refuse('"negate" must be true or false.')
    const values = words(wanted)
    parts += Math.max(0, values.length - 1)
    if (parts > MAX_PARTS) return refuse(TOO_MANY)
    return { ok: true, node: { key, values, negate: negate === true } }
  }

  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return refuse('The filter must be an object with "AND" or "OR" at its top.')
  return group(input, 1)
}

/** The deprecated form: every key must have its value, or one of them. */
export const parseTagMap = (input: Record<string, unknown>): ParsedTagTree => written(() => readMap(input))

function readMap(input: Record<string, unknown>): ParsedTagTree {
  const nodes = Object.entries(input).map(([key, value]) => ({ key, values: words(value), negate: false }))
  const parts = nodes.reduce((sum, { values }) => sum + Math.max(1, values.length), 0)
  return parts > MAX_PARTS ? refuse(TOO_MANY) : { ok: true, node: { all: true, nodes } }
}

/**
 * A filter as SQL. A list of values means any of them, and so does a list that is stored. A missing key matches no value, so a
 * negated condition holds for it. Containment is what an index on the column can answer.
 *
 * In brackets as a whole: callers join it to other conditions, among them whose rows these are.
 */
export function tagCondition(column: string, node: TagNode): Expression<SqlBool> {
  if ('nodes' in node) {
    const parts = node.nodes.map((child) => tagCondition(column, child))
    return parts.length === 0
      ? sql<boolean>`true`
      : sql<boolean>`(${sql.join(parts, node.all ? sql` and ` : sql` or `)})`
  }
  const { key, values, negate } = node
  const holds = values.flatMap((value) => [
    sql`${sql.ref(column)} @> ${JSON.stringify({ [key]: value })}::jsonb`,
    sql`${sql.ref(column)} @> ${JSON.stringify({ [key]: [value] })}::jsonb`,
  ])
  const any = holds.length === 0 ? sql`false` : sql.join(holds, sql` or `)
  return negate ? sql<boolean>`(not (${any}))` : sql<boolean>`(${any})`
}
