import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { recordEvents, type WebhookEvent } from '../../src/webhooks/events.ts'
import { databases } from '../database.ts'

const fileReady = (id: number): WebhookEvent => ({
  type: 'FILE_READY',
  customerId: 'customer-1',
  objectType: 'FILE',
  objectId: String(id),
  information: { is_resync: false },
  key: `file:${id}`,
  afterKey: 'upload:1',
})
const filesCreated: WebhookEvent = {
  type: 'FILES_CREATED',
  customerId: 'customer-1',
  objectType: 'FILE_LIST',
  objectId: ['1', '2'],
  key: 'upload:1',
}

describe.each(databases)('recordEvents on the $kind database', ({ open }) => {
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

  const organization = async () =>
    (
      await database.kysely
        .insertInto('organizations')
        .values({ name: 'Acme' })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id
  const webhook = async (organizationId: number, url: string, events: string[] | null = null) =>
    (
      await database.kysely
        .insertInto('webhooks')
        .values({
          organization_id: organizationId,
          url,
          format: 'v1',
          events: events && JSON.stringify(events),
          sealed_key: 'sealed',
        })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id
  const record = (organizationId: number, events: WebhookEvent[]) =>
    database.kysely.transaction().execute((trx) => recordEvents(trx, organizationId, events))
  const deliveries = (organizationId: number) =>
    database.kysely
      .selectFrom('webhook_deliveries as delivery')
      .innerJoin('webhook_events as event', 'event.id', 'delivery.event_id')
      .selectAll('event')
      .select(['delivery.webhook_id', 'delivery.order_key', 'delivery.after_key', 'delivery.state'])
      .where('event.organization_id', '=', organizationId)
      .orderBy('delivery.id')
      .execute()

  it('writes nothing where there are no webhooks', async () => {
    const id = await organization()
    await record(id, [filesCreated])
    expect(await deliveries(id)).toEqual([])
  })

  it('writes a delivery for each webhook, in the order given, and keeps what it is told', async () => {
    const id = await organization()
    const first = await webhook(id, 'https://a.example.com')
    const second = await webhook(id, 'https://b.example.com')
    await record(id, [filesCreated, fileReady(1), fileReady(2)])
    const found = await deliveries(id)
    for (const target of [first, second])
      expect(
        found.filter(({ webhook_id }) => webhook_id === target).map(({ type, object_id }) => [type, object_id]),
      ).toEqual([
        ['FILES_CREATED', ['1', '2']],
        ['FILE_READY', '1'],
        ['FILE_READY', '2'],
      ])
    expect(found[0]).toMatchObject({ information: null, after_key: null, order_key: 'upload:1', state: 'pending' })
    expect(found.at(-1)).toMatchObject({
      information: { is_resync: false },
      after_key: 'upload:1',
      order_key: 'file:2',
      customer_id: 'customer-1',
    })
    expect(new Set(found.map(({ public_id }) => public_id)).size).toBe(3)
  })

  it('leaves out what a webhook does not want, and events that nobody wants', async () => {
    const id = await organization()
    const all = await webhook(id, 'https://a.example.com', ['FILE_READY', 'FILES_CREATED'])
    const few = await webhook(id, 'https://b.example.com', ['FILE_READY'])
    await record(id, [filesCreated, fileReady(1), { ...filesCreated, type: 'FILE_DELETED' }])
    expect((await deliveries(id)).map(({ type, webhook_id }) => [type, webhook_id])).toEqual([
      ['FILES_CREATED', all],
      ['FILE_READY', all],
      ['FILE_READY', few],
    ])
    const { count } = await database.kysely
      .selectFrom('webhook_events')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('organization_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(Number(count)).toBe(2)
  })

  it('does not exist when the transaction is rolled back', async () => {
    const id = await organization()
    await webhook(id, 'https://a.example.com')
    await database.kysely
      .transaction()
      .execute(async (trx) => {
        await recordEvents(trx, id, [filesCreated])
        throw new Error('no')
      })
      .catch(() => {})
    expect(await deliveries(id)).toEqual([])
  })

  it('takes more events than a statement takes parameters, in order', async () => {
    const id = await organization()
    await webhook(id, 'https://a.example.com')
    const many = Array.from({ length: 70_000 }, (_, index) => fileReady(index))
    await record(id, many)
    const found = await deliveries(id)
    expect(found.map(({ object_id }) => object_id)).toEqual(many.map(({ objectId }) => objectId))
  })

  it('leaves out characters that cannot be stored', async () => {
    const id = await organization()
    await webhook(id, 'https://a.example.com')
    await record(id, [
      { ...fileReady(1), customerId: 'a\0b', information: { 'k\0': ['x\0', { deep: 'half \ud800' }], n: 1 } },
    ])
    expect((await deliveries(id))[0]).toMatchObject({
      customer_id: 'ab',
      information: { k: ['x', { deep: 'half \ufffd' }], n: 1 },
    })
  })
})
