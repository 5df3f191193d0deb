import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import { operations } from './document.ts'
import { type Senders, startWorld, type World } from './fuzz-world.ts'
import { createSender, forEachOf } from './send.ts'
import { problems, Tally } from './tally.ts'
import { requestsTo, type WireRequest } from './transport.ts'

// Nothing that a caller sends may crash the server, hang it, make it answer what Carbon's clients cannot read, or make it repeat what was
// sent. FUZZ_SEED=… gives other requests, FUZZ_ROUNDS=… more of them, FUZZ_REPORT=1 shows how they were answered.

const SEED = Number(process.env.FUZZ_SEED ?? 1)
/** Requests are read no differently on the embedded database, where they do not wait for each other, and take longer. */
const ROUNDS = { embedded: Number(process.env.FUZZ_ROUNDS ?? 4), PostgreSQL: Number(process.env.FUZZ_ROUNDS ?? 14) }
const REQUESTS = 1_500
const WIDTH = 12
const LIMIT_MS = 10_000
const ROUND_LIMIT_MS = 120_000

/** Their work goes on after the answer: too many of them and the rest waits. */
const heavy = new Set([
  'POST /integrations/files/sync',
  'POST /integrations/confluence/sync',
  'POST /integrations/items/sync',
  'POST /integrations/connect',
  'POST /resync_file',
  'POST /add_webhook',
  'POST /delete_users',
])

/** What destroys runs on data that nobody else needs. */
const destructive = new Set([
  'POST /delete_users',
  'POST /revoke_access_token',
  'POST /delete_files',
  'POST /delete_files_v2',
])

/** What may ask Atlassian before it answers, or soon after. */
const asking = new Set([...heavy, 'POST /integrations/oauth_url', 'POST /integrations/confluence/list'])

const faults = [
  { status: 503 },
  { status: 500 },
  { status: 429, retryAfter: 30 },
  { status: 401 },
  { status: 403 },
  { kind: 'reset' },
  { kind: 'truncate' },
]

const requestsOf = ({ keeping, losing }: Senders, chosen = operations): fc.Arbitrary<WireRequest> =>
  fc.oneof(
    ...chosen.map((operation) => ({
      weight: heavy.has(operation.name) ? 1 : 3,
      arbitrary: destructive.has(operation.name)
        ? requestsTo(operation, losing)
        : fc.oneof(requestsTo(operation, keeping), requestsTo(operation, keeping), requestsTo(operation, losing)),
    })),
  )

describe.each(databases)(
  'any request gets an answer that fits the document, on the $kind database',
  ({ kind, open }) => {
    const rounds = ROUNDS[kind as keyof typeof ROUNDS]
    let world: World
    const tally = new Tally()
    let drop: () => Promise<void>
    beforeAll(async () => {
      const { drop: dropDatabase, ...database } = await open()
      drop = dropDatabase
      world = await startWorld(database)
    })
    afterAll(async () => {
      await world.close()
      await drop()
    })

    async function send(requests: WireRequest[], mayBeUnavailable: boolean) {
      const sender = createSender(world.stack.server.port, LIMIT_MS)
      await forEachOf(requests, WIDTH, async (request) => {
        const sent = await sender.send(request)
        tally.add(request, sent, problems(request, sent, mayBeUnavailable))
      })
      sender.close()
    }

    const admin = (method: string, body?: object) =>
      fetch(`${world.stack.sandbox.url}/sandbox/faults`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })

    it.each(Array.from({ length: rounds }, (_, index) => index))(
      'round %i',
      async (index) => {
        const senders = await world.prepare()
        await send(fc.sample(requestsOf(senders), { seed: SEED + index, numRuns: REQUESTS }), false)
      },
      ROUND_LIMIT_MS,
    )

    it.each(faults)(
      'while Atlassian fails: %j',
      async (fault) => {
        const chosen = operations.filter(({ name }) => asking.has(name))
        const senders = await world.prepare()
        await admin('POST', { times: null, ...fault })
        await send(fc.sample(requestsOf(senders, chosen), { seed: SEED, numRuns: 100 }), true)
        await admin('DELETE')
      },
      ROUND_LIMIT_MS,
    )

    it('was right each time', () => {
      if (process.env.FUZZ_REPORT) console.warn(`${tally}`)
      tally.assertClean(`FUZZ_SEED=${SEED}`)
      expect(tally.total).toBeGreaterThanOrEqual(rounds * REQUESTS)
    })

    it('refused no request that the document allows', () => {
      expect(tally.refused.join('\n\n')).toBe('')
    })

    it('reached every operation, and each with success', () => {
      expect({ missing: tally.missing, unsuccessful: tally.unsuccessful }).toEqual({ missing: [], unsuccessful: [] })
    })
  },
)
