import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'
import type { FileFilters } from '../../src/files/filters.ts'
import { createQueue, type JobQueue } from '../../src/sync/queue.ts'
import { type Resync, resyncFiles } from '../../src/sync/resync.ts'
import { emptyPostgres } from '../database.ts'
import { backend, connect, type Stack, startStack, syncEnd } from '../stack.ts'

// Through HTTP it would take more than 10,000 pages: here some hundred are too many to be queued one by one. Another process of the
// same installation asks for it, and the server's workers do it.

interface File {
  id: number
  version: number | null
  sync_status: string
  upload_id: string | null
  request_id: string | null
  synced_at: Date
}

let stack: Stack
let drop: () => Promise<void>
let database: Database
let queue: JobQueue
let connection: number
let customer = 0
const call: ReturnType<typeof backend> = (...words) => backend(stack.url, `customer-${customer}`)(...words)
const admin = (method: string, path: string, body?: object) => call(method, `${stack.sandbox.url}/sandbox${path}`, body)

const files = (): Promise<File[]> =>
  database.kysely
    .selectFrom('pages')
    .select(['id', 'version', 'sync_status', 'upload_id', 'request_id', 'synced_at'])
    .where('connection_id', '=', connection)
    .orderBy('id')
    .$narrowType<{ synced_at: Date }>()
    .execute()

async function resync(filters: FileFilters = {}): Promise<Resync> {
  const row = await database.kysely
    .selectFrom('connections')
    .selectAll()
    .where('id', '=', connection)
    .executeTakeFirstOrThrow()
  const services = { db: database.kysely, queue }
  const all = { organization_user_data_source_id: [connection], ...filters }
  return resyncFiles(services, row, `customer-${customer}`, all, 10)
}

beforeAll(async () => {
  const { databaseUrl, drop: dropDatabase } = await emptyPostgres()
  drop = dropDatabase
  stack = await startStack({ databaseUrl, sandbox: { pages: 900, spaces: 4 } })
  database = await openDatabase({ databaseUrl, dataDir: 'unused' })
  queue = await createQueue(database.queue, pino({ level: 'silent' }))
})
afterAll(async () => {
  await queue.stop()
  await database.close()
  await stack.close()
  await drop()
})
beforeEach(async () => {
  customer += 1
  connection = (await connect(stack, call)).connection.id
  await syncEnd(call, connection)
})
afterEach(async () => {
  await admin('DELETE', '/faults')
  await admin('POST', '/latency', { held: false })
})

describe('a resync of more pages than can be queued', () => {
  it('fetches each page again, once', async () => {
    const before = await files()
    await admin('DELETE', '/counters')
    expect(await resync()).toEqual({ ok: true, count: before.length })
    const progress = await syncEnd(call, connection)
    expect(progress).toMatchObject({ phase: 'done', pages: { synced: before.length, failed: 0, total: before.length } })
    const after = await files()
    expect(after.every(({ sync_status }) => sync_status === 'READY')).toBe(true)
    expect(new Set(after.map(({ upload_id }) => upload_id)).size).toBe(1)
    expect(after[0]?.upload_id).not.toBe(before[0]?.upload_id)
    // What a file was asked for by stays what it was.
    expect(after.map(({ request_id }) => request_id)).toEqual(before.map(({ request_id }) => request_id))
    expect(after.every(({ synced_at }, index) => synced_at > (before[index]?.synced_at ?? synced_at))).toBe(true)
    // 250 pages a request, in two lanes.
    const { body } = await admin('GET', '/counters')
    expect(body.sites.acme.requests).toBeLessThanOrEqual(Math.ceil(before.length / 250) + 2)
  })

  it('says how many there will be from the start, and is not begun twice', async () => {
    await admin('POST', '/latency', { held: true })
    const { length } = await files()
    await resync()
    const { body } = await call('GET', `/v1/connections/${connection}/sync`)
    expect(body).toMatchObject({ phase: 'pages', pages: { total: length } })
    expect(await resync()).toEqual({ ok: false, code: 'resync_running' })
  })

  it('takes what matches when its turn comes, and leaves the rest', async () => {
    const all = await files()
    const kept = all.filter((_, index) => index % 3 === 0).map(({ id }) => id)
    const chosen = all.length - kept.length
    expect(await resync({ except_ids: kept, sync_statuses: ['READY'] })).toEqual({ ok: true, count: chosen })
    expect(await syncEnd(call, connection)).toMatchObject({ phase: 'done', pages: { synced: chosen, total: chosen } })
    const after = await files()
    const again = after.filter(({ upload_id }, index) => upload_id !== all[index]?.upload_id)
    expect(again.length).toBe(chosen)
    expect(again.some(({ id }) => kept.includes(id))).toBe(false)
  })

  it('goes on where it was after Atlassian failed', async () => {
    await admin('POST', '/faults', {
      match: { route: '/wiki/api/v2/pages', site: 'acme' },
      after: 1,
      times: 3,
      status: 500,
    })
    const before = await files()
    await resync()
    expect(await syncEnd(call, connection)).toMatchObject({
      phase: 'done',
      pages: { synced: before.length, failed: 0, total: before.length },
    })
    expect((await files()).every(({ sync_status }) => sync_status === 'READY')).toBe(true)
  })

  it('marks pages that are gone, and goes on', async () => {
    const [first] = (await call('GET', `/v1/pages?connectionId=${connection}&limit=1`)).body.pages
    await admin('POST', `/pages/${first.externalId}/restrict`)
    await resync()
    expect(await syncEnd(call, connection)).toMatchObject({ phase: 'done', pages: { failed: 1 } })
    await admin('POST', `/pages/${first.externalId}/unrestrict`)
    expect((await files()).map(({ sync_status }) => sync_status).filter((status) => status !== 'READY')).toEqual([
      'SYNC_ERROR',
    ])
  })

  it('can be stopped: what waited for its turn stays as it was', async () => {
    await admin('POST', '/latency', { held: true })
    await resync()
    const stopped = await call('POST', `/v1/connections/${connection}/sync/cancel`)
    expect(stopped.body).toMatchObject({ phase: 'cancelled' })
    const states = new Set((await files()).map(({ sync_status }) => sync_status))
    expect(states.has('READY')).toBe(true)
    expect([...states].filter((state) => state !== 'READY' && state !== 'SYNC_ABORTED')).toEqual([])
    await admin('POST', '/latency', { held: false })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(new Set((await files()).map(({ sync_status }) => sync_status))).toEqual(states)
    expect((await resync()).ok).toBe(true)
    await syncEnd(call, connection)
    expect((await files()).every(({ sync_status }) => sync_status === 'READY')).toBe(true)
  })
})
