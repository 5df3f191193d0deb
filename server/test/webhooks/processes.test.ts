import { fork } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { rescueWaiting } from '../../src/webhooks/due.ts'
import { emptyPostgres } from '../database.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { file, HOUR, openWorld, payload, SECOND, told, type World } from './world.ts'

describe('several processes on one PostgreSQL', () => {
  let postgres: Awaited<ReturnType<typeof emptyPostgres>>
  let world: World
  let other: World
  let receiver: Receiver

  beforeAll(async () => {
    postgres = await emptyPostgres()
    const options = { databaseUrl: postgres.databaseUrl, dataDir: 'unused' }
    world = await openWorld(options)
    other = await openWorld(options)
    receiver = await startReceiver()
  })
  afterEach(async () => {
    await other.reset()
    await world.reset()
    receiver.reset()
  })
  afterAll(async () => {
    await receiver.vanish()
    await other.close()
    await world.close()
    await postgres.drop()
  })

  const undelivered = async () => (await world.deliveries()).filter(({ state }) => state !== 'delivered')

  it('send each event once and keep the order of each key, also when the receiver fails now and then', async () => {
    await world.webhook(receiver.url)
    const taken: string[] = []
    let requests = 0
    receiver.answer = (request, response) => {
      const fails = requests++ % 7 === 3
      if (!fails) taken.push(...told([request]))
      response.writeHead(fails ? 500 : 200).end()
    }
    const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`)
    const steps = Array.from({ length: 10 }, (_, index) => index)
    await world.record(steps.flatMap((step) => keys.map((key) => ({ ...file('FILE_READY', `${key}.${step}`), key }))))
    const clock = world.clock
    const dispatchers = [world.dispatcher(), other.dispatcher({ clock })]
    await world.run({ drain: async () => void (await Promise.all(dispatchers.map((each) => each.drain()))) }, HOUR)
    expect(await undelivered()).toEqual([])
    expect(taken).toHaveLength(600)
    for (const key of keys)
      expect(taken.filter((each) => each.startsWith(`FILE_READY ${key}.`))).toEqual(
        steps.map((step) => `FILE_READY ${key}.${step}`),
      )
  })

  it('send again what a process was sending when it was killed', async () => {
    await world.webhook(receiver.url)
    const reached = new Promise<void>((resolve) => {
      receiver.answer = () => receiver.received.length === 8 && resolve()
    })
    await world.record(
      [1, 2, 3]
        .flatMap((step) => Array.from({ length: 8 }, (_, key) => [step, key]))
        .map(([step, key]) => ({ ...file('FILE_READY', `${key}.${step}`), key: `key ${key}` })),
    )
    const child = fork(
      new URL('./dispatch-process.ts', import.meta.url),
      [postgres.databaseUrl, String(world.clock.at)],
      {
        execPath: process.execPath,
        execArgv: [],
      },
    )
    await reached
    child.kill('SIGKILL')
    await once(child, 'exit')
    receiver.answer = (_, response) => response.end()
    const survivor = world.dispatcher()
    // As long as the claims last, the killed process might still be at it.
    await survivor.drain()
    expect(receiver.received).toHaveLength(8)
    world.clock.at += 31 * SECOND
    await survivor.drain()
    expect(await undelivered()).toEqual([])
    const ids = (requests: typeof receiver.received) =>
      requests.map(({ headers }) => headers['confluence-connect-event-id']).sort()
    expect(ids(receiver.received.slice(8).filter((request) => String(payload(request).id).endsWith('.1')))).toEqual(
      ids(receiver.received.slice(0, 8)),
    )
    for (let key = 0; key < 8; key++)
      expect(told(receiver.received.slice(8)).filter((each) => each.startsWith(`FILE_READY ${key}.`))).toEqual(
        [1, 2, 3].map((step) => `FILE_READY ${key}.${step}`),
      )
  })

  it('bring back what waits for a delivery whose process died before it could', async () => {
    await world.webhook(receiver.url)
    await world.record([file('FILE_SYNCING', 1), file('FILE_READY', 1)])
    const [first, second] = await world.deliveries()
    const { kysely } = world.database
    await kysely
      .updateTable('webhook_deliveries')
      .set({ waits_for: first?.id ?? null })
      .where('id', '=', second?.id ?? 0)
      .execute()
    await kysely
      .updateTable('webhook_deliveries')
      .set({ state: 'delivered' })
      .where('id', '=', first?.id ?? 0)
      .execute()
    await world.dispatcher().drain()
    expect(receiver.received).toEqual([])
    await rescueWaiting(kysely)
    await world.dispatcher().drain()
    expect(told(receiver.received)).toEqual(['FILE_READY 1'])
  })
})
