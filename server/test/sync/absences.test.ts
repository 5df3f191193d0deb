import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../src/db/database.ts'
import { countHeld, heldSpaces } from '../../src/sync/absences.ts'
import { databases } from '../database.ts'

describe.each(databases)('held deletions in the $kind database', ({ open }) => {
  let database: Database
  let drop: () => Promise<void>
  let connections: number[] = []

  beforeAll(async () => {
    const options = await open()
    drop = options.drop
    database = await openDatabase(options)
    const db = database.kysely
    const { id: organization_id } = await db
      .insertInto('organizations')
      .values({ name: 'Acme' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { id: user_id } = await db
      .insertInto('users')
      .values({ organization_id, customer_id: 'customer-1' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const rows = await db
      .insertInto('connections')
      .values(
        ['one', 'two', 'three'].map((cloud_id) => ({
          organization_id,
          user_id,
          cloud_id,
          site_name: 'Acme',
          site_host: 'acme.atlassian.net',
          account_id: 'a',
          account_name: 'Jane',
          status: 'active' as const,
          sync_status: 'READY' as const,
          last_sync_action: 'UPDATE' as const,
        })),
      )
      .returning('id')
      .execute()
    connections = rows.map(({ id }) => id)
    const states = { one: ['held', 'held', 'missed'], two: ['held'], three: ['refused', 'missed'] } as const
    for (const [index, list] of Object.values(states).entries())
      for (const [place, state] of list.entries()) {
        const connection_id = connections[index] ?? 0
        const { id: file_id } = await db
          .insertInto('pages')
          .values({ organization_id, user_id, connection_id, page_id: `p${place}`, sync_status: 'READY' })
          .returning('id')
          .executeTakeFirstOrThrow()
        await db
          .insertInto('absences')
          .values({
            file_id,
            connection_id,
            space_id: `s${place}`,
            first_missed_by: 1,
            missed_by: 2,
            state,
            ...(state === 'held' && { reason: 'many_vanished', held_by: 2, held_at: new Date('2026-01-01T00:00:00Z') }),
          })
          .execute()
      }
  })
  afterAll(async () => {
    await database.close()
    await drop()
  })

  it('are counted over all connections', async () => {
    expect(await countHeld(database.kysely)).toEqual({ pages: 3, connections: 2 })
  })

  it('are told by space', async () => {
    const held = { name: null, pages: 1, since: new Date('2026-01-01T00:00:00Z'), reason: 'many_vanished' }
    expect(await heldSpaces(database.kysely, connections[0] ?? 0)).toEqual([
      { ...held, spaceId: 's0' },
      { ...held, spaceId: 's1' },
    ])
    expect(await heldSpaces(database.kysely, connections[2] ?? 0)).toEqual([])
  })
})
