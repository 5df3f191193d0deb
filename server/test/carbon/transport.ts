import fc from 'fast-check'
import type { Operation } from './document.ts'
import { encodeJson, hostileValue, MARKER } from './hostile-values.ts'
import { known, type Pools } from './pools.ts'
import { mutatedBody, validBody } from './requests.ts'

/** A request as it goes over the wire. */
export interface WireRequest {
  operation: Operation
  /** What was done to it. */
  kind: string
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer | undefined
}

/** Who sends. */
export interface Sender {
  apiKey: string
  customerId: string
  accessToken: string
  pools: Pools
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** Headers in bytes: Node's client takes a character for each. */
const utf8 = (text: string) => Buffer.from(text).toString('latin1')

function credentials({ credentials: kind }: Operation, { apiKey, customerId, accessToken }: Sender) {
  const key = { authorization: `Bearer ${apiKey}` }
  const customer = { ...key, 'customer-id': customerId }
  if (kind === 'customer') return fc.constant(customer)
  if (kind === 'organization') return fc.constantFrom<Record<string, string>>(key, customer)
  const token = { authorization: `Token ${accessToken}` }
  return fc.constantFrom<Record<string, string>>(customer, token, {
    authorization: `token ${MARKER}, Token ${accessToken}`,
  })
}

function brokenCredentials({ apiKey, customerId, accessToken }: Sender): fc.Arbitrary<Record<string, string>> {
  const key = { authorization: `Bearer ${apiKey}` }
  const authorizations = [
    '',
    ' ',
    ',',
    ', ,,',
    MARKER,
    'Bearer',
    'Bearer ',
    'Token',
    `Basic ${Buffer.from(`${MARKER}:x`).toString('base64')}`,
    `Bearer ${MARKER}`,
    `Token ${MARKER}`,
    `Token ${MARKER}.${MARKER}.${MARKER}`,
    `Token ${accessToken}x`,
    `Token ${accessToken.slice(0, -2)}`,
    `Token eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.`,
    `Token ${accessToken}, Token ${MARKER}`,
    `Token ${MARKER}, Token ${accessToken}`,
    `Bearer ${MARKER}, Bearer ${apiKey}`,
    `Token ${apiKey}`,
    `Bearer ${accessToken}`,
    `Bearer ${apiKey} ${MARKER}`,
    `bEaReR   ${apiKey}`,
    `Bearer '; drop table api_keys; -- ${MARKER}`,
    utf8(`Bearer ключ-${MARKER}`),
    `Bearer ${MARKER.repeat(1_000)}`,
    `Token ${'a.'.repeat(3_000)}`,
    `${'Token x,'.repeat(1_000)}`,
  ]
  const customers = [
    '',
    ' ',
    MARKER.repeat(90),
    MARKER.repeat(1_500),
    utf8(`Ünï-客户-💩-${MARKER}`),
    `\xff\xfe${MARKER}`,
    utf8(`\ufeff${MARKER}`),
    `${MARKER}, ${MARKER}`,
    `<img src=x onerror=alert('${MARKER}')>`,
    `'; drop table users; -- ${MARKER}`,
    '__proto__',
    '0',
    'null',
    `\t${customerId}\t`,
  ]
  return fc.oneof(
    fc.constantFrom(...authorizations).map((authorization) => ({ authorization, 'customer-id': customerId })),
    fc.constantFrom(...customers).map((id) => ({ ...key, 'customer-id': id })),
    fc.constantFrom<Record<string, string>>({}, { 'customer-id': customerId }, key),
  )
}

const bytes = (text: string) => Buffer.from(text)

/** Bodies that are no JSON, or JSON that is no object. */
const brokenBodies: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .constantFrom(
      ...[
        '',
        ' ',
        '{',
        '{"a":',
        '[',
        '"',
        `{'a':1}`,
        `${MARKER}`,
        'undefined',
        'NaN',
        '{"a":1,}',
        '{"a":1}{"b":2}',
        '<xml/>',
      ],
      ...['null', 'true', '0', '-1', `"${MARKER}"`, '[]', '[[]]', '[{}]', '1e400', '{"":{}}', `{"__proto__":{"a":1}}`],
      `${MARKER}=1&data_source_id=1`,
      `${'['.repeat(200_000)}`,
      `${'[{"a":'.repeat(50_000)}`,
      `{"filters":{"name":"${MARKER.repeat(180_000)}"}}`,
      `{"a":"\u0000"}`,
      `{"a":"\\ud800"}`,
    )
    .map(bytes),
  fc.constantFrom(
    Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    Buffer.from('{"data_source_id":1}', 'utf16le'),
    Buffer.alloc(2_000),
  ),
)

