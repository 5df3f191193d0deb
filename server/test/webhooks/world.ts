import { sql } from 'kysely'
import { pino } from 'pino'
import { parseConfig } from '../../src/config/config.ts'
import { type Database, type DatabaseOptions, openDatabase } from '../../src/db/database.ts'
import { createKeyring } from '../../src/oauth/encryption.ts'
import { createDispatcher, type Dispatcher } from '../../src/webhooks/dispatcher.ts'
import { recordEvents, type WebhookEvent } from '../../src/webhooks/events.ts'
import { LOOPBACK_NETWORKS } from '../../src/webhooks/networks.ts'
import { createSender } from '../../src/webhooks/sender.ts'
import { addWebhook } from '../../src/webhooks/webhooks.ts'
import type { Received } from './receiver.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

export const START = Date.parse('2026-03-01T00:00:00Z')

const parsed = parseConfig({})
if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
const { config } = parsed

const keyring = createKeyring([{ id: 'test', key: Buffer.alloc(32, 3) }])

/** A database with an organisation, a clock that only the test moves, and dispatchers on both. */
export interface World {
  database: Database
  organizationId: number
  clock: { at: number }
  now(): Date
  dispatcher(options?: { timeoutMs?: number; clock?: { at: number } }): Dispatcher
  webhook(url: string): Promise<number>
  record(events: WebhookEvent[]): Promise<void>
  /** Works and moves the clock from one due time to the next, for so long. */
  run(dispatcher: Pick<Dispatcher, 'drain'>, ms: number): Promise<void>
  deliveries(): ReturnType<typeof deliveries>
  state(webhookId: number): ReturnType<typeof state>
  /** Stops the dispatchers and forgets all webhooks. */
  reset(): Promise<void>
  close(): Promise<void>
}

const deliveries = ({ kysely }: Database) => kysely.selectFrom('webhook_deliveries').selectAll().orderBy('id').execute()

const state = ({ kysely }: Database, id: number) =>
  kysely.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

export async function openWorld(options: DatabaseOptions): Promise<World> {
  const database = await openDatabase(options)
  const { kysely: db } = database
  const { id: organizationId } = await db
    .insertInto('organizations')
    .values({ name: 'Acme' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const clock = { at: START }
  const now = () => new Date(clock.at)
  const dispatchers: Dispatcher[] = []

  /** When something is due next, as far as is known now. */
  async function nextDue(): Promise<number | undefined> {
    const at = sql<Date>`greatest(delivery.next_attempt_at, delivery.claimed_until, webhook.paused_until)`
    const { next } = await db
      .selectFrom('webhook_deliveries as delivery')
      .innerJoin('webhooks as webhook', 'webhook.id', 'delivery.webhook_id')
      .select((eb) => eb.fn.min(at).as('next'))
      .where('delivery.state', '=', 'pending')
      .where('delivery.waits_for', 'is', null)
      .where('webhook.deleted_at', 'is', null)
      .where(at, '>', now())
      .executeTakeFirstOrThrow()
    return next?.getTime()
  }

  return {
    database,
    organizationId,
    clock,
    now,
    dispatcher({ timeoutMs = 5_000, clock: own = clock } = {}) {
      const made = createDispatcher({
        db,
        keyring,
        log: pino({ level: 'silent' }),
        sender: createSender({ allowed: LOOPBACK_NETWORKS, timeoutMs }),
        now: () => new Date(own.at),
        jitter: () => 0.5,
      })
      dispatchers.push(made)
      return made
    },
    async webhook(url) {
      const added = await addWebhook({ db, keyring, config }, { organizationId, url, format: 'carbon', events: null })
      if (typeof added === 'string') throw new Error(added)
      return added.webhook.id
    },
    record: (events) => db.transaction().execute((trx) => recordEvents(trx, organizationId, events, now())),
    async run(dispatcher, ms) {
      for (const end = clock.at + ms; ; ) {
        await dispatcher.drain()
        const next = await nextDue()
        if (next === undefined || next > end) {
          clock.at = end
          await dispatcher.drain()
          return
        }
        clock.at = next
      }
    },
    deliveries: () => deliveries(database),
    state: (id) => state(database, id),
    async reset() {
      await Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.stop(0)))
      await sql`truncate webhooks, webhook_events, webhook_deliveries`.execute(db)
      clock.at = START
    },
    close: () => database.close(),
  }
}

/** What a Carbon receiver reads from a request. */
export const payload = ({ body }: Received) => {
  const { webhook_type: type, obj } = JSON.parse(JSON.parse(body).payload)
  return { type: type as string, id: obj.object_id as string | string[] | null }
}

export const told = (received: Received[]) =>
  received.map((request) => `${payload(request).type} ${payload(request).id}`)

export const file = (type: WebhookEvent['type'], id: number | string, afterKey?: string): WebhookEvent => ({
  type,
  customerId: 'customer-1',
  objectType: 'FILE',
  objectId: String(id),
  information: { is_resync: false },
  key: `file:${id}`,
  ...(afterKey && { afterKey }),
})

export const filesCreated = (upload: string, ids: (number | string)[]): WebhookEvent => ({
  type: 'FILES_CREATED',
  customerId: 'customer-1',
  objectType: 'FILE_LIST',
  objectId: ids.map(String),
  key: `upload:${upload}`,
})
