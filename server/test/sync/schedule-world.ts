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

  return {
    db,
    services,
    organizationId,
    /** A user with a connection of which everything was synced. */
    async connect(settings: UserSettings, now = START): Promise<number> {
      sites += 1
      const user = await db
        .insertInto('users')
        .values({
          organization_id: organizationId,
          customer_id: `customer-${sites}`,
          settings: JSON.stringify(settings),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      const { id } = await db
        .insertInto('connections')
        .values({
          organization_id: organizationId,
          user_id: user.id,
          cloud_id: `cloud-${sites}`,
          site_name: 'Acme',
          site_host: 'acme.atlassian.net',
          account_id: 'jane',
          account_name: 'Jane',
          status: 'active',
          sync_status: 'READY',
          last_sync_action: 'ADD',
          syncs_everything: true,
          watermark: now,
          swept_at: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await planSyncs(services, { connectionId: id }, now)
      return id
    },
    connection: (id: number) => db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    /** Syncs that were started and not ended. */
    running: () =>
      db.selectFrom('syncs').selectAll().where('finished_at', 'is', null).orderBy('connection_id').execute(),
    /** Ends them, as workers would. */
    finish: () =>
      db
        .updateTable('syncs')
        .set({ phase: 'done', finished_at: new Date() })
        .where('finished_at', 'is', null)
        .execute(),
    async close() {
      await queue.stop()
      await database.close()
    },
  }
}

export type ScheduleWorld = Awaited<ReturnType<typeof openScheduleWorld>>
