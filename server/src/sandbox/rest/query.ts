import { type Answer, invalidParameter } from './answer.ts'

/** How one query parameter is read. Returns undefined for what it cannot accept. */
export interface Parameter<T> {
  /** The type that the error message names. */
  expected: string
  /** What is accepted, for the error's detail. */
  detail: string
  /** Values as given, `a=1&a=2` and `a=1,2` alike; empty where the parameter is absent. */
  read(values: readonly string[]): T | undefined
}

/** The parameters of an endpoint. */
export type Parameters = Record<string, Parameter<unknown>>

/** The values that a table of parameters gives. */
export type Values<P extends Parameters> = { [K in keyof P]: P[K] extends Parameter<infer T> ? T : never }

/** Reads all parameters of a table, or answers with the error of the first bad one. Unknown parameters are ignored, as Confluence does. */
export function readQuery<P extends Parameters>(
  given: URLSearchParams,
  parameters: P,
): { ok: true; values: Values<P> } | { ok: false; answer: Answer } {
  const values: Record<string, unknown> = {}
  for (const [name, parameter] of Object.entries(parameters)) {
    const all = given.getAll(name).flatMap((value) => value.split(','))
    const value = parameter.read(all)
    if (value === undefined) return { ok: false, answer: invalidParameter(name, parameter.expected, parameter.detail) }
    values[name] = value
  }
  return { ok: true, values: values as Values<P> }
}

const digits = /^\d{1,16}$/

/** `limit`: 1 to 250, 25 where absent. */
export const limit: Parameter<number> = {
  expected: 'integer',
  detail: 'The limit must be between 1 and 250.',
  read: ([value = '25']) =>
    digits.test(value) && Number(value) >= 1 && Number(value) <= 250 ? Number(value) : undefined,
}

/** A list of numeric ids; null where absent. */
export const ids = (most: number): Parameter<ReadonlySet<number> | null> => ({
  expected: 'List<Long>',
  detail: `At most ${most} numeric ids can be given.`,
  read: (values) => {
    if (values.length === 0) return null
    return values.length <= most && values.every((value) => digits.test(value))
      ? new Set(values.map(Number))
      : undefined
  },
})

/** A list of texts; null where absent. */
export const texts = (most: number): Parameter<ReadonlySet<string> | null> => ({
  expected: 'List<String>',
  detail: `At most ${most} values can be given.`,
  read: (values) => (values.length === 0 ? null : values.length <= most ? new Set(values) : undefined),
})

/** One text, which may hold commas; null where absent. */
export const text: Parameter<string | null> = {
  expected: 'String',
  detail: 'Give one value.',
  read: (values) => (values.length === 0 ? null : values.join(',')),
}

/** One of the named values; `absent` where it is not given. */
export const oneOf = <T extends string, D extends T | null>(
  expected: string,
  allowed: readonly T[],
  absent: D,
): Parameter<T | D> => ({
  expected,
  detail: `One of: ${allowed.join(', ')}.`,
  read: ([value]) => (value === undefined ? absent : allowed.find((each) => each === value)),
})

/** Any of the named values; `absent` where none is given. */
export const someOf = <T extends string>(
  expected: string,
  allowed: readonly T[],
  absent: readonly T[],
): Parameter<ReadonlySet<T>> => ({
  expected,
  detail: `Any of: ${allowed.join(', ')}.`,
  read: (values) => {
    const known = values.map((value) => allowed.find((each) => each === value))
    return known.includes(undefined) ? undefined : new Set(values.length ? (known as T[]) : absent)
  },
})

/** `true` or `false`. */
export const flag = (absent: boolean): Parameter<boolean> => ({
  expected: 'boolean',
  detail: 'true or false.',
  read: ([value]) => (value === undefined ? absent : value === 'true' ? true : value === 'false' ? false : undefined),
})

/** A whole number from 1; null where absent. */
export const number: Parameter<number | null> = {
  expected: 'integer',
  detail: 'A whole number from 1.',
  read: ([value]) =>
    value === undefined ? null : digits.test(value) && Number(value) >= 1 ? Number(value) : undefined,
}

/** How a list is ordered: `name`, or `-name` for descending. */
export interface Sort<T extends string> {
  by: T
  descending: boolean
}

/** `sort`; by `allowed[0]`, ascending, where absent. */
export const sort = <T extends string>(allowed: readonly [T, ...T[]]): Parameter<Sort<T>> => ({
  expected: 'SortOrder',
  detail: `One of: ${allowed.join(', ')}; with a minus in front for descending order.`,
  read: ([value]) => {
    const descending = value?.startsWith('-') ?? false
    const by = value === undefined ? allowed[0] : allowed.find((each) => each === value.slice(descending ? 1 : 0))
    return by && { by, descending }
  },
})
