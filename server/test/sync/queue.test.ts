import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { openDatabase } from '../../src/db/database.ts'
import { createQueue } from '../../src/sync/queue.ts'
import { databases, emptyEmbedded } from '../database.ts'

const log = pino({ level: 'silent' })

describe.each(databases)('the job queue in the $kind database', ({ open }) => {
  it('begins a job when its time has come, and as many at once as it may', async () => {
    const { drop, ...options } = await open()
    const { kysely, queue: connection, close } = await openDatabase(options)
    const queue = await createQueue(connection, log)
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
    await queue.stop()
    await close()
    await drop()
  })

  it('begins a job again that failed', async () => {
    const { drop, ...options } = await open()
    const { kysely, queue: connection, close } = await openDatabase(options)
    const queue = await createQueue(connection, log)
    const attempts: number[] = []
    await queue.work('sync-lane', 2, async ({ attempt }) => {
      attempts.push(attempt)
      if (attempt === 0) throw new Error('This one fails.')
    })
    await kysely.transaction().execute((trx) => queue.send(trx, 'sync-lane', { laneId: 1 }))
    await vi.waitFor(() => expect(attempts).toEqual([0, 1]), 15_000)
    await queue.stop()
    await close()
    await drop()
  })
})

it('asks for work once a second, however many workers wait for it', async () => {
  const { dataDir, drop } = emptyEmbedded()
  const { queue: options, close } = await openDatabase({ dataDir })
  const db = options.db
  if (!db) throw new Error('The embedded database brings what the queue asks.')
  const asked: string[] = []
  const counting = Object.create(db, {
    executeSql: {
      value: (text: string, values?: unknown[]) => {
        asked.push(text)
        return db.executeSql(text, values)
      },
    },
  })
  const queue = await createQueue({ ...options, db: counting }, log)
  for (const kind of ['sync-start', 'sync-lane'] as const) await queue.work(kind, 8, async () => {})
  const fetches = () => asked.filter((text) => text.includes("name = 'sync-") && /skip locked/i.test(text)).length
  const looks = () => asked.filter((text) => text.includes('unnest($1::text[]) as kind')).length
  await vi.waitFor(() => expect(fetches()).toBe(16), 15_000)
  const before = looks()
  await vi.waitFor(() => expect(looks()).toBe(before + 3), 15_000)
  expect(fetches()).toBe(16)
  await queue.stop()
  await close()
  await drop()
})
