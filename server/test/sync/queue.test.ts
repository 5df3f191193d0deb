import type { ConstructorOptions } from 'pg-boss'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import { createQueue } from '../../src/sync/queue.ts'
import { databases, emptyEmbedded, type TestDatabase } from '../database.ts'

/** A queue in a database of its own, until the test is over. */
async function openQueue({ drop, ...options }: TestDatabase, adapt = (connection: ConstructorOptions) => connection) {
  const database = await openDatabase(options)
  const queue = await createQueue(adapt(database.queue), pino({ level: 'silent' }))
  onTestFinished(async () => {
    await queue.stop()
    await database.close()
    await drop()
  })
  return { kysely: database.kysely, queue }
}

describe.each(databases)('the job queue in the $kind database', ({ open }) => {
  it('begins a job when its time has come, and as many at once as it may', async () => {
    const { kysely, queue } = await openQueue(await open())
    const began = new Map<number, Date>()
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await queue.work('sync-lane', 3, async ({ data }) => {
      began.set(data.laneId, new Date())
      await released
    })
    const time = new Date(Date.now() + 3_000)
    await kysely.transaction().execute(async (trx) => {
      for (const laneId of [1, 2, 3, 4]) await queue.send(trx, 'sync-lane', { laneId }, time)
    })
    await vi.waitFor(() => expect(began.size).toBe(3), 15_000)
    for (const at of began.values()) expect(at.getTime()).toBeGreaterThanOrEqual(time.getTime())
    release()
    await vi.waitFor(() => expect([...began.keys()].sort()).toEqual([1, 2, 3, 4]), 15_000)
  })

  it('begins a job again that failed', async () => {
    const { kysely, queue } = await openQueue(await open())
    const attempts: number[] = []
    await queue.work('sync-lane', 2, async ({ attempt }) => {
      attempts.push(attempt)
      if (attempt === 0) throw new Error('This one fails.')
    })
    await kysely.transaction().execute((trx) => queue.send(trx, 'sync-lane', { laneId: 1 }))
    await vi.waitFor(() => expect(attempts).toEqual([0, 1]), 15_000)
  })
})

it('asks for work once a second, however many workers wait for it', async () => {
  const asked: string[] = []
  const { queue } = await openQueue(emptyEmbedded(), ({ db, ...connection }) => {
    if (!db) throw new Error('The embedded database brings what the queue asks.')
    const executeSql: typeof db.executeSql = (text, values) => {
      asked.push(text)
      return db.executeSql(text, values)
    }
    return { ...connection, db: Object.create(db, { executeSql: { value: executeSql } }) }
  })
  for (const kind of ['sync-start', 'sync-lane'] as const) await queue.work(kind, 8, async () => {})
  const fetches = () => asked.filter((text) => text.includes("name = 'sync-") && /skip locked/i.test(text)).length
  const looks = () => asked.filter((text) => text.includes('unnest($1::text[]) as kind')).length
  await vi.waitFor(() => expect(fetches()).toBe(16), 15_000)
  const before = looks()
  await vi.waitFor(() => expect(looks()).toBe(before + 3), 15_000)
  expect(fetches()).toBe(16)
})
