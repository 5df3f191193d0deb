import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { openDatabase } from '../../src/db/database.ts'
import { createLog } from '../../src/log.ts'
import { createQueue } from '../../src/sync/queue.ts'
import { startDueSyncs } from '../../src/sync/schedule.ts'
import { databases, emptyPostgres, type TestDatabase } from '../database.ts'
import { backend, connect, type Stack, startStack, stored, syncEnd, truth } from '../stack.ts'

const HOUR = 3_600_000
const parsed = parseConfig({})
if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
const { config } = parsed

describe.each(databases)('auto sync on the $kind database', ({ open }) => {
  let database: TestDatabase
  let stack: Stack
  let customer = ''
  let customers = 0
  let id: number
  const call: ReturnType<typeof backend> = (...words) => backend(stack.url, customer)(...words)
  const organisation = async (path: string, body: object) =>
    expect((await backend(stack.url, '')('POST', path, body)).status).toBe(200)
  const set = (settings: object) => organisation('/update_users', { customer_ids: [customer], ...settings })
  const setDefaults = (settings: object) => organisation('/organization/update', { global_user_config: settings })
  const connection = async () => (await call('GET', `/v1/connections/${id}`)).body
  const source = async () => (await call('POST', '/user_data_sources', {})).body.results[0]
  const hoursToNext = async () => (Date.parse((await connection()).nextSyncAt) - Date.now()) / HOUR

  beforeAll(async () => {
    database = await open()
    stack = await startStack({ databaseUrl: database.databaseUrl, dataDir: database.dataDir })
  })
  afterAll(async () => {
    await stack.close()
    await database.drop()
  })
  beforeEach(async () => {
    customers += 1
    customer = `customer-${customers}`
    id = (await connect(stack, call)).connection.id
    await syncEnd(call, id)
  })

  it('is off until somebody enables it', async () => {
    expect(await connection()).toMatchObject({ id, nextSyncAt: null, lastError: null })
    expect(await source()).toMatchObject({ enable_auto_sync: false })
    expect((await call('GET', `/v1/connections/${id}/sync`)).body).toMatchObject({ kind: 'all', nextSyncAt: null })
  })

  it('is enabled for a user, with the interval that is asked for', async () => {
    await set({ auto_sync_enabled_sources: 'ALL', auto_sync_interval: 3 })
    expect(await source()).toMatchObject({ enable_auto_sync: true })
    expect(await hoursToNext()).toBeGreaterThan(0)
    expect(await hoursToNext()).toBeLessThanOrEqual(3)
    const { nextSyncAt } = await connection()
    expect((await call('GET', `/v1/connections/${id}/sync`)).body.nextSyncAt).toBe(nextSyncAt)
    expect((await call('GET', '/v1/connections')).body.connections[0].nextSyncAt).toBe(nextSyncAt)
    await set({ auto_sync_enabled_sources: [] })
    expect(await connection()).toMatchObject({ nextSyncAt: null })
  })

  it('is enabled for everybody, also for who connects later', async () => {
    await setDefaults({ auto_sync_enabled_sources: ['CONFLUENCE'], auto_sync_interval: 6 })
    expect(await hoursToNext()).toBeLessThanOrEqual(6)
    const { connection: second } = (await connect(stack, call, { site: 'globex' })) as { connection: { id: number } }
    expect((await call('GET', `/v1/connections/${second.id}`)).body.nextSyncAt).toEqual(expect.any(String))
    await setDefaults({ auto_sync_enabled_sources: [] })
    expect(await connection()).toMatchObject({ nextSyncAt: null })
  })

  it('says nothing of another user’s connection', async () => {
    expect((await backend(stack.url, 'somebody-else')('GET', `/v1/connections/${id}`)).status).toBe(404)
  })

  it('tells why the latest sync ended early', async () => {
    await call('POST', `${stack.sandbox.url}/sandbox/revoke`, {})
    await call('POST', `/v1/connections/${id}/sync`, {})
    await syncEnd(call, id)
    const { lastError, nextSyncAt } = await connection()
    expect(lastError).toMatchObject({ code: 'reconnect_needed', message: expect.stringMatching(/again|refused/i) })
    expect(nextSyncAt).toBeNull()
  })
})

it('brings what was edited when its time has come', async () => {
  const { databaseUrl, drop } = await emptyPostgres()
  const stack = await startStack({ databaseUrl })
  const call = backend(stack.url)
  const { connection } = await connect(stack, call)
  await syncEnd(call, connection.id)
  await backend(stack.url, '')('POST', '/update_users', {
    customer_ids: ['customer-1'],
    auto_sync_enabled_sources: 'ALL',
  })
  const [page] = (await call('GET', '/v1/pages?limit=1')).body.pages
  const edited = await call('PATCH', `${stack.sandbox.url}/sandbox/pages/${page.externalId}`, {
    body: '<p>News of today.</p>',
  })
  expect(edited.status).toBe(200)

  // Another process, a day later.
  const database = await openDatabase({ databaseUrl, dataDir: 'unused' })
  const log = createLog({ logLevel: 'silent' })
  const queue = await createQueue(database.queue, log)
  const tomorrow = new Date(Date.now() + 24 * HOUR)
  expect(await startDueSyncs({ db: database.kysely, queue, log, config }, { now: tomorrow })).toBe(1)
  await queue.stop()
  await database.close()

  const current = await truth(stack, 'acme')
  await vi.waitFor(async () => expect(await stored(call)).toEqual(current), 30_000)
  const { body } = await call('GET', `/v1/pages/${page.id}/content?format=text`)
  expect(body).toBe('News of today.')
  await stack.close()
  await drop()
})
