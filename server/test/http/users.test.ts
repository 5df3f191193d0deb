import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_KEY, APP, backend, connectOnly, type Stack, startStack } from '../stack.ts'

let stack: Stack
const call: ReturnType<typeof backend> = (...words) => backend(stack.url)(...words)
const organisation = (method: string, path: string, body?: object) => backend(stack.url, '')(method, path, body)

beforeAll(async () => {
  stack = await startStack({ env: { RATE_LIMIT_PER_MINUTE: '150' } })
})
afterAll(() => stack.close())

describe('users', () => {
  it('are made by their first use, and not by looking', async () => {
    expect((await organisation('POST', '/user', { customer_id: 'nobody' })).status).toBe(404)
    expect((await organisation('POST', '/user', { customer_id: 'nobody' })).status).toBe(404)
    await backend(stack.url, 'somebody')('GET', '/whoami')
    expect((await organisation('POST', '/user', { customer_id: 'somebody' })).body).toMatchObject({
      organization_supplied_user_id: 'somebody',
      num_files_synced: 0,
      deleted_at: null,
    })
  })

  it.each([
    [5, 422],
    ['6', 200],
    [-1, 200],
    [48, 422],
  ])('take an interval of %j hours: %i', async (auto_sync_interval, status) => {
    expect((await organisation('POST', '/update_users', { customer_ids: ['a'], auto_sync_interval })).status).toBe(
      status,
    )
  })

  it('are changed 100 at a time', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => `many-${index}`)
    expect((await organisation('POST', '/update_users', { customer_ids: ids(101), max_files: 1 })).status).toBe(422)
    expect((await organisation('POST', '/update_users', { customer_ids: ids(100), max_files: 7 })).status).toBe(200)
    const { body } = await organisation('POST', '/list_users', {
      filters: { customer_ids: ['many-99'] },
      include_count: true,
    })
    expect(body).toMatchObject({ count: 1, users: [{ custom_limits: { max_files: 7 } }] })
    expect((await organisation('POST', '/list_users', {})).body.count).toBeNull()
  })

  it('keep a setting that is left out', async () => {
    await organisation('POST', '/update_users', {
      customer_ids: ['keeps'],
      max_files: 3,
      auto_sync_enabled_sources: 'ALL',
    })
    await organisation('POST', '/update_users', { customer_ids: ['keeps'], max_files: null, max_characters: 9 })
    const { body } = await organisation('POST', '/user', { customer_id: 'keeps' })
    expect(body).toMatchObject({
      custom_limits: { max_files: 3, max_characters: 9 },
      auto_sync_enabled_sources: ['CONFLUENCE'],
    })
    await organisation('POST', '/update_users', { customer_ids: ['keeps'], auto_sync_enabled_sources: [] })
    expect((await organisation('POST', '/user', { customer_id: 'keeps' })).body.auto_sync_enabled_sources).toEqual([])
  })

  it('lose everything when deleted, and can begin anew under the same id', async () => {
    const gone = backend(stack.url, 'gone')
    await connectOnly(stack, gone)
    const { access_token } = (await gone('GET', '/auth/v1/access_token')).body
    const withToken = () => call('GET', '/whoami', undefined, { authorization: `Token ${access_token}` })
    const before = (await withToken()).body.id
    await organisation('POST', '/delete_users', { customer_ids: ['gone', 'never was'] })
    expect((await withToken()).status).toBe(401)
    expect((await organisation('POST', '/user', { customer_id: 'gone' })).status).toBe(404)
    const after = await gone('GET', '/whoami')
    expect(after.body.id).not.toBe(before)
    expect((await gone('POST', '/user_data_sources', {})).body.count).toBe(0)
    expect((await withToken()).status).toBe(401)
  })

  it('are understood in any script', async () => {
    const header = Buffer.from('zoë-日本').toString('latin1')
    const answer = await fetch(`${stack.url}/whoami`, {
      headers: { authorization: `Bearer ${API_KEY}`, 'customer-id': header },
    })
    expect(((await answer.json()) as { organization_supplied_user_id: string }).organization_supplied_user_id).toBe(
      'zoë-日本',
    )
    expect((await organisation('POST', '/user', { customer_id: 'zoë-日本' })).status).toBe(200)
  })
})

describe('the edges', () => {
  it.each(['/integrations/confluence/list', '/integrations/confluence/sync', '/user_files_v2', '/whoami', '/nowhere'])(
    'lets a browser call %s',
    async (path) => {
      const preflight = await fetch(stack.url + path, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://localhost:3000',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,customer-id',
        },
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
      expect(preflight.headers.get('access-control-allow-headers')).toContain('customer-id')
      const refused = await fetch(stack.url + path, { method: 'POST', headers: { origin: 'http://localhost:3000' } })
      expect(refused.headers.get('access-control-allow-origin')).toBe('http://localhost:3000')
    },
  )

  it('takes no body for JSON that is sent as something else, or a filter would be lost without a word', async () => {
    const send = (contentType: string, body: string) =>
      fetch(`${stack.url}/user_files_v2`, {
        method: 'POST',
        headers: { authorization: `Bearer ${API_KEY}`, 'customer-id': 'c', 'content-type': contentType },
        body,
      })
    const refused = await send('application/x-www-form-urlencoded', '{"filters": {"ids": [1]}}')
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({
      detail: [{ loc: ['body'], msg: expect.stringContaining('application/json') }],
    })
    expect((await send('application/json; charset=utf-8', '{}')).status).toBe(200)
  })

  it('says what to do instead of embeddings', async () => {
    const { status, body } = await call('POST', '/embeddings', { query: 'x' })
    expect(status).toBe(404)
    expect(body.detail).toMatch(/embed it yourself/)
  })

  it('refuses who calls too often, with how long to wait, and nobody else', async () => {
    const busy = backend(stack.url, 'busy')
    const answers = await Promise.all(Array.from({ length: 160 }, () => busy('GET', '/whoami')))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBe(10)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused[0]?.headers.get('access-control-allow-origin')).toBe(APP)
    expect(refused[0]?.body.detail).toMatch(/wait \d+ seconds/)
    expect((await backend(stack.url, 'calm')('GET', '/whoami')).status).toBe(200)
  })
})
