import { afterEach, describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import { backend, connect, type Stack, startStack, syncEnd } from '../stack.ts'

const HOUR = 60 * 60_000
const nextHour = () => Math.ceil(Date.now() / HOUR) * HOUR

describe.each(databases)('an hour’s points, with the $kind database', ({ open }) => {
  let stack: Stack
  let drop: () => Promise<void>

  async function start(env: Record<string, string> = {}) {
    const options = await open()
    drop = options.drop
    stack = await startStack({ ...options, env, sandbox: { pages: 600, spaces: 4 } })
  }
  afterEach(async () => {
    await stack.close()
    await drop()
  })

  const admin: ReturnType<typeof backend> = (method, path, body) =>
    backend(stack.url)(method, `${stack.sandbox.url}/sandbox${path}`, body)
  const counters = async () => (await admin('GET', '/counters')).body
  const refusals = async () => {
    const { routes } = await counters()
    const counts: Record<string, number>[] = Object.values(routes)
    return counts.reduce((sum, statuses) => sum + (statuses['429'] ?? 0), 0)
  }
  /** Until when the sync of a connection is parked; fails the test where it never is. */
  const parkedUntil = async (call: ReturnType<typeof backend>, connectionId: number): Promise<number> => {
    let until: string | null = null
    await expect
      .poll(async () => (until = (await call('GET', `/v1/connections/${connectionId}/sync`)).body.rateLimitedUntil), {
        timeout: 40_000,
      })
      .not.toBeNull()
    return Date.parse(until ?? '')
  }

  it('stop all connections of the app at the first refusal, until the next hour', { timeout: 90_000 }, async () => {
    await start()
    const [first, second] = [backend(stack.url, 'customer-1'), backend(stack.url, 'customer-2')]
    const one = (await connect(stack, first)).connection
    await syncEnd(first, one.id)
    // Another site: it is the app that is refused.
    const two = (await connect(stack, second, { site: 'globex' })).connection
    await syncEnd(second, two.id)
    await admin('POST', '/quota', { used: 1_000_000 })
    await first('POST', `/v1/connections/${one.id}/sync`, {})
    expect(await parkedUntil(first, one.id)).toBeGreaterThanOrEqual(nextHour() - 1_000)
    await second('POST', `/v1/connections/${two.id}/sync`, {})
    expect(await parkedUntil(second, two.id)).toBeGreaterThanOrEqual(nextHour() - 1_000)
    // The second had no need to ask.
    expect(await refusals()).toBe(1)
  })

  it('are not overdrawn: what does not fit waits for the next hour', { timeout: 90_000 }, async () => {
    await start({ ATLASSIAN_POINTS_PER_HOUR: '400' })
    const call = backend(stack.url, 'customer-1')
    const { connection } = await connect(stack, call)
    expect(await parkedUntil(call, connection.id)).toBeGreaterThanOrEqual(nextHour())
    // One lane still had points for a response, and then the hour has none for another.
    const synced = async () => (await call('GET', `/v1/connections/${connection.id}/sync`)).body.pages.synced
    await expect.poll(synced, { timeout: 40_000 }).toBeGreaterThan(0)
    expect((await counters()).points).toBeLessThanOrEqual(360)
    expect(await refusals()).toBe(0)
  })
})
