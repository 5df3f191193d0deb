import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { createQueue, type JobQueue } from '../../src/sync/queue.ts'
import { rescueSyncs } from '../../src/sync/rescue.ts'
import { databases, type TestDatabase } from '../database.ts'

const log = pino({ level: 'silent' })

describe.each(databases)('a sync that lost its job, on the $kind database', ({ open }) => {
  let test: TestDatabase
  /** One for each process: the embedded database lets in one. */
  let processes: { database: Database; queue: JobQueue }[] = []
  let connectionId: number
  let syncId: number
  let laneId: number

  beforeAll(async () => {
    test = await open()
    for (let count = test.databaseUrl ? 2 : 1; count > 0; count--) {
      const database = await openDatabase(test)
      processes.push({ database, queue: await createQueue(database.queue, log) })
    }
    const { id: organization_id } = await db()
      .insertInto('organizations')
      .values({ name: 'Acme' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { id: user_id } = await db()
      .insertInto('users')
      .values({ organization_id, customer_id: 'customer-1' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { id } = await db()
      .insertInto('connections')
      .values({
        organization_id,
        user_id,
        cloud_id: 'one',
        site_name: 'Acme',
        site_host: 'acme.atlassian.net',
        account_id: 'a',
        account_name: 'Jane',
        status: 'active',
        sync_status: 'SYNCING',
        last_sync_action: 'ADD',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    connectionId = id
  })
  afterAll(async () => {
    for (const { queue, database } of processes) {
      await queue.stop()
      await database.close()
    }
    processes = []
    await test.drop()
  })

  const first = () => {
    const [process] = processes
    if (!process) throw new Error('No process runs.')
    return process
  }
  const db = () => first().database.kysely
  const long = new Date(Date.now() - 3_600_000)

  /** A sync that nobody has heard of for an hour, with one lane and no job. */
  beforeEach(async () => {
    await db().deleteFrom('syncs').execute()
    await sql`delete from jobs.job`.execute(db())
    const { id } = await db()
      .insertInto('syncs')
      .values({ connection_id: connectionId, phase: 'pages', request_id: 'r', upload_id: 'u', updated_at: long })
      .returning('id')
      .executeTakeFirstOrThrow()
    syncId = id
    const lane = await db()
      .insertInto('sync_lanes')
      .values({ sync_id: syncId, space_ids: '[]' })
      .returning('id')
      .executeTakeFirstOrThrow()
    laneId = lane.id
  })

  const set = (phase: 'spaces' | 'pages', rate_limited_until: Date | null = null) =>
    db().updateTable('syncs').set({ phase, rate_limited_until }).where('id', '=', syncId).execute()
  const send = (name: 'sync-start' | 'sync-lane', startAfter?: Date) =>
    db()
      .transaction()
      .execute((trx) => first().queue.send(trx, name, { syncId, laneId }, startAfter))
  const enter = (state: string) => sql`update jobs.job set state = ${sql.lit(state)}::jobs.job_state`.execute(db())

  /** Every process looks at the same time. */
  const rescue = () =>
    Promise.all(
      [...processes, ...processes].map(({ database, queue }) => rescueSyncs({ db: database.kysely, queue, log })),
    )
  const found = async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from jobs.job where state in ('created', 'retry', 'active')`.execute(db())
    const sync = await db().selectFrom('syncs').select(['phase', 'error_code']).executeTakeFirstOrThrow()
    const { restarts } = await db().selectFrom('sync_lanes').select('restarts').executeTakeFirstOrThrow()
    return { jobs: rows[0]?.count, restarts, ...sync }
  }
  const alive = { phase: 'pages', error_code: null }

  it('gets one for its lane, however many look for it', async () => {
    await rescue()
    expect(await found()).toEqual({ ...alive, jobs: 1, restarts: 1 })
    await rescue()
    expect(await found()).toEqual({ ...alive, jobs: 1, restarts: 1 })
  })

  it.each(['completed', 'failed', 'cancelled'])('has lost one that is %s', async (state) => {
    await send('sync-lane')
    await enter(state)
    await rescue()
    expect(await found()).toEqual({ ...alive, jobs: 1, restarts: 1 })
  })

  it.each(['created', 'retry', 'active'])('has not lost one that is %s', async (state) => {
    await send('sync-lane', new Date(Date.now() + 60_000))
    await enter(state)
    await rescue()
    expect(await found()).toEqual({ ...alive, jobs: 1, restarts: 0 })
  })

  it('is left alone while Atlassian asked to wait', async () => {
    await set('pages', new Date(Date.now() + 60_000))
    await rescue()
    expect(await found()).toEqual({ ...alive, jobs: 0, restarts: 0 })
  })

  it('fails where its lane has lost three', async () => {
    for (let times = 0; times < 3; times++) {
      await rescue()
      await enter('failed')
    }
    expect(await found()).toEqual({ ...alive, jobs: 0, restarts: 3 })
    await rescue()
    expect(await found()).toEqual({ phase: 'failed', error_code: 'sync_failed', jobs: 0, restarts: 3 })
  })

  it('fails where nobody lists its spaces any more, and only there', async () => {
    await set('spaces')
    await send('sync-start')
    await rescue()
    expect(await found()).toMatchObject({ phase: 'spaces', jobs: 1 })
    await enter('failed')
    await rescue()
    expect(await found()).toMatchObject({ phase: 'failed', error_code: 'sync_failed', jobs: 0 })
  })
})
