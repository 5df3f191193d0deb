import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { document, operations } from './document.ts'
import { encodeJson, MARKER, RawJson } from './hostile-values.ts'
import type { Pools } from './pools.ts'
import { mutatedBody, validBody } from './requests.ts'
import { requestsTo } from './transport.ts'

const pools: Pools = {
  files: [1, 2],
  dataSources: [3],
  items: [4],
  externals: ['65538'],
  urls: ['https://acme.atlassian.net/wiki/x'],
  names: ['Release 1.2'],
  requests: ['r'],
  uploads: ['u'],
  webhooks: [5],
  whiteLabels: [6],
  customers: ['customer-1'],
  users: [7],
  tokens: ['t'],
  receivers: ['http://127.0.0.1:1/hook'],
}
const ajv = new Ajv2020({ strict: false, validateSchema: false }).addSchema(document, 'carbon')
const withBody = operations.filter(({ request }) => request)

describe('requests made of the document', () => {
  it.each(withBody.map((operation) => [operation.name, operation] as const))('%s: valid ones are', (_, operation) => {
    const place = ['paths', operation.path, 'post', 'requestBody', 'content', 'application/json', 'schema']
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll('/', '~1'))).join('/')
    const validate = ajv.compile({ $ref: `carbon#/${pointer}` })
    fc.assert(
      fc.property(validBody(operation, pools) ?? fc.constant(undefined), (body) => {
        expect(validate(body), JSON.stringify(validate.errors)).toBe(true)
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it('holds ids that exist, absent keys, nulls, and what was not asked for', () => {
    const operation = operations.find(({ path }) => path === '/user_files_v2')
    const body = operation && validBody(operation, pools, 'lax')
    const sample = fc.sample(body ?? fc.constant(null), { seed: 1, numRuns: 300 }).map((value) => JSON.stringify(value))
    for (const part of ['"ids":[1', '"ids":["2"', '"ids":null', '"true"', `${MARKER}_extra`, '"negate":', '{}'])
      expect(
        sample.some((text) => text.includes(part)),
        part,
      ).toBe(true)
  })

  it('is repeatable, and changes what was valid', () => {
    const [operation] = withBody
    const body = (operation && validBody(operation, pools)) ?? fc.constant(null)
    const sample = () => fc.sample(mutatedBody(body), { seed: 1, numRuns: 50 }).map(encodeJson)
    const first = sample()
    expect(sample().every((text, index) => text === first[index])).toBe(true)
    expect(new Set(first).size).toBeGreaterThan(30)
  })

  it('sends every kind to every operation', () => {
    const sender = { apiKey: 'k', customerId: 'c', accessToken: 't', pools }
    for (const operation of operations) {
      const kinds = new Set(
        fc.sample(requestsTo(operation, sender), { seed: 1, numRuns: 600 }).map((request) => request.kind),
      )
      expect(kinds.size, operation.name).toBe(9)
    }
  })
})

it('encodeJson writes what JSON.stringify cannot', () => {
  expect(encodeJson({ a: [1, null, 'é"'], b: new RawJson('1e400'), c: undefined })).toBe(
    '{"a":[1,null,"é\\""],"b":1e400}',
  )
})
