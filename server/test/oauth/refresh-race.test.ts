import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConfluenceClient } from '../../src/confluence/client.ts'
import { connectionTokens } from '../../src/oauth/connection-tokens.ts'
import { databases } from '../database.ts'
import { openWorkers, type Workers } from './workers.ts'

const WORKERS = 8
/** `REFRESH_ROUNDS=1000` is the long run. */
const ROUNDS = Number(process.env.REFRESH_ROUNDS ?? 100)
/** Longer than Atlassian lets a refresh token be used again. */
const BEYOND_THE_LEEWAY = 11 * 60_000

describe.each(databases)('eight workers with an expired token on the $kind database', ({ open }) => {
  let workers: Workers
  let drop: () => Promise<void>

  beforeAll(async () => {
    const options = await open()
    drop = options.drop
    workers = await openWorkers(options, WORKERS)
  })
  afterAll(async () => {
    await workers.close()
    await drop()
  })

  const tokenRequests = async () => (await workers.admin('GET', '/counters')).routes['POST /oauth/token']

  it(`refresh it once, ${ROUNDS} times over, and no refresh token is used twice`, {
    timeout: 20_000 + ROUNDS * 500,
  }, async () => {
    const { services, connection, sandboxUrl, admin } = workers
    const sources = services.map((worker) => connectionTokens(worker, connection.id))
    const [first] = sources
    if (!first) throw new Error('There are no workers.')
    const client = createConfluenceClient({ apiUrl: sandboxUrl, cloudId: connection.cloud_id, tokens: first })
    await admin('DELETE', '/counters')
    for (let round = 1; round <= ROUNDS; round++) {
      await admin('POST', '/expire-tokens')
      await admin('POST', '/clock', { advanceMs: BEYOND_THE_LEEWAY })
      const expired = await first.get()
      const fresh = await Promise.all(sources.map((source) => source.get(expired)))
      expect(new Set(fresh).size).toBe(1)
      expect(fresh[0]).not.toBe(expired)
      // Atlassian takes the new one: nobody refreshes again for this.
      await client.editedPages({ limit: 1, bodies: false })
      expect(await tokenRequests()).toEqual({ 200: round })
    }
  })
})
