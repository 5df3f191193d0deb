import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { removeWebhook, sweepWebhooks } from '../../src/webhooks/retention.ts'
import { deleteWebhook } from '../../src/webhooks/webhooks.ts'
import { databases } from '../database.ts'
import { type Receiver, startReceiver, status } from './receiver.ts'
import { file, HOUR, MINUTE, openWorld, type World } from './world.ts'

describe.each(databases)('what is kept on the $kind database', ({ open }) => {
  let world: World
  let receiver: Receiver
  let drop: () => Promise<void>

  beforeAll(async () => {
    const options = await open()
    drop = options.drop
    world = await openWorld(options)
    receiver = await startReceiver()
  })
  afterEach(async () => {
    await world.reset()
    receiver.reset()
  })
  afterAll(async () => {
    await receiver.vanish()
    await world.close()
    await drop()
  })

  const sweep = () => sweepWebhooks(world.database.kysely, world.now())
  const states = async () => (await world.deliveries()).map(({ state }) => state)
  const events = async () => (await world.database.kysely.selectFrom('webhook_events').select('id').execute()).length
  const files = (count: number) => Array.from({ length: count }, (_, index) => file('FILE_READY', index))

  it('forgets what was delivered after a day, with its event', async () => {
    await world.webhook(`${receiver.url}/a`)
    await world.webhook(`${receiver.url}/b`)
    await world.record(files(3))
    receiver.answer = ({ path }, response) => response.writeHead(path === '/a' ? 200 : 500).end()
    await world.dispatcher().drain()
    world.clock.at += 23 * HOUR
    await sweep()
    expect(await states()).toHaveLength(6)
    world.clock.at += 2 * HOUR
    await sweep()
    // The other webhook is still to be told.
    expect(await states()).toEqual(['pending', 'pending', 'pending'])
    expect(await events()).toBe(3)
  })

  it('forgets what failed after a week', async () => {
    const id = await world.webhook(receiver.url)
    await world.record(files(2))
    await world.database.kysely
      .updateTable('webhook_deliveries')
      .set({ state: 'failed', finished_at: world.now() })
      .where('webhook_id', '=', id)
      .execute()
    world.clock.at += 6 * 24 * HOUR
    await sweep()
    expect(await states()).toEqual(['failed', 'failed'])
    world.clock.at += 25 * HOUR
    await sweep()
    expect(await states()).toEqual([])
    expect(await events()).toBe(0)
  })

  it('gives up what waited for more than a day for a webhook that takes nothing', async () => {
    const id = await world.webhook(receiver.url)
    receiver.answer = status(500)
    const dispatcher = world.dispatcher()
    await world.record(files(1_000))
    await world.run(dispatcher, 27 * HOUR)
    await world.record([file('FILE_READY', 'new')])
    await sweep()
    expect((await states()).filter((state) => state === 'pending').length).toBeGreaterThan(500)
    await world.run(dispatcher, 2 * HOUR)
    await sweep()
    const after = await world.deliveries()
    const expired = after.filter(({ last_error }) => last_error === 'no_success')
    expect(expired.length).toBeGreaterThan(500)
    expect(Math.max(...expired.map(({ attempts }) => attempts))).toBeLessThanOrEqual(1)
    expect(after.at(-1)).toMatchObject({ state: 'pending' })
    expect(await world.state(id)).toMatchObject({ status: 'FLAGGED' })
  }, 120_000)

  it('gives up nothing because the server itself was off', async () => {
    await world.webhook(receiver.url)
    await world.record(files(20))
    world.clock.at += 72 * HOUR
    await sweep()
    receiver.answer = status(500)
    const dispatcher = world.dispatcher()
    await world.run(dispatcher, MINUTE)
    await sweep()
    expect(new Set(await states())).toEqual(new Set(['pending']))
    receiver.answer = status(200)
    await world.run(dispatcher, 5 * MINUTE)
    expect(new Set(await states())).toEqual(new Set(['delivered']))
  })

  it('removes a deleted webhook in portions, and sends nothing more for it', async () => {
    const id = await world.webhook(receiver.url)
    await world.record(files(2_500))
    expect(await deleteWebhook(world.database.kysely, world.organizationId, id, world.now())).toBe(true)
    expect(await states()).toHaveLength(1_500)
    await world.record(files(1))
    expect(await states()).toHaveLength(1_500)
    await world.dispatcher().drain()
    expect(receiver.received).toEqual([])
    await removeWebhook(world.database.kysely, id)
    expect(await states()).toEqual([])
    expect(await events()).toBe(0)
    expect(await world.database.kysely.selectFrom('webhooks').select('id').execute()).toEqual([])
  })
})