const contentTypes = fc.constantFrom<Record<string, string>>(
  {},
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json;charset=UTF-8',
    'application/vnd.api+json',
    'APPLICATION/JSON',
    'application/jsonp',
    'application',
    ';',
    '',
    `x/${MARKER}`,
  ].map((type) => ({ 'content-type': type })),
)

const strangeIds = [
  '0',
  '-1',
  '1.5',
  '2147483647',
  '2147483648',
  '9007199254740993',
  '99999999999999999999999',
  '1e3',
  '0x1',
  '%201',
  '%00',
  '%ff',
  '%E0%A4%A',
  '%',
  '..',
  '%2e%2e%2f',
  '1%2F2',
  'NaN',
  'null',
  '__proto__',
  "1'%20or%20'1'='1",
  `${MARKER}`,
  `%3Cimg%20src%3Dx%3E${MARKER}`,
  '%F0%9F%92%A9',
  'x'.repeat(4_000),
]

const withParameter = (operation: Operation, value: string) => operation.path.replace(/\{\w+\}/, () => value)

function validPath(operation: Operation, { pools }: Sender): fc.Arbitrary<string> {
  const [parameter] = operation.parameters
  if (!parameter) return fc.constant(operation.path)
  const existing = known(pools, operation, parameter)
  return fc
    .oneof(fc.constantFrom<unknown>(...existing, 1), fc.integer({ min: 1, max: 2 ** 31 - 1 }))
    .map((id) => withParameter(operation, String(id)))
}

const anyMethod = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'QUERY')

function strangePath(operation: Operation): fc.Arbitrary<string> {
  const path = withParameter(operation, '1')
  const shapes = [
    `${path}/`,
    `/${path}`,
    `${path}%20`,
    `${path}/..`,
    path.toUpperCase(),
    `${path}?${MARKER}=1&__proto__[a]=1`,
  ]
  return operation.parameters.length > 0
    ? fc.constantFrom(...strangeIds.map((id) => withParameter(operation, id)), ...shapes)
    : fc.constantFrom(...shapes)
}

/** Where no body belongs, nobody reads a long one to its end, and the connection is lost with the answer on it. */
const isShort = (body: Buffer | undefined) => (body?.length ?? 0) < 50_000

/** The requests of one sender to one operation, valid and not. */
export function requestsTo(operation: Operation, sender: Sender): fc.Arbitrary<WireRequest> {
  const strict = validBody(operation, sender.pools)
  const lax = validBody(operation, sender.pools, 'lax')
  const encode = (body: fc.Arbitrary<unknown> | undefined): fc.Arbitrary<Buffer | undefined> =>
    body ? body.map((value) => bytes(encodeJson(value))) : fc.constant(undefined)
  const typed = (headers: Record<string, string>, body: unknown) => ({ ...headers, ...(body ? JSON_TYPE : {}) })
  const good = { headers: credentials(operation, sender), path: validPath(operation, sender), body: encode(strict) }
  const method = fc.constant(operation.method)

  const make = (
    kind: string,
    parts: Partial<typeof good> & { method?: fc.Arbitrary<string>; types?: typeof contentTypes },
  ) => {
    const { headers, path, body } = { ...good, ...parts }
    return fc.tuple(parts.method ?? method, path, headers, body, parts.types ?? fc.constant(undefined)).map(
      ([method, path, headers, body, types]): WireRequest => ({
        operation,
        kind,
        method,
        path,
        headers: types ? { ...headers, ...types } : typed(headers, body),
        body,
      }),
    )
  }
  const hostileBody = strict && lax ? encode(mutatedBody(fc.oneof(strict, lax))) : encode(hostileValue).filter(isShort)
  return fc.oneof(
    { weight: 6, arbitrary: make('valid', {}) },
    { weight: 3, arbitrary: make('lax', { body: encode(lax) }) },
    { weight: 8, arbitrary: make('mutated', { body: hostileBody }) },
    { weight: 1, arbitrary: make('broken body', { body: brokenBodies }) },
    { weight: 1, arbitrary: make('content type', { types: contentTypes }) },
    { weight: 1, arbitrary: make('broken body and content type', { body: brokenBodies, types: contentTypes }) },
    { weight: 2, arbitrary: make('credentials', { headers: brokenCredentials(sender) }) },
    { weight: operation.parameters.length > 0 ? 5 : 1, arbitrary: make('path', { path: strangePath(operation) }) },
    { weight: 1, arbitrary: make('method', { method: anyMethod }) },
  )
}
