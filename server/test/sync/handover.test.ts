import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Services } from '../../src/services.ts'
import type { Delivery, JobData, JobName } from '../../src/sync/queue.ts'
import { startWorkers } from '../../src/sync/workers.ts'
import { databases, type TestDatabase } from '../database.ts'
import { type Gate, startGate } from '../gate.ts'
import { openWorkers, type Workers } from '../oauth/workers.ts'

/** Something that is let go on by hand. */
function hold() {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let reach = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  return {
    /** When somebody waits here. */
    reached,
    release,
    wait() {
      reach()
      return released
    },
  }
}

type Work = (delivery: Delivery<JobName>) => Promise<void>

/** What a process does with a delivery, without a queue that delivers. */
async function worksOf(services: Services): Promise<(name: JobName) => Work> {
  const works = new Map<JobName, Work>()
  const queue: Services['queue'] = {
    ...services.queue,
    async work(name, _concurrency, handler) {
      works.set(name, handler as Work)
    },
  }
  await startWorkers({ ...services, queue })
  return (name) => works.get(name) ?? (() => Promise.reject(new Error(`Nobody works on ${name}.`)))
}

const delivery = <Name extends JobName>(id: string, attempt: number, data: JobData[Name]): Delivery<Name> => ({
  id,
  attempt,
  data,
  last: false,
  signal: new AbortController().signal,
  stopping: new AbortController().signal,
})

// The queue takes a worker that no longer beats for dead and delivers its job again, under the same id. The worker may only be slow.
describe.each(databases)('a lane whose job is delivered again, on the $kind database', ({ open }) => {
  let database: TestDatabase
  let gate: Gate
  let workers: Workers
  let slow: (name: JobName) => Work
  let successor: (name: JobName) => Work
  let laneId: number

  beforeAll(async () => {
    database = await open()
    workers = await openWorkers(database, 2)
    gate = await startGate(() => workers.sandboxUrl)
    const [one, other] = workers.services.map(({ config, ...services }) => ({
      ...services,
      config: { ...config, atlassian: { ...config.atlassian, apiUrl: gate.url } },
    }))
    if (!one || !other) throw new Error('There are too few workers.')
    slow = await worksOf(one)
    successor = await worksOf(other)
  })
  afterAll(async () => {
    await workers.close()
    await gate.close()
    await database.drop()
  })

  const db = () => workers.services[0]?.db as Services['db']
  const lane = () => db().selectFrom('sync_lanes').selectAll().where('id', '=', laneId).executeTakeFirstOrThrow()
  const phase = async () =>
    (await db().selectFrom('syncs').select('phase').orderBy('id', 'desc').executeTakeFirstOrThrow()).phase

  /** A sync of one lane that takes several responses, its first job delivered to nobody yet. */
  beforeEach(async () => {
    gate.before = () => {}
    gate.after = () => {}
    await workers.admin('DELETE', '/faults')
    await workers.admin('POST', '/rows', { max: 250 })
    await db().deleteFrom('site_paces').execute()
    await db().deleteFrom('pages').execute()
    await db().updateTable('syncs').set({ finished_at: new Date() }).where('finished_at', 'is', null).execute()
    const { id: syncId } = await db()
      .insertInto('syncs')
      .values({
        connection_id: workers.connection.id,
        kind: 'all',
        options: '{}',
        phase: 'queued',
        request_id: 'r',
        upload_id: `u${Date.now()}`,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await slow('sync-start')(delivery('start', 0, { syncId }))
    const lanes = await db().selectFrom('sync_lanes').selectAll().where('sync_id', '=', syncId).orderBy('id').execute()
    const [last, ...others] = lanes.reverse()
    if (!last) throw new Error('No lane was laid.')
    for (const { id } of others) await slow('sync-lane')(delivery(`other ${id}`, 0, { laneId: id }))
    await workers.admin('POST', '/rows', { max: 3 })
    laneId = last.id
  })

  const isOfLane = (url: string | undefined) => url?.includes('space-id=') ?? false

  it('is the successor’s alone: what the other had asked for is thrown away', async () => {
    const first = hold()
    const second = hold()
    const holds = [first, second]
    gate.after = async ({ url }) => {
      if (isOfLane(url)) await holds.shift()?.wait()
    }
    const before = slow('sync-lane')(delivery('job', 0, { laneId }))
    await first.reached
    // What the first answer says is not true any more when it arrives.
    const { pages } = await workers.admin('GET', '/truth?site=acme')
    const { space_ids } = await lane()
    const [page] = pages.filter(
      ({ spaceId, status }: { spaceId: string; status: string }) => space_ids.includes(spaceId) && status === 'current',
    )
    await workers.admin('PATCH', `/pages/${page.id}`, { title: 'Renamed meanwhile' })
    const after = successor('sync-lane')(delivery('job', 1, { laneId }))
    await second.reached
    first.release()
    await before
    expect(await db().selectFrom('pages').select('title').where('page_id', '=', page.id).execute()).toEqual([])
    second.release()
    await after
    expect(await phase()).toBe('done')
    expect(await db().selectFrom('pages').select('title').where('page_id', '=', page.id).execute()).toEqual([
      { title: 'Renamed meanwhile' },
    ])
  })

  it('is not taken back by one that begins late', async () => {
    const second = hold()
    gate.before = async ({ url }) => {
      if (isOfLane(url)) await second.wait()
    }
    const after = successor('sync-lane')(delivery('job', 1, { laneId }))
    await second.reached
    const { requests } = gate
    await slow('sync-lane')(delivery('job', 0, { laneId }))
    expect(gate.requests).toBe(requests)
    second.release()
    await after
    expect(await phase()).toBe('done')
  })

  it('is not started over where only the other’s cursor was refused', async () => {
    const [first, second] = [hold(), hold()]
    const holds = [first, second]
    gate.before = async ({ url }) => {
      if (isOfLane(url) && url?.includes('cursor=')) await holds.shift()?.wait()
    }
    const before = slow('sync-lane')(delivery('job', 0, { laneId }))
    await first.reached
    const after = successor('sync-lane')(delivery('job', 1, { laneId }))
    await second.reached
    const { next } = await lane()
    await workers.admin('POST', '/faults', { match: { route: '/wiki/api/v2/pages' }, times: 1, status: 400 })
    first.release()
    await before.catch(() => {})
    expect(await lane()).toMatchObject({ next, restarts: 0 })
    second.release()
    await after
    expect(await phase()).toBe('done')
  })

  it('is taken over from a job of another id', async () => {
    const first = hold()
    gate.after = async ({ url }) => {
      if (isOfLane(url)) await first.wait()
    }
    const before = slow('sync-lane')(delivery('job', 3, { laneId }))
    await first.reached
    gate.after = () => {}
    await successor('sync-lane')(delivery('rescued', 0, { laneId }))
    const { requests } = gate
    first.release()
    await before
    expect(gate.requests).toBe(requests)
    expect(await phase()).toBe('done')
  })
})
