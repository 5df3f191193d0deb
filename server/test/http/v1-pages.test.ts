import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backend, connectOnly, type Stack, startStack, syncEnd, type TruePage } from '../stack.ts'

let stack: Stack
let connection: number
let pages: TruePage[]
const call: ReturnType<typeof backend> = (...words) => backend(stack.url)(...words)
const walk = async (path: string, key: string): Promise<{ id: number; externalId: string }[]> => {
  const found = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { status, body } = await call(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=7${cursor && `&cursor=${cursor}`}`,
    )
    expect(status).toBe(200)
    found.push(...body[key])
    cursor = body.nextCursor
  }
  return found
}

beforeAll(async () => {
  stack = await startStack()
  connection = (await connectOnly(stack, call)).id
  const { body } = await call('GET', `${stack.sandbox.url}/sandbox/truth?site=acme`)
  pages = body.pages.filter(
    (page: TruePage) => page.status === 'current' && page.spaceStatus === 'current' && !page.restricted,
  )
})
afterAll(() => stack.close())

describe('/v1', () => {
  it('says what a sync of picked pages started', async () => {
    const ids = pages.slice(0, 3).map(({ id }) => id)
    const { body } = await call('POST', `/v1/connections/${connection}/sync`, { pages: ids, tags: { a: 1 } })
    expect(body).toEqual({
      syncId: expect.any(Number),
      requestId: expect.any(String),
      uploadId: expect.any(String),
      fileIds: [expect.any(Number), expect.any(Number), expect.any(Number)],
    })
    expect(await syncEnd(call, connection)).toMatchObject({ phase: 'done', pages: { synced: 3, total: 3 } })
    const found = await walk(`/v1/pages?requestId=${body.requestId}`, 'pages')
    expect(found.map(({ id }) => id).sort()).toEqual(body.fileIds.sort())
    expect(found[0]).toMatchObject({ status: 'READY', error: null, tags: { a: '1' }, connectionId: connection })
  })

  it('gives the content in every format, for the same credentials', async () => {
    const [page] = await walk('/v1/pages', 'pages')
    const one = (await call('GET', `/v1/pages/${page?.id}`)).body
    for (const [format, type] of [
      ['html', 'text/html'],
      ['text', 'text/plain'],
      ['markdown', 'text/markdown'],
    ] as const) {
      const answer = await call('GET', one.contents[format])
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toContain(type)
      expect(answer.headers.get('cache-control')).toContain('no-store')
    }
    expect((await call('GET', `/v1/pages/${page?.id}/content?format=pdf`)).status).toBe(400)
    const other = backend(stack.url, 'customer-2')
    expect((await other('GET', one.contents.html)).status).toBe(404)
    expect((await fetch(stack.url + one.contents.html)).status).toBe(401)
  })

  it('syncs everything where nothing was picked, and walks it from cursor to cursor', async () => {
    const { body } = await call('POST', `/v1/connections/${connection}/sync`, { requestId: 'all' })
    expect(body).toMatchObject({ requestId: 'all', fileIds: [] })
    await syncEnd(call, connection)
    const found = await walk(`/v1/pages?connectionId=${connection}`, 'pages')
    expect(found.map(({ externalId }) => externalId).sort()).toEqual(pages.map(({ id }) => id).sort())
    expect(found.map(({ id }) => id)).toEqual([...found.map(({ id }) => id)].sort((a, b) => a - b))
  })

  it('lists the tree and searches it', async () => {
    const spaces = await walk(`/v1/connections/${connection}/items`, 'items')
    expect(spaces.length).toBeGreaterThan(1)
    const below = await walk(`/v1/connections/${connection}/items?parent=${spaces[0]?.externalId}`, 'items')
    expect(below[0]).toMatchObject({ type: 'PAGE', parentExternalId: spaces[0]?.externalId })
    const searched = await walk(`/v1/connections/${connection}/items?search=${pages[0]?.title.slice(0, 5)}`, 'items')
    expect(searched.map(({ externalId }) => externalId)).toContain(pages[0]?.id)
  })

  it.each([
    ['GET', '/v1/pages/999999'],
    ['GET', '/v1/pages/999999/content'],
    ['GET', '/v1/connections/999999/items'],
  ])('%s %s is not there', async (method, path) => {
    expect(await call(method, path)).toMatchObject({ status: 404, body: { error: { code: 'unknown' } } })
  })

  it.each([['/v1/pages?cursor=x'], ['/v1/pages?cursor=99999999999'], ['/v1/pages?limit=0'], ['/v1/pages?limit=999']])(
    'refuses %s',
    async (path) => {
      expect((await call('GET', path)).status).toBe(422)
    },
  )

  it('refuses ids that cannot be Confluence’s', async () => {
    expect((await call('POST', `/v1/connections/${connection}/sync`, { pages: ['../x'] })).status).toBe(422)
  })
})
