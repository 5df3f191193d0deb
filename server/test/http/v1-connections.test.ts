import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databases, type TestDatabase } from '../database.ts'
import { backend, connect, type Stack, startStack, syncEnd } from '../stack.ts'

describe.each(databases)('the connected accounts on the $kind database', ({ open }) => {
  let database: TestDatabase
  let stack: Stack
  let customer = 0
  let acme: number
  let globex: number
  const call: ReturnType<typeof backend> = (...words) => backend(stack.url, `customer-${customer}`)(...words)
  const listed = async (tags?: unknown): Promise<{ id: number; status: string }[]> => {
    const query = tags === undefined ? '' : `?${new URLSearchParams({ tags: JSON.stringify(tags) })}`
    const { status, body } = await call('GET', `/v1/connections${query}`)
    expect(status).toBe(200)
    return body.connections
  }
  const ids = async (tags?: unknown) => (await listed(tags)).map(({ id }) => id)

  beforeAll(async () => {
    database = await open()
    stack = await startStack({ databaseUrl: database.databaseUrl, dataDir: database.dataDir })
  })
  afterAll(async () => {
    await stack.close()
    await database.drop()
  })
  beforeEach(async () => {
    customer += 1
    const wishes = (tags: object) => ({ wishes: { dataSourceTags: tags } })
    acme = (await connect(stack, call, { site: 'acme', ...wishes({ team: 'docs', plan: ['a', 'b'] }) })).connection.id
    globex = (await connect(stack, call, { site: 'globex', ...wishes({ team: 'support' }) })).connection.id
    await syncEnd(call, acme)
    await syncEnd(call, globex)
  })

  it('are all there without a filter, in the order in which they came', async () => {
    expect(await ids()).toEqual([acme, globex])
  })

  it('are filtered by tags, as data sources are', async () => {
    expect(await ids({ team: 'docs' })).toEqual([acme])
    expect(await ids({ team: ['docs', 'support'] })).toEqual([acme, globex])
    expect(await ids({ plan: 'b' })).toEqual([acme])
    expect(await ids({ team: 'nobody' })).toEqual([])
    expect(await ids({})).toEqual([acme, globex])
    expect(await ids({ AND: [{ key: 'team', value: 'docs', negate: true }] })).toEqual([globex])
    const either = {
      OR: [
        { key: 'team', value: 'docs' },
        { key: 'team', value: 'support' },
      ],
    }
    expect(await ids(either)).toEqual([acme, globex])
    const mine = [acme, globex]
    customer += 1
    // An OR must not let in what is somebody else's.
    expect(await ids(either)).toEqual([])
    customer -= 1
    expect(await ids(either)).toEqual(mine)
  })

  it.each([
    ['no JSON', '{', 422],
    ['a list', '[]', 422],
    ['nothing', 'null', 422],
    ['text', '"x"', 422],
    ['an empty text', '', 422],
    ['a group without conditions', '{"AND":[]}', 400],
    ['a condition without a value', '{"OR":[{"key":"x"}]}', 400],
  ])('refuse %s for tags', async (_, tags, status) => {
    const answer = await call('GET', `/v1/connections?${new URLSearchParams({ tags })}`)
    expect(answer.status).toBe(status)
    expect(answer.body.error.message).toContain('tags')
  })

  it('stay in the list when they are disconnected, while pages of them are kept', async () => {
    await call('POST', `/v1/connections/${acme}/disconnect`, { deletePages: false })
    expect(await listed()).toMatchObject([
      { id: acme, status: 'disconnected' },
      { id: globex, status: 'active' },
    ])
    // Connecting it again is the same connection.
    expect((await connect(stack, call, { site: 'acme' })).connection.id).toBe(acme)
    await syncEnd(call, acme)
    expect(await listed()).toMatchObject([{ id: acme, status: 'active' }, { id: globex }])
    await call('POST', `/v1/connections/${acme}/disconnect`, { deletePages: false })
    await call('POST', `/v1/connections/${acme}/pages/delete`, { all: {} })
    expect(await ids()).toEqual([globex])
  })

  it('leave the list at once when their pages go with them', async () => {
    await call('POST', `/v1/connections/${globex}/disconnect`, {})
    expect(await ids()).toEqual([acme])
  })
})
