import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backend, connect, type Stack, startStack, syncEnd } from '../stack.ts'

let stack: Stack
const call: ReturnType<typeof backend> = (...words) => backend(stack.url)(...words)
const query = async (body: object) => (await call('POST', '/user_files_v2', body)).body

interface Row {
  id: number
  name: string
  external_file_id: string
  external_url: string
  organization_user_data_source_id: number
  request_id: string
  upload_id: string
  file_statistics: { file_size: number }
}

describe('user_files_v2', () => {
  let all: Row[]
  beforeAll(async () => {
    stack = await startStack()
    const { connection } = await connect(stack, call)
    await syncEnd(call, connection.id)
    all = (await query({ pagination: { limit: 250 }, order_by: 'id' })).results
  })
  afterAll(() => stack.close())

  const filters: [string, (row: Row) => object, (row: Row) => (other: Row) => boolean][] = [
    ['ids', (row) => ({ ids: [String(row.id), 2_000_000_000] }), (row) => (other) => other.id === row.id],
    [
      'external_file_ids',
      (row) => ({ external_file_ids: [row.external_file_id] }),
      (row) => (other) => other.id === row.id,
    ],
    ['external_urls', (row) => ({ external_urls: [row.external_url] }), (row) => (other) => other.id === row.id],
    ['name', () => ({ name: 'DB ACCESS' }), () => (other) => other.name.toLowerCase().includes('db access')],
    ['source', () => ({ source: ['NOTION', 'CONFLUENCE'] }), () => () => true],
    ['another source', () => ({ source: 'NOTION' }), () => () => false],
    ['sync_statuses', () => ({ sync_statuses: ['READY'] }), () => () => true],
    ['another status', () => ({ sync_statuses: ['SYNC_ERROR'] }), () => () => false],
    [
      'data source',
      (row) => ({ organization_user_data_source_id: [row.organization_user_data_source_id] }),
      () => () => true,
    ],
    ['another data source', () => ({ organization_user_data_source_id: [99] }), () => () => false],
    ['request_ids', (row) => ({ request_ids: [row.request_id] }), () => () => true],
    ['upload_ids', () => ({ upload_ids: ['none'] }), () => () => false],
    ['an empty list', () => ({ ids: [] }), () => () => false],
    ['nulls', () => ({ ids: null, name: null, source: null }), () => () => true],
  ]
  it.each(filters)('filters by %s', async (_, filter, expected) => {
    const row = all[3] as Row
    const { results, count } = await query({ pagination: { limit: 250 }, order_by: 'id', filters: filter(row) })
    const wanted = all.filter(expected(row)).map(({ id }) => id)
    expect(results.map(({ id }: Row) => id)).toEqual(wanted)
    expect(count).toBe(wanted.length)
  })

  it.each([
    ['name', (row: Row) => row.name],
    ['file_size', (row: Row) => row.file_statistics.file_size],
    ['id', (row: Row) => row.id],
  ] as const)('orders by %s, both ways', async (order_by, key) => {
    const ascending: Row[] = (await query({ pagination: { limit: 250 }, order_by, order_dir: 'asc' })).results
    const descending: Row[] = (await query({ pagination: { limit: 250 }, order_by, order_dir: 'desc' })).results
    expect(descending.map(({ id }) => id)).toEqual(ascending.map(({ id }) => id).reverse())
    if (order_by !== 'name')
      expect(ascending.map(key)).toEqual([...ascending].sort((a, b) => Number(key(a)) - Number(key(b))).map(key))
  })

  it('pages without gaps and cuts what is above the limit', async () => {
    const found: number[] = []
    for (let offset = 0; offset < all.length; offset += 7)
      found.push(
        ...(await query({ pagination: { limit: 7, offset }, order_by: 'id' })).results.map(({ id }: Row) => id),
      )
    expect(found).toEqual(all.map(({ id }) => id))
    expect((await query({ pagination: { limit: 10_000 } })).results.length).toBeLessThanOrEqual(250)
    expect((await query({ pagination: { limit: 0 } })).results).toEqual([])
  })

  it.each([
    ['a limit that is no number', { pagination: { limit: 'many' } }],
    ['an unknown order', { order_by: 'colour' }],
    ['an id beyond 32 bit', { filters: { ids: [3_000_000_000] } }],
    ['101 request ids', { filters: { request_ids: Array.from({ length: 101 }, String) } }],
  ])('refuses %s with 422', async (_, body) => {
    const { status, body: answer } = await call('POST', '/user_files_v2', body)
    expect(status).toBe(422)
    expect(answer.detail[0]).toEqual({
      loc: expect.arrayContaining(['body']),
      msg: expect.any(String),
      type: expect.any(String),
    })
  })

  it.each([
    ['/user_files_v2', { filters: { name: 'a\u0000b' } }],
    ['/user_files_v2', { filters: { external_file_ids: ['\u0000'] } }],
    ['/integrations/oauth_url', { service: 'CONFLUENCE', confluence_subdomain: 'acme', tags: { a: 'x\u0000' } }],
    ['/integrations/oauth_url', { service: 'CONFLUENCE', confluence_subdomain: 'acme', tags: { a: '\ud800' } }],
    ['/v1/flows', { site: 'acme', supersedes: 'x\u0000' }],
  ])('refuses characters that cannot be stored, at %s', async (path, body) => {
    expect((await call('POST', path, body)).status).toBe(400)
  })

  it('refuses a customer id that is too long to be one', async () => {
    expect((await backend(stack.url, 'x'.repeat(6000))('POST', '/user_files_v2', {})).status).toBe(400)
  })

  it('refuses a body that is not JSON with 400', async () => {
    const response = await fetch(`${stack.url}/user_files_v2`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer an-api-key-for-the-tests',
        'customer-id': 'customer-1',
        'content-type': 'application/json',
      },
      body: '{"filters":',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ detail: 'The body is not valid JSON.' })
  })

  it('finds and deletes files of this customer only, whatever the tree of tags', async () => {
    const other = backend(stack.url, 'customer-2')
    const { connection } = await connect(stack, other)
    await syncEnd(other, connection.id)
    const [mine, theirs] = [all[0], (await other('POST', '/user_files_v2', {})).body.results[0]]
    const tagged = (file: Row, team: string) => ({ organization_user_file_id: file.id, tags: { team } })
    await call('POST', '/create_user_file_tags', tagged(mine as Row, 'red'))
    await other('POST', '/create_user_file_tags', tagged(theirs, 'blue'))
    const filters = {
      tags_v2: {
        OR: [
          { key: 'team', value: 'red' },
          { key: 'team', value: ['blue', 'green'] },
        ],
      },
    }
    const { results, count } = await query({ filters })
    expect([results.map(({ id }: Row) => id), count]).toEqual([[mine?.id], 1])

    const third = backend(stack.url, 'customer-3')
    expect((await third('POST', '/user_files_v2', { filters })).body).toEqual({ results: [], count: 0 })
    expect((await third('POST', '/delete_files_v2', { filters })).body).toEqual({ success: true })
    expect((await query({ filters })).count).toBe(1)
    expect((await other('POST', '/user_files_v2', { filters })).body.count).toBe(1)
  })

  it('gives links that expire when asked to', async () => {
    const linkFor = async (seconds: number) => {
      const wish = { include_raw_file: true, presigned_url_expiry_time_seconds: seconds }
      return (await query({ pagination: { limit: 1 }, ...wish })).results[0].presigned_url
    }
    const [lasting, brief] = [await linkFor(60), await linkFor(1)]
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const expired = await fetch(brief)
    expect([expired.status, await expired.json()]).toEqual([403, { detail: expect.stringContaining('expired') }])
    expect((await fetch(lasting)).status).toBe(200)
  })
})
