import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { resendDelivery, resendFailed } from '../../src/webhooks/deliveries.ts'
import { databases } from '../database.ts'
import { type Receiver, startReceiver, status } from './receiver.ts'
import { file, filesCreated, HOUR, MINUTE, openWorld, payload, SECOND, START, told, type World } from './world.ts'

const until = async (met: () => boolean) => {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe.each(databases)('the dispatcher on the $kind database', ({ open }) => {
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

  const states = async () => (await world.deliveries()).map(({ state }) => state)
  /** How often each event arrived at a receiver that took it. */
  const tally = (received: string[]) =>
    received.reduce((counts, each) => counts.set(each, (counts.get(each) ?? 0) + 1), new Map<string, number>())

  it('sends each event once, to each webhook, signed and in the order of its key', async () => {
    await world.webhook(`${receiver.url}/a`)
    await world.webhook(`${receiver.url}/b`)
    await world.record([
      filesCreated('1', [1, 2]),
      ...[1, 2].flatMap((id) => [file('FILE_SYNCING', id, 'upload:1'), file('FILE_READY', id, 'upload:1')]),
    ])
    await world.dispatcher().drain()
    for (const path of ['/a', '/b']) {
      const own = receiver.received.filter((request) => request.path === path)
      const events = told(own)
      expect(events[0]).toBe('FILES_CREATED 1,2')
      expect([...events].sort()).toEqual(
        ['FILES_CREATED 1,2', 'FILE_READY 1', 'FILE_READY 2', 'FILE_SYNCING 1', 'FILE_SYNCING 2'].sort(),
      )
      for (const id of [1, 2])
        expect(events.indexOf(`FILE_SYNCING ${id}`)).toBeLessThan(events.indexOf(`FILE_READY ${id}`))
      expect(own[0]?.headers['carbon-signature']).toMatch(`t=${START / 1000},v1=`)
    }
    expect(new Set(await states())).toEqual(new Set(['delivered']))
    expect(await world.deliveries()).toMatchObject([{ attempts: 1, last_status: 200 }, ...Array(9).fill({})])
  })

  it('tries again after 5 s, 30 s, 2 min … 12 h where the webhook takes other events, and gives up after a day', async () => {
    const id = await world.webhook(receiver.url)
    const at: number[] = []
    receiver.answer = (request, response) => {
      const poison = payload(request).id === 'poison'
      if (poison) at.push((world.clock.at - START) / SECOND)
      response.writeHead(poison ? 500 : 200).end()
    }
    const dispatcher = world.dispatcher()
    await world.record([file('FILE_READY', 'poison')])
    for (const minutes of [1, 9, 20, ...Array<number>(28).fill(60)]) {
      await world.record([file('FILE_READY', world.clock.at)])
      await world.run(dispatcher, minutes * MINUTE)
    }
    const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0))
    expect(waits).toEqual([5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200])
    const [poison, ...rest] = await world.deliveries()
    expect(poison).toMatchObject({ state: 'failed', attempts: 11, last_status: 500, last_error: 'status_500' })
    expect(new Set(rest.map(({ state, attempts }) => `${state} ${attempts}`))).toEqual(new Set(['delivered 1']))
    expect(await world.state(id)).toMatchObject({ status: 'ACTIVE', pauses: 0 })
  }, 120_000)

  it('does not let one event that always fails hold up the others', async () => {
    await world.webhook(receiver.url)
    receiver.answer = (request, response) => response.writeHead(payload(request).id === 'poison' ? 500 : 200).end()
    const dispatcher = world.dispatcher()
    await world.record([file('FILE_READY', 'poison')])
    // Nothing else for an hour: all that the webhook has seen are failures.
    await world.run(dispatcher, HOUR)
    await world.record(Array.from({ length: 300 }, (_, index) => file('FILE_READY', index)))
    await world.run(dispatcher, SECOND)
    expect(receiver.received.filter((request) => payload(request).id !== 'poison')).toHaveLength(300)
  })

  it('does not let many events that always fail hold up the others', async () => {
    await world.webhook(receiver.url)
    receiver.answer = (request, response) =>
      response.writeHead(payload(request).type === 'FILE_ERROR' ? 500 : 200).end()
    const dispatcher = world.dispatcher()
    await world.record(Array.from({ length: 200 }, (_, index) => file(index % 2 ? 'FILE_ERROR' : 'FILE_READY', index)))
    await world.run(dispatcher, 30 * SECOND)
    expect(receiver.received.filter((request) => payload(request).type === 'FILE_READY')).toHaveLength(100)
  })

  it('holds up what comes after a failed event of the same key, and nothing else', async () => {
    await world.webhook(receiver.url)
    let down = true
    receiver.answer = (request, response) =>
      response.writeHead(down && payload(request).type === 'FILES_CREATED' ? 500 : 200).end()
    const dispatcher = world.dispatcher()
    const ids = Array.from({ length: 1_500 }, (_, index) => index)
    await world.record([filesCreated('bad', ids), ...ids.map((id) => file('FILE_READY', id, 'upload:bad'))])
    await world.record([file('FILE_READY', 'other', 'upload:other')])
    await world.run(dispatcher, MINUTE)
    expect(told(receiver.received).filter((each) => !each.startsWith('FILES_CREATED'))).toEqual(['FILE_READY other'])
    down = false
    await world.run(dispatcher, 10 * MINUTE)
    expect(new Set(await states())).toEqual(new Set(['delivered']))
    const after = told(receiver.received).slice(-1_501)
    expect(after[0]).toMatch(/^FILES_CREATED/)
    expect(new Set(after).size).toBe(1_501)
  })

  it('sends a long row of events with one key one after the other', async () => {
    await world.webhook(receiver.url)
    const row = Array.from({ length: 300 }, (_, index) => index)
    await world.record(row.map((index) => ({ ...file('UPDATE', index), key: 'data_source:1' })))
    await world.record([file('FILE_READY', 'other')])
    await world.dispatcher().drain()
    const events = told(receiver.received)
    expect(events.filter((each) => each.startsWith('UPDATE'))).toEqual(row.map((index) => `UPDATE ${index}`))
    expect(events.indexOf('FILE_READY other')).toBeLessThan(300)
  })

  it('loses nothing and keeps the order when the receiver vanishes for an hour', async () => {
    const id = await world.webhook(receiver.url)
    const dispatcher = world.dispatcher()
    const events = (from: number) =>
      Array.from({ length: 20 }, (_, index) => from + index).flatMap((each) => [
        file('FILE_SYNCING', each),
        file('FILE_READY', each),
      ])
    await world.record(events(0))
    await dispatcher.drain()
    await receiver.vanish()
    for (let minutes = 0; minutes < 60; minutes++) {
      await world.record(events(1_000 + minutes * 100))
      await world.run(dispatcher, MINUTE)
    }
    const waiting = await world.deliveries()
    // 2,400 events waited. The first requests, then one for each pause of up to five minutes.
    expect(waiting.reduce((sum, { attempts }) => sum + attempts, 0) - 40).toBeLessThan(50)
    expect(await world.state(id)).toMatchObject({
      status: 'FLAGGED',
      status_reason: expect.stringContaining('connection_failed'),
    })
    await receiver.comeBack()
    // One pause at most; from then on the clock stands still.
    await world.run(dispatcher, 5 * MINUTE)
    expect(new Set(await states())).toEqual(new Set(['delivered']))
    expect(await world.state(id)).toMatchObject({
      status: 'ACTIVE',
      status_reason: null,
      failures: 0,
      paused_until: null,
    })
    const arrived = told(receiver.received)
    const counts = tally(arrived)
    expect(counts.size).toBe(40 + 2_400)
    expect(new Set(counts.values())).toEqual(new Set([1]))
    const places = new Map(arrived.map((each, place) => [each, place]))
    for (const each of counts.keys())
      if (each.startsWith('FILE_READY'))
        expect(places.get(each.replace('READY', 'SYNCING'))).toBeLessThan(places.get(each) ?? 0)
  }, 120_000)

  it('takes up at once after an outage what would have waited for hours', async () => {
    await world.webhook(receiver.url)
    receiver.answer = status(503)
    const dispatcher = world.dispatcher()
    await world.record(Array.from({ length: 6 }, (_, index) => file('FILE_READY', index)))
    await world.run(dispatcher, 6 * HOUR)
    receiver.answer = status(200)
    receiver.received.length = 0
    await world.run(dispatcher, 6 * MINUTE)
    expect(told(receiver.received).sort()).toEqual(Array.from({ length: 6 }, (_, index) => `FILE_READY ${index}`))
  })

  it('fails what fails for a day, flags the webhook, and sends again when asked', async () => {
    const id = await world.webhook(receiver.url)
    receiver.answer = status(503)
    const dispatcher = world.dispatcher()
    await world.record([file('FILE_SYNCING', 1), file('FILE_READY', 2)])
    await world.run(dispatcher, 26 * HOUR)
    expect(await states()).toEqual(['failed', 'failed'])
    expect(await world.state(id)).toMatchObject({
      status: 'FLAGGED',
      status_reason: expect.stringContaining('status_503'),
    })
    receiver.answer = status(204)
    receiver.received.length = 0
    expect(await resendFailed(world.database.kysely, id, world.now())).toBe(2)
    await world.run(dispatcher, 5 * MINUTE)
    expect(told(receiver.received).sort()).toEqual(['FILE_READY 2', 'FILE_SYNCING 1'])
    expect(await states()).toEqual(['delivered', 'delivered'])
    expect(await world.state(id)).toMatchObject({ status: 'ACTIVE', status_reason: null })
    const [first] = await world.deliveries()
    expect(await resendDelivery(world.database.kysely, id, String(first?.id), world.now())).toBe(true)
    await dispatcher.drain()
    expect(receiver.received).toHaveLength(3)
    const eventIds = receiver.received.map(({ headers }) => headers['confluence-connect-event-id'])
    expect(new Set(eventIds).size).toBe(2)
  })

  it('follows 307 and does not follow 302', async () => {
    await world.webhook(`${receiver.url}/307`)
    await world.webhook(`${receiver.url}/302`)
    receiver.answer = ({ path }, response) =>
      path === '/new' ? response.end() : response.writeHead(Number(path.slice(1)), { location: '/new' }).end()
    await world.record([file('FILE_READY', 1)])
    await world.dispatcher().drain()
    expect(await world.deliveries()).toMatchObject([
      { state: 'delivered', last_status: 200 },
      { state: 'pending', last_status: 302, last_error: 'status_302' },
    ])
  })

  it('lets neither other webhooks nor transactions wait for a receiver that hangs', async () => {
    const other = await startReceiver()
    await world.webhook(receiver.url)
    await world.webhook(other.url)
    const hanging: (() => void)[] = []
    receiver.answer = (_, response) => hanging.push(() => response.end())
    const dispatcher = world.dispatcher({ timeoutMs: 60_000 })
    await world.record(Array.from({ length: 50 }, (_, index) => file('FILE_READY', index)))
    const drained = dispatcher.drain()
    // The other webhook gets everything, and what is written meanwhile is written.
    await until(() => other.received.length === 50)
    await world.record([file('FILE_READY', 'later')])
    await dispatcher.fill()
    await until(() => other.received.length === 51)
    expect(hanging.length).toBeGreaterThan(0)
    expect(hanging.length).toBeLessThanOrEqual(8)
    receiver.answer = status(200)
    for (const release of hanging.splice(0)) release()
    await drained
    expect(new Set(await states())).toEqual(new Set(['delivered']))
    await other.vanish()
  })

  it('counts an answer that does not come as a failure', async () => {
    await world.webhook(receiver.url)
    receiver.answer = () => {}
    await world.record([file('FILE_READY', 1)])
    await world.dispatcher({ timeoutMs: 20 }).drain()
    expect(await world.deliveries()).toMatchObject([{ state: 'pending', attempts: 1, last_error: 'timeout' }])
  })

  it('gives back what is under way when it is stopped', async () => {
    await world.webhook(receiver.url)
    const dispatcher = world.dispatcher()
    const arrived = new Promise<void>((resolve) => {
      receiver.answer = () => resolve()
    })
    await world.record([file('FILE_READY', 1)])
    await dispatcher.fill()
    await arrived
    await dispatcher.stop(0)
    expect(await world.deliveries()).toMatchObject([{ state: 'pending', attempts: 0, claimed_until: null }])
    receiver.answer = status(200)
    await world.dispatcher().drain()
    expect(await states()).toEqual(['delivered'])
  })

  it('lets what is under way finish when it is stopped', async () => {
    await world.webhook(receiver.url)
    const dispatcher = world.dispatcher()
    const arrived = new Promise<() => void>((resolve) => {
      receiver.answer = (_, response) => resolve(() => response.end())
    })
    await world.record([file('FILE_READY', 1), file('FILE_READY', 2)])
    await dispatcher.fill()
    const answer = await arrived
    receiver.answer = status(200)
    const stopped = dispatcher.stop(10_000)
    answer()
    await stopped
    expect(await states()).toEqual(['delivered', 'delivered'])
  })

  it('goes on without a key that the ring no longer holds', async () => {
    const id = await world.webhook(receiver.url)
    await world.database.kysely.updateTable('webhooks').set({ sealed_key: 'lost.AAAA' }).where('id', '=', id).execute()
    await world.record([file('FILE_READY', 1)])
    await world.dispatcher().drain()
    expect(await world.deliveries()).toMatchObject([{ state: 'pending', last_error: 'key_unreadable' }])
    expect(receiver.received).toEqual([])
  })

  it('drains 5,000 events', async () => {
    await world.webhook(receiver.url)
    const ids = Array.from({ length: 2_500 }, (_, index) => index)
    await world.record(ids.flatMap((id) => [file('FILE_SYNCING', id), file('FILE_READY', id)]))
    await world.dispatcher().drain()
    const arrived = told(receiver.received)
    expect(arrived).toHaveLength(5_000)
    expect(new Set(arrived).size).toBe(5_000)
  }, 120_000)
})
