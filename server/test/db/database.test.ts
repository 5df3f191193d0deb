import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { migrationNames } from '../../src/db/migrate.ts'
import { databases, emptyEmbedded, emptyPostgres } from '../database.ts'

describe.each(databases)('the $kind database', ({ open }) => {
  let database: Database
  let drop: () => Promise<void>

  beforeAll(async () => {
    const options = await open()
    drop = options.drop
    database = await openDatabase(options)
  })
  afterAll(async () => {
    await database.close()
    await drop()
  })

  it('is migrated', async () => {
    const { rows } = await sql<{ name: string }>`select name from migrations order by name`.execute(database.kysely)
    expect(rows.map((row) => row.name)).toEqual(migrationNames())
  })

  it('stores long texts as they are, alone and in arrays', async () => {
    const long = 'aé漢😀'.repeat(1_500)
    const { rows } = await sql`select ${long}::text as text, char_length(${long}::text) as length,
      ${[long, 'short']}::text[] as texts`.execute(database.kysely)
    expect(rows).toEqual([{ text: long, length: 6_000, texts: [long, 'short'] }])
  })

  it('keeps a query from elsewhere out of an open transaction', async () => {
    const { kysely } = database
    const failing = kysely.transaction().execute(async (trx) => {
      await trx.insertInto('organizations').values({ name: 'inside' }).execute()
      const outside = kysely.insertInto('organizations').values({ name: 'outside' }).execute()
      await new Promise((resolve) => setTimeout(resolve, 20))
      throw Object.assign(new Error('roll back'), { outside })
    })
    const error = await failing.catch((error: Error & { outside: Promise<unknown> }) => error)
    await (error as Error & { outside: Promise<unknown> }).outside
    const names = (await kysely.selectFrom('organizations').select('name').execute()).map((row) => row.name)
    expect(names).toEqual(['outside'])
  })

  it('runs transactions side by side', async () => {
    const { kysely } = database
    const add = (name: string) =>
      kysely.transaction().execute(async (trx) => {
        await trx.insertInto('organizations').values({ name }).execute()
        await trx.selectFrom('organizations').selectAll().execute()
      })
    await Promise.all(Array.from({ length: 20 }, (_, index) => add(`side by side ${index}`)))
    const { rows } = await sql<{
      count: string
    }>`select count(*) from organizations where name like 'side by side%'`.execute(kysely)
    expect(Number(rows[0]?.count)).toBe(20)
  })
})

describe('PostgreSQL', () => {
  it('is migrated once by several processes that start together', async () => {
    const { databaseUrl, drop } = await emptyPostgres()
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ databaseUrl, dataDir: 'unused' })))
    await Promise.all(opened.map((database) => database.close()))
    await drop()
  })

  it('learns how much the embedded database holds, and frees what was overwritten', async () => {
    const database = await openDatabase({ dataDir: 'memory://' })
    const { kysely } = database
    const organizations = async () => {
      // Counts of a statement are known once the next one begins.
      await sql`select 1`.execute(kysely)
      const { rows } = await sql`
        select reltuples::int as known, n_dead_tup::int as dead from pg_stat_user_tables as tables
        join pg_class on pg_class.oid = tables.relid where tables.relname = 'organizations'`.execute(kysely)
      return rows[0]
    }
    await sql`insert into organizations (name) select 'one of many' from generate_series(1, 2000)`.execute(kysely)
    await sql`update organizations set name = 'another'`.execute(kysely)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect(await organizations()).toEqual({ known: -1, dead: 2000 })
    await database.upkeep()
    expect(await organizations()).toEqual({ known: 2000, dead: 0 })
    await database.close()
  })

  it('refuses a database of a later version', async () => {
    const { databaseUrl, drop } = await emptyPostgres()
    const database = await openDatabase({ databaseUrl, dataDir: 'unused' })
    await sql`insert into migrations (name) values ('9999_future.sql')`.execute(database.kysely)
    await database.close()
    await expect(openDatabase({ databaseUrl, dataDir: 'unused' })).rejects.toThrow(/later version/)
    await drop()
  })

  it('survives connections that the server ends, idle or in use', async () => {
    const { databaseUrl, drop } = await emptyPostgres()
    const database = await openDatabase({ databaseUrl, dataDir: 'unused' })
    const sleeping = sql`select pg_sleep(20)`.execute(database.kysely).catch((error: Error) => error)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
      database.kysely,
    )
    expect(await sleeping).toBeInstanceOf(Error)
    // The pool hears of each end a moment later.
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await sql`select 1 as one`.execute(database.kysely)).rows).toEqual([{ one: 1 }])
    await database.close()
    await drop()
  })

  it.each([
    ['nothing listens', 'postgres://u:hunter2@127.0.0.1:1/x', /nothing listens/],
    ['the host does not exist', 'postgres://u:hunter2@no-such-host.invalid/x', /host name does not exist|EAI_AGAIN/],
  ])('says so when %s, without the password', async (_, databaseUrl, message) => {
    const error = await openDatabase({ databaseUrl, dataDir: 'unused' }).catch((error: Error) => error)
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).not.toContain('hunter2')
  })
})

it('is closed also where nobody has used it', async () => {
  const { dataDir, drop } = emptyEmbedded()
  const { queue, close } = await openDatabase({ dataDir })
  await close()
  await expect(queue.db?.executeSql('select 1')).rejects.toThrow('closed')
  await drop()
})
