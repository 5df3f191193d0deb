import fc from 'fast-check'
import { type JsonSchema, type Operation, resolve } from './document.ts'
import { hostileKey, hostileValue, MARKER, RawJson } from './hostile-values.ts'
import { known, type Pools } from './pools.ts'

/** How close to the document a body stays. `lax` is what Carbon took as well: "5" for 5, and keys that it did not know. */
export type Strictness = 'strict' | 'lax'

interface Context {
  operation: Operation
  pools: Pools
  strictness: Strictness
  field: string
  depth: number
}

const MAX_INT32 = 2 ** 31 - 1

/** Of a union of sources, the ones that this server is for. */
const preferred = /\/(ConfluenceAuthentication|WhiteLabelInput)$/

const text = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.boolean())
  .map(([end, spaced]) => `${MARKER}${spaced ? ' ' : ''}${end}`)

const tagKey = fc.constantFrom('team', 'year', 'open', `${MARKER}-key`)
const tagScalar = fc.oneof(fc.constantFrom('search', '4', ''), text, fc.integer({ min: -5, max: 2100 }), fc.boolean())
const anyObject = fc.dictionary(tagKey, fc.oneof(tagScalar, fc.array(tagScalar, { maxLength: 3 }), fc.constant(null)), {
  maxKeys: 3,
})

/** The filter grammar for tags, which no schema holds: AND and OR at the top, three levels at most. */
const condition = (depth: number): fc.Arbitrary<unknown> => {
  const leaf = fc.record(
    { key: tagKey, value: fc.oneof(tagScalar, fc.array(tagScalar, { maxLength: 3 })), negate: fc.boolean() },
    { requiredKeys: ['key', 'value'] },
  )
  return depth === 0 ? leaf : fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: junction(depth) })
}
const junction = (depth: number) =>
  fc
    .tuple(fc.constantFrom('AND', 'OR'), fc.array(condition(depth - 1), { minLength: 1, maxLength: 3 }))
    .map(([word, nodes]) => ({ [word]: nodes }))

const isTagFilter = ({ field, operation }: Context) =>
  field === 'tags_v2' || (field === 'tags' && /^\/(user_)?data_sources$/.test(operation.path))

function scalar(context: Context, values: fc.Arbitrary<unknown>, lax: (value: unknown) => unknown) {
  return context.strictness === 'strict'
    ? values
    : fc.tuple(values, fc.boolean()).map(([value, isLax]) => (isLax ? lax(value) : value))
}

function integer(schema: JsonSchema, context: Context) {
  const least = schema.exclusiveMinimum === undefined ? schema.minimum : schema.exclusiveMinimum + 1
  const min = least ?? 0
  const numbers = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min, max: 300 }) },
    { weight: 1, arbitrary: fc.integer({ min, max: MAX_INT32 }) },
  )
  return scalar(context, context.field === 'auto_sync_interval' ? fc.constantFrom(3, 6, 12, 24, -1) : numbers, String)
}

function object(schema: JsonSchema, context: Context): fc.Arbitrary<unknown> {
  if (isTagFilter(context)) return fc.oneof(junction(2), fc.constant({}))
  const { additionalProperties: members } = schema
  if (!schema.properties)
    return typeof members === 'object'
      ? fc.dictionary(fc.oneof(tagKey, fc.constant('CONFLUENCE')), bySchema(members, deeper(context, '')), {
          maxKeys: 3,
        })
      : anyObject
  const properties = Object.entries(schema.properties).map(
    ([name, member]) => [name, bySchema(member, deeper(context, name))] as const,
  )
  const record = fc.record<Record<string, unknown>>(Object.fromEntries(properties), {
    requiredKeys: schema.required ?? [],
    noNullPrototype: true,
  })
  return context.strictness === 'strict'
    ? record
    : fc
        .tuple(record, fc.boolean())
        .map(([value, more]) => (more ? { ...value, [`${MARKER}_extra`]: [MARKER] } : value))
}

const deeper = (context: Context, field: string): Context => ({ ...context, field, depth: context.depth + 1 })

