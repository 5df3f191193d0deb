import fc from 'fast-check'

/** In every text that a request carries: an error that repeats it repeats what a caller sent. */
export const MARKER = 'mrkq7z'

/** JSON that `JSON.stringify` cannot write: numbers out of range, nesting too deep for it, keys twice. */
export class RawJson {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Writes JSON with the raw parts in it. */
export function encodeJson(value: unknown): string {
  if (value instanceof RawJson) return value.text
  if (Array.isArray(value)) return `[${value.map(encodeJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${encodeJson(member)}`).join(',')}}`
}

const nestedLists = (depth: number) => new RawJson('['.repeat(depth) + ']'.repeat(depth))
const nestedObjects = (depth: number) => new RawJson(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
const nestedConditions = (depth: number) =>
  new RawJson(`${'{"AND":['.repeat(depth)}{"key":"a","value":1}${']}'.repeat(depth)}`)

const numbers = [
  0,
  -0,
  -1,
  1.5,
  -2.75,
  1e-7,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 32 + 1,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53) - 2,
  1e21,
  1e308,
  new RawJson('1e400'),
  new RawJson('-1e400'),
  new RawJson('123456789012345678901234567890'),
  new RawJson('1E2'),
]

const texts = [
  '',
  ' ',
  '5',
  ' 5 ',
  '-7',
  '1e3',
  '0x10',
  '5.0',
  'NaN',
  'Infinity',
  'true',
  'null',
  `${MARKER}\u0000`,
  '\u0000',
  `${MARKER}\ud800`,
  `\udfff${MARKER}`,
  `${MARKER}\ud83d\udca9\u202e\u200b\ufeff`,
  `${MARKER}'; drop table pages; --`,
  `${MARKER}' or '1'='1`,
  `${MARKER}%_\\`,
  `<img src=x onerror=alert('${MARKER}')>`,
  `</script><script>${MARKER}</script>`,
  `../../${MARKER}`,
  `${MARKER}\r\nset-cookie: a=b`,
  `\${${MARKER}} {{${MARKER}}} %s%n`,
  `http://${MARKER}.example/`,
  'javascript:alert(1)',
  'http://[::1',
  '__proto__',
  'constructor',
  '2024-13-45T99:99:99Z',
  MARKER.repeat(60),
  MARKER.repeat(6_000),
]

const structures = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  [MARKER],
  [1, MARKER, null, {}],
  { [MARKER]: MARKER },
  { length: 3 },
  new RawJson('{"__proto__":{"polluted":true}}'),
  new RawJson('{"constructor":{"prototype":{"polluted":true}}}'),
  new RawJson('{"toString":1,"hasOwnProperty":2}'),
  new RawJson(`{"a":1,"a":"${MARKER}"}`),
  Array.from({ length: 101 }, (_, index) => index),
  Array.from({ length: 5_000 }, () => MARKER),
  Array.from({ length: 70_000 }, () => 1),
  nestedLists(40),
  nestedObjects(40),
  nestedLists(2_000),
  nestedObjects(2_000),
  nestedLists(100_000),
  nestedObjects(100_000),
  nestedConditions(3),
  nestedConditions(4),
  nestedConditions(3_000),
  { AND: [] },
  { OR: [{}] },
  { AND: [{ key: 1, value: {} }] },
  { AND: [], OR: [] },
]

/** A value that belongs nowhere, or that is at the edge of what does. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...numbers) },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...texts) },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...structures) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => MARKER + text) },
)

/** A key that no schema has. */
export const hostileKey = fc.constantFrom(
  '',
  MARKER,
  '__proto__',
  'constructor',
  'toString',
  `${MARKER}\u0000`,
  `${MARKER}\ud800`,
  `<b>${MARKER}</b>`,
  MARKER.repeat(500),
  '0',
  'a.b',
)
