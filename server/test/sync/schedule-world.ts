import { pino } from 'pino'
import { parseConfig } from '../../src/config/config.ts'
import { type DatabaseOptions, openDatabase } from '../../src/db/database.ts'
import type { UserSettings } from '../../src/db/schema.ts'
import { createQueue } from '../../src/sync/queue.ts'
import { planSyncs } from '../../src/sync/schedule.ts'

export const HOUR = 3_600_000
export const START = new Date('2026-03-01T00:00:00Z')
export const later = (ms: number) => new Date(START.getTime() + ms)

const parsed = parseConfig({})
if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
const { config } = parsed

/** A database with an organisation and connections that were synced once, and no worker: what is started stays until it is ended. */
export async function openScheduleWorld(options: DatabaseOptions) {
  const database = await openDatabase(options)
  const { kysely: db } = database
  const log = pino({ level: 'silent' })
  const queue = await createQueue(database.queue, log)
  const services = { db, queue, log, config }
  const { id: organizationId } = await db
    .insertInto('organizations')
    .values({ name: 'Acme' })
    .returning('id')
    .executeTakeFirstOrThrow()
  let sites = 0

  /** Users, each with a connection of which everything was synced. */
  async function connectMany(count: number, settings: UserSettings, now = START): Promise<number[]> {
    const numbers = Array.from({ length: count }, () => ++sites)
    const users = await db
      .insertInto('users')
      .values(
        numbers.map((number) => ({
          organization_id: organizationId,
          customer_id: `customer-${number}`,
          settings: JSON.stringify(settings),
        })),
      )
      .returning('id')
      .execute()
    const connections = await db
      .insertInto('connections')
      .values(
        users.map((user, index) => ({
          organization_id: organizationId,
          user_id: user.id,
          cloud_id: `cloud-${numbers[index]}`,
          site_name: 'Acme',
          site_host: 'acme.atlassian.net',
          account_id: 'jane',
          account_name: 'Jane',
          status: 'active' as const,
          sync_status: 'READY' as const,
          last_sync_action: 'ADD' as const,
          syncs_everything: true,
          watermark: now,
          swept_at: now,
        })),
      )
      .returning('id')
      .execute()
    await planSyncs(services, { organizationId }, now)
    return connections.map(({ id }) => id)
  }

  return {
    db,
    services,
    organizationId,
    connectMany,
    async connect(settings: UserSettings, now = START): Promise<number> {
      const [id] = await connectMany(1, settings, now)
      if (id === undefined) throw new Error('No connection was made.')
      return id
    },
    connection: (id: number) => db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    /** Syncs that were started and not ended. */
    running: () =>
      db.selectFrom('syncs').selectAll().where('finished_at', 'is', null).orderBy('connection_id').execute(),
    /** Ends them, as workers would, and says which. */
    finish: () =>
      db
        .updateTable('syncs')
        .from('connections')
        .whereRef('connections.id', '=', 'syncs.connection_id')
        .set({ phase: 'done', finished_at: new Date() })
        .where('finished_at', 'is', null)
        .returning(['syncs.connection_id', 'syncs.kind', 'connections.sync_interval_hours as interval'])
        .execute(),
    async close() {
      await queue.stop()
      await database.close()
    },
  }
}

export type ScheduleWorld = Awaited<ReturnType<typeof openScheduleWorld>>