function bySchema(given: JsonSchema, context: Context): fc.Arbitrary<unknown> {
  const schema = resolve(given)
  if (schema.anyOf) {
    const wanted = schema.anyOf.some(({ $ref }) => preferred.test($ref ?? ''))
    return fc.oneof(
      ...schema.anyOf.map((variant) => ({
        weight: preferred.test(variant.$ref ?? '') ? 40 : variant.type === 'null' && !wanted ? 1 : 2,
        arbitrary: bySchema(variant, context),
      })),
    )
  }
  const values = plain(schema, context)
  const existing = known(context.pools, context.operation, context.field).filter((value) => fits(schema, value))
  return existing.length === 0
    ? values
    : fc.oneof(
        { weight: 6, arbitrary: scalar(context, fc.constantFrom<unknown>(...existing), String) },
        { weight: 1, arbitrary: values },
      )
}

const fits = (schema: JsonSchema, value: string | number) =>
  schema.enum ? schema.enum.includes(value) : schema.type === (typeof value === 'number' ? 'integer' : 'string')

function plain(schema: JsonSchema, context: Context): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.type === 'null') return fc.constant(null)
  if (schema.type === 'boolean') return scalar(context, fc.boolean(), String)
  if (schema.type === 'integer') return integer(schema, context)
  if (schema.type === 'string') return text
  if (schema.type === 'array')
    return fc.array(bySchema(schema.items ?? {}, context), { maxLength: Math.min(schema.maxItems ?? 4, 4) })
  if (schema.type === 'object') return object(schema, context)
  return fc.oneof(tagScalar, anyObject, fc.constant(null))
}

/** Bodies that the document allows, half of all optional keys in each. Undefined where the operation takes none. */
export function validBody(
  operation: Operation,
  pools: Pools,
  strictness: Strictness = 'strict',
): fc.Arbitrary<unknown> | undefined {
  return operation.request && bySchema(operation.request, { operation, pools, strictness, field: '', depth: 0 })
}

type Container = Record<string, unknown> | unknown[]

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null && !(value instanceof RawJson)

/** Every place in a value: who holds it and under which key. */
function places(root: Container): [Container, string][] {
  return Object.entries(root).flatMap(([key, value]) => [
    [root, key] as [Container, string],
    ...(isContainer(value) ? places(value) : []),
  ])
}

/** Values are shared between requests, and what is done to one must not be seen in the next. */
const copy = (value: unknown): unknown => {
  if (!isContainer(value)) return value
  return Array.isArray(value)
    ? value.map(copy)
    : Object.fromEntries(Object.entries(value).map(([k, v]) => [k, copy(v)]))
}

/** Sets a key without what assigning `__proto__` would do. */
const set = (holder: Container, key: string, value: unknown) =>
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })

const edits: Record<string, (holder: Container, at: string, key: string, value: unknown) => void> = {
  replace: (holder, at, _, value) => set(holder, at, value),
  wrap: (holder, at) => set(holder, at, [Reflect.get(holder, at)]),
  remove(holder, at) {
    if (Array.isArray(holder)) holder.splice(Number(at), 1)
    else Reflect.deleteProperty(holder, at)
  },
  add(holder, at, key, value) {
    const inside = Reflect.get(holder, at)
    const target = isContainer(inside) ? inside : holder
    if (Array.isArray(target)) target.push(value)
    else set(target, key, value)
  },
}

const mutation = fc.record({
  place: fc.nat(),
  edit: fc.constantFrom('replace', 'replace', 'replace', 'replace', 'remove', 'wrap', 'add', 'add'),
  key: hostileKey,
  value: hostileValue,
})

/** Bodies that were valid before one to three things in them were changed. */
export const mutatedBody = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(valid, fc.array(mutation, { minLength: 1, maxLength: 3 })).map(([body, mutations]) => {
    const root: Record<string, unknown> = { body: copy(body) }
    for (const { place, edit, key, value } of mutations) {
      const all = places(root)
      const [holder, at] = all[place % all.length] ?? [root, 'body']
      edits[edit]?.(holder, at, key, copy(value))
    }
    return root.body
  })
