import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { databases, type TestDatabase } from '../database.ts'
import { type Gate, startGate } from '../gate.ts'
import { type Answer, backend, connectOnly, type Stack, startStack, stored, syncEnd, truth } from '../stack.ts'

/** A sync of this site asks for the page edited last, its spaces, the newest page, and twice on each of two lanes. */
const SITE = { pages: 520, spaces: 4 }

describe.each(databases)('cancelling on the $kind database', ({ open }) => {
  let database: TestDatabase
  let gate: Gate
  let stack: Stack
  let customer = 0
  let id: number
  let slices: { syncId: number }[] = []
  const call: ReturnType<typeof backend> = (...words) => backend(stack.url, `customer-${customer}`)(...words)
  const start = async (body: object = {}): Promise<number> =>
    (await call('POST', `/v1/connections/${id}/sync`, body)).body.syncId
  const cancel = () => call('POST', `/v1/connections/${id}/sync/cancel`, {})
  const source = async () => (await call('POST', '/user_data_sources', {})).body.results[0]
  const waiting = async () =>
    (
      await call('POST', '/user_files_v2', {
        filters: { sync_statuses: ['QUEUED_FOR_SYNC', 'SYNCING', 'RATE_LIMITED'] },
      })
    ).body.results

  beforeAll(async () => {
    database = await open()
    const log = pino(
      new Writable({
        write(chunk, _, done) {
          const line = JSON.parse(String(chunk))
          if (line.msg === 'slice') slices.push(line)
          done()
        },
      }),
    )
    gate = await startGate(() => stack.sandbox.url)
    stack = await startStack({
      databaseUrl: database.databaseUrl,
      dataDir: database.dataDir,
      sandbox: SITE,
      env: { ATLASSIAN_API_URL: gate.url },
      log,
    })
  })
  afterAll(async () => {
    await stack.close()
    await gate.close()
    await database.drop()
  })
  beforeEach(async () => {
    gate.before = () => {}
    customer += 1
    id = (await connectOnly(stack, call)).id
    slices = []
  })

  /** Nothing is left behind, and the next sync brings everything. */
  async function expectConsistent(requestsBefore: number, further = 1): Promise<void> {
    expect(await source()).toMatchObject({ sync_status: 'READY', last_sync_action: 'CANCEL' })
    expect(await waiting()).toEqual([])
    await start()
    const { phase, requests } = await syncEnd(call, id)
    expect(phase).toBe('done')
    expect(await stored(call)).toEqual(await truth(stack, 'acme'))
    // Beside a request that was under way, the other lane may have been about to ask.
    expect(gate.requests - requestsBefore - requests).toBeLessThanOrEqual(further)
  }

  it.each([
    ['the page edited last', 1, 0],
    ['the spaces', 2, 0],
    ['the newest page', 3, 0],
    ['the first pages of a lane', 4, 1],
    ['the last pages of a lane', 6, 1],
  ])('stops while a sync of everything asks for %s', async (_, number, further) => {
    let answer: Answer | undefined
    let kept: string[] = []
    let requests = 0
    let release = () => {}
    const first = gate.requests
    gate.before = async () => {
      if (gate.requests - first !== number) return
      answer = await cancel()
      kept = await stored(call)
      requests = gate.requests
      release()
    }
    const isCancelled = new Promise<void>((resolve) => {
      release = resolve
    })
    const syncId = await start()
    await isCancelled
    expect(answer).toMatchObject({ status: 200, body: { phase: 'cancelled', rateLimitedUntil: null } })
    // The job whose request was held back has had its answer, and has written nothing of it.
    const ended = slices.length
    await vi.waitFor(() => expect(slices.slice(ended).some((slice) => slice.syncId === syncId)).toBe(true), 30_000)
    expect(await stored(call)).toEqual(kept)
    await expectConsistent(requests, further)
  })

  it('stops before the first request', async () => {
    await start()
    const { body } = await cancel()
    expect(body.phase).toBe('cancelled')
    await expectConsistent(gate.requests)
  })

  it('stops while Atlassian has asked to wait', async () => {
    await call('POST', `${stack.sandbox.url}/sandbox/faults`, {
      match: { route: '/wiki/api/v2/pages' },
      after: 1,
      times: null,
      status: 429,
      retryAfter: 600,
    })
    await start()
    await vi.waitFor(
      async () =>
        expect((await call('GET', `/v1/connections/${id}/sync`)).body.rateLimitedUntil).toEqual(expect.any(String)),
      30_000,
    )
    const { body } = await cancel()
    expect(body).toMatchObject({ phase: 'cancelled', rateLimitedUntil: null })
    await call('DELETE', `${stack.sandbox.url}/sandbox/faults`)
    await expectConsistent(gate.requests)
  })

  it('gives up the picked pages that wait', async () => {
    const pages = (await truth(stack, 'acme')).slice(0, 300).map((page) => page.split(' ')[0])
    const first = gate.requests
    const isCancelled = new Promise<void>((resolve) => {
      gate.before = async () => {
        if (gate.requests - first !== 1) return
        await cancel()
        resolve()
      }
    })
    await start({ pages })
    await isCancelled
    const { body } = await call('POST', '/user_files_v2', {
      filters: { sync_statuses: ['SYNC_ABORTED'] },
      include_count: true,
    })
    expect(body.count).toBeGreaterThanOrEqual(50)
    await expectConsistent(gate.requests)
  })

  it('changes nothing where nothing runs', async () => {
    await start()
    await syncEnd(call, id)
    const before = await source()
    expect((await cancel()).body.phase).toBe('done')
    expect(await source()).toEqual(before)
  })
})
