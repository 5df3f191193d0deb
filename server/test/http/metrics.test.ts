import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { openDatabase } from '../../src/db/database.ts'
import { metricsRoutes } from '../../src/http/metrics.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { startWorker } from '../../src/server.ts'
import { createQueue } from '../../src/sync/queue.ts'
import { databases, emptyEmbedded, emptyPostgres, type TestDatabase } from '../database.ts'
import { API_KEY, backend, connect, type Stack, startStack, syncEnd, truth } from '../stack.ts'
import { startReceiver, status } from '../webhooks/receiver.ts'

/** The numbers of a scrape, by name and labels as they are written. */
async function scrape(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}
const waitFor = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 30_000 })
const named = (numbers: Map<string, number>, name: string) => numbers.get(`confluence_connect_${name}`)

describe.each(databases)('metrics on the $kind database', ({ open }) => {
  let database: TestDatabase
  let stack: Stack
  let first: Map<string, number>
  let numbers: Map<string, number>
  let lines: Record<string, unknown>[]
  let pages: number
  let seen: { requests: number; points: number }
  const call: ReturnType<typeof backend> = (...words) => backend(stack.url)(...words)
  const sandbox: ReturnType<typeof backend> = (method, path, body) =>
    call(method, `${stack.sandbox.url}/sandbox${path}`, body)

  // A life in short: a webhook that refuses, a first sync with a wait, a cancelled one, a renewed token, one that ends for good.
  beforeAll(async () => {
    database = await open()
    let written = ''
    const log = pino(
      new Writable({
        write(chunk, _, done) {
          written += chunk
          done()
        },
      }),
    )
    stack = await startStack({ databaseUrl: database.databaseUrl, dataDir: database.dataDir, log })
    const receiver = await startReceiver()
    receiver.answer = status(500)
    await backend(stack.url, '')('POST', '/add_webhook', { url: `${receiver.url}/hook` })

    await sandbox('POST', '/faults', {
      // After the look, at confirmation, whether the person may enter.
      match: { route: '/wiki/api/v2/spaces' },
      after: 1,
      times: 1,
      status: 429,
      retryAfter: 1,
    })
    const { connection } = await connect(stack, call)
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'done' })
    await sandbox('POST', '/expire-tokens', {})
    await call('POST', `/v1/connections/${connection.id}/items/sync`, {})
    await waitFor(async () =>
      expect((await call('POST', '/user_data_sources', {})).body.results[0].sync_status).toBe('READY'),
    )
    pages = (await truth(stack, 'acme')).length
    seen = (await sandbox('GET', '/counters')).body.sites.acme
    first = await scrape(stack.server.url)

    await sandbox('POST', '/faults', { match: { site: 'globex' }, after: 1, times: null, status: 429, retryAfter: 600 })
    const { connection: other } = await connect(stack, call, { site: 'globex' })
    await call('POST', `/v1/connections/${other.id}/sync/cancel`, {})
    await sandbox('POST', '/revoke', {})
    await call('POST', `/v1/connections/${connection.id}/sync`, {})
    expect(await syncEnd(call, connection.id)).toMatchObject({ phase: 'failed' })
    await waitFor(async () => {
      numbers = await scrape(stack.server.url)
      expect(named(numbers, 'syncs_total{kind="all",phase="failed",code="reconnect_needed"}')).toBe(1)
      expect(named(numbers, 'webhook_deliveries_total{code="status_500"}')).toBeGreaterThan(0)
    })
    lines = written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ connectionId }) => connectionId === connection.id)
    await receiver.vanish()
  })
  afterAll(async () => {
    await stack.close()
    await database.drop()
  })

  it('count syncs by what they were about and how they ended', () => {
    const ended = (labels: string) => named(numbers, `syncs_total{${labels}}`)
    expect(ended('kind="all",phase="done",code=""')).toBe(1)
    expect(ended('kind="items",phase="done",code=""')).toBe(1)
    expect(ended('kind="all",phase="cancelled",code=""')).toBe(1)
  })

  it('count pages, and what they cost', () => {
    expect(named(first, 'pages_total{code="stored"}')).toBe(pages)
    expect(named(first, 'pages_total{code="failed"}')).toBe(0)
    // One request is not a sync's: looking, at confirmation, whether the person may enter.
    expect(named(first, 'atlassian_points_total')).toBe(seen.points - 2)
  })

  it('count waits, renewed tokens and deliveries', () => {
    expect(named(numbers, 'atlassian_requests_total{code="rate_limited"}')).toBeGreaterThanOrEqual(1)
    expect(named(first, 'rate_limit_waits_total{kind="sync-start"}')).toBe(1)
    expect(named(numbers, 'token_refreshes_total{code="ok"}')).toBe(1)
    expect(named(numbers, 'token_refreshes_total{code="rejected"}')).toBe(1)
    expect(named(numbers, 'webhook_deliveries_total{code="status_500"}')).toBeGreaterThanOrEqual(1)
  })

  it('tell what all processes share', () => {
    expect(named(numbers, 'connections{code="reconnect_needed"}')).toBe(1)
    expect(named(numbers, 'webhook_deliveries_pending')).toBeGreaterThanOrEqual(1)
    expect(named(numbers, 'syncs_overdue')).toBe(0)
    expect(named(numbers, 'held_deletions')).toBe(0)
    expect(named(numbers, 'points_spent')).toBeGreaterThan(0)
    expect(named(numbers, 'points_left')).toBeGreaterThan(0)
    expect(numbers.has('confluence_connect_jobs{kind="sync-lane",phase="ready"}')).toBe(true)
    expect(numbers.get('process_resident_memory_bytes')).toBeGreaterThan(0)
  })

  it('name nobody: labels are kinds, phases and codes', () => {
    const ours = [...numbers.keys()].filter((key) => key.startsWith('confluence_connect_'))
    const labels = new Set(ours.flatMap((key) => [...key.matchAll(/(\w+)="/g)].map(([, label]) => label)))
    expect([...labels].sort()).toEqual(['code', 'kind', 'phase'])
    expect([...numbers.keys()].join('\n')).not.toMatch(/acme|jane|customer-1|localhost/i)
  })

  it('write one line for each slice of a sync, whose numbers add up', () => {
    const slices = lines.filter(({ msg }) => msg === 'slice')
    for (const slice of slices)
      expect(slice).toMatchObject({
        job: expect.stringMatching(/^sync-(start|lane)$/),
        jobId: expect.any(String),
        connectionId: expect.any(Number),
        syncId: expect.any(Number),
        kind: expect.stringMatching(/^(all|items)$/),
        ms: expect.any(Number),
      })
    const sum = (key: string) => slices.reduce((total, slice) => total + Number(slice[key]), 0)
    // The tree alone saw them once more.
    expect(sum('pages')).toBe(2 * pages)
    expect(sum('failed')).toBe(0)
    expect(sum('points')).toBe(seen.points - 2)
  })
})

describe('/metrics', () => {
  it('is not there where it was switched off', async () => {
    const stack = await startStack({ env: { METRICS: 'off' } })
    expect((await fetch(`${stack.server.url}/metrics`)).status).toBe(404)
    await stack.close()
  })

  it('has a port of its own where one was set, for workers too', async () => {
    const { databaseUrl, drop } = await emptyPostgres()
    const stack = await startStack({ databaseUrl, env: { METRICS_PORT: '0' } })
    expect((await fetch(`${stack.server.url}/metrics`)).status).toBe(404)
    expect(named(await scrape(`http://127.0.0.1:${stack.server.metricsPort}`), 'syncs_overdue')).toBe(0)

    const parsed = parseConfig({ DATABASE_URL: databaseUrl, METRICS_PORT: '0', LOG_LEVEL: 'silent', API_KEY })
    if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
    const worker = await startWorker({ ...parsed.config, encryptionKeys: [{ id: 'test', key: Buffer.alloc(32, 9) }] })
    expect(named(await scrape(`http://127.0.0.1:${worker.metricsPort}`), 'atlassian_points_total')).toBe(0)
    await worker.close()
    await stack.close()
    await drop()
  })

  it('tells what the process counted while the database does not answer', async () => {
    const parsed = parseConfig({})
    if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
    const log = pino({ level: 'silent' })
    const { dataDir, drop } = emptyEmbedded()
    const database = await openDatabase({ dataDir })
    const queue = await createQueue(database.queue, log)
    const metrics = createMetrics()
    metrics.points.inc(7)
    const services = { config: parsed.config, db: database.kysely, queue, log, metrics }
    const routes = metricsRoutes(services)
    await queue.stop()
    await database.close()
    await drop()
    const response = await routes.request('/metrics')
    expect(response.status).toBe(200)
    const text = await response.text()
    expect(text).toContain('confluence_connect_atlassian_points_total 7\n')
    expect(text).not.toMatch(/^confluence_connect_connections\{/m)
  })
})
