import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import { backend, connect, type Stack, startStack, stored, syncEnd, type TruePage, truth } from '../stack.ts'

const MB = 1024 * 1024
const paragraph = `<p>${'A long page holds many words. '.repeat(40)}</p>`
const body = (bytes: number) => paragraph.repeat(Math.floor(bytes / paragraph.length))

describe.each(databases)('very large pages on the $kind database', ({ open }) => {
  let stack: Stack
  let drop: () => Promise<void>
  let call: ReturnType<typeof backend>
  const admin: ReturnType<typeof backend> = (method, path, given) =>
    call(method, `${stack.sandbox.url}/sandbox${path}`, given)

  beforeAll(async () => {
    const options = await open()
    drop = options.drop
    stack = await startStack({ ...options, sandbox: { pages: 12, spaces: 1 } })
    call = backend(stack.url)
  }, 60_000)
  afterAll(async () => {
    await stack.close()
    await drop()
  })

  it('a page of 30 MB is synced, one beyond what is held is recorded, and so are all others', {
    timeout: 240_000,
  }, async () => {
    const { pages } = (await admin('GET', '/truth?site=acme')).body
    const { space } = pages.find((page: TruePage) => page.status === 'current' && page.spaceStatus === 'current')
    const make = async (title: string, bytes: number) =>
      (await admin('POST', '/pages', { site: 'acme', space, title, body: body(bytes) })).body.id
    const large = await make('Large', 30 * MB)
    const tooLarge = await make('Too large', 42 * MB)
    const last = await make('Last', 1000)
    const { connection } = await connect(stack, call)
    const all = await truth(stack, 'acme')
    expect(await syncEnd(call, connection.id, 200)).toMatchObject({
      phase: 'done',
      pages: { synced: all.length - 1, failed: 1 },
    })
    const statuses = (
      await call('POST', '/user_files_v2', { filters: { external_file_ids: [large, tooLarge, last] }, order_by: 'id' })
    ).body.results.map((file: { sync_status: string }) => file.sync_status)
    expect(statuses).toEqual(['READY', 'SYNC_ERROR', 'READY'])
    expect(await stored(call)).toEqual(all)
  })
})
