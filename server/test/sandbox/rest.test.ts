import { describe, expect, it } from 'vitest'
import { connect, type List, post, type Row } from './support.ts'

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe('access to REST v2', () => {
  const mismatch = { code: 401, message: 'Unauthorized; scope does not match' }

  it.each([
    '/pages/1/ancestors',
    '/pages/1/direct-children',
    '/pages/1/descendants',
    '/folders/1',
    '/whiteboards/1',
    '/databases/1',
    '/embeds/1',
    '/folders/1/direct-children',
    '/pages/1/attachments',
    '/attachments',
    '/footer-comments',
    '/pages/1/inline-comments',
    '/tasks',
    '/custom-content?type=x',
    '/labels',
    '/space-permissions',
    '/wiki/rest/api/search?cql=type=page',
  ])('needs another scope for %s', async (path) => {
    const { get } = await connect({ pages: 0 })
    const response = await get(path)
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual(mismatch)
  })

  it('checks scopes before it looks for anything', async () => {
    const { get } = await connect({ pages: 0 }, { scope: 'read:me read:space:confluence' })
    expect((await get('/pages/999')).status).toBe(401)
    expect(await (await get('/spaces/98306/pages')).json()).toEqual(mismatch)
    expect((await get('/spaces')).status).toBe(200)
  })

  it('refuses writing', async () => {
    const { sandbox, tokens } = await connect({ pages: 0 })
    const headers = { Authorization: `Bearer ${tokens.access_token}` }
    const path = `/ex/confluence/${sandbox.world.sites[0]?.cloudId}/wiki/api/v2/pages/98307`
    expect((await sandbox.app.request(path, { method: 'DELETE', headers })).status).toBe(401)
  })

  it('refuses unknown tokens, and expired ones in either way', async () => {
    const { sandbox, get } = await connect({ pages: 0 })
    expect((await get('/spaces', 'nonsense')).status).toBe(401)
    await post(sandbox.app, '/sandbox/expire-tokens', {})
    const expired = await get('/spaces')
    expect(expired.status).toBe(401)
    expect(await expired.json()).toEqual({ code: 401, message: 'Unauthorized' })
    await post(sandbox.app, '/sandbox/expire-tokens', { answer: 404 })
    const disguised = await get('/spaces')
    expect(disguised.status).toBe(404)
    expect(await disguised.json()).toEqual({
      errors: [{ status: 404, code: 'NOT_FOUND', title: 'Not Found', detail: null }],
    })
  })

  it('expires a token after an hour', async () => {
    const { sandbox, get } = await connect({ pages: 0 })
    sandbox.clock.advance(3_599_000)
    expect((await get('/spaces')).status).toBe(200)
    sandbox.clock.advance(1_000)
    expect((await get('/spaces')).status).toBe(401)
  })

  it('refuses a site that was not granted, or whose admin has uninstalled the app', async () => {
    const { sandbox, get, tokens } = await connect({ pages: 0 })
    const gone = { code: 403, message: 'The app is not installed on this instance' }
    const globex = `/ex/confluence/${sandbox.world.sites[1]?.cloudId}/wiki/api/v2/spaces`
    const other = await sandbox.app.request(globex, { headers: { Authorization: `Bearer ${tokens.access_token}` } })
    expect(other.status).toBe(403)
    await post(sandbox.app, '/sandbox/uninstall', { site: 'acme' })
    const response = await get('/spaces')
    expect(response.status).toBe(403)
    expect(await response.json()).toEqual(gone)
    await post(sandbox.app, '/sandbox/install', { site: 'acme' })
    expect((await get('/spaces')).status).toBe(200)
  })

  it('refuses people without Confluence', async () => {
    const { get } = await connect({ pages: 0 }, { account: 'lee' })
    const response = await get('/spaces?limit=1')
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ errors: [{ title: 'Current user not permitted to use Confluence' }] })
  })
})

describe('spaces', () => {
  it('come in the recorded shape, by id', async () => {
    const { json } = await connect()
    const { results, _links } = await json<{ results: Record<string, unknown>[]; _links: object }>('/spaces')
    expect(_links).toEqual({ base: 'https://acme.atlassian.net/wiki' })
    expect(results[0]).toEqual({
      spaceOwnerId: expect.any(String),
      createdAt: expect.stringMatching(timestamp),
      authorId: expect.any(String),
      homepageId: '98307',
      icon: null,
      description: null,
      status: 'current',
      name: 'Product documentation',
      key: 'DOCS',
      id: '98306',
      type: 'global',
      _links: { webui: '/spaces/DOCS' },
      currentActiveAlias: 'DOCS',
    })
    const ids = results.map((space) => Number(space.id))
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
  })

  it.each([
    ['keys=DOCS,ENGI', ['DOCS', 'ENGI']],
    ['keys=DOCS&keys=ENGI&sort=-key', ['ENGI', 'DOCS']],
    ['ids=98306', ['DOCS']],
    ['status=archived', ['OLD']],
    ['type=knowledge_base', []],
    ['labels=x', []],
    ['favorited-by=x', []],
    ['status=current&type=global&limit=2&sort=name', ['CUST', 'ENGI']],
  ])('can be asked for with %s', async (query, keys) => {
    const { json } = await connect()
    const { results } = await json<{ results: { key: string }[] }>(`/spaces?${query}`)
    expect(results.map((space) => space.key)).toEqual(keys)
  })

  it('are read singly, with details', async () => {
    const { json, get } = await connect()
    expect(await json('/spaces/98306?description-format=plain&include-icon=true')).toMatchObject({
      key: 'DOCS',
      description: { plain: { representation: 'plain' } },
      icon: { path: expect.any(String) },
      _links: { webui: '/spaces/DOCS', base: 'https://acme.atlassian.net/wiki' },
    })
    for (const path of ['labels', 'content/labels', 'properties', 'permissions', 'operations']) {
      expect((await get(`/spaces/98306/${path}`)).status).toBe(200)
    }
    expect((await get('/data-policies/spaces')).status).toBe(200)
    for (const path of ['/spaces/1', '/spaces/x', '/spaces/1/pages', '/spaces/1/labels'])
      expect((await get(path)).status).toBe(404)
  })
})

describe('pages', () => {
  it('come in the recorded shape', async () => {
    const { json } = await connect()
    const { results } = await json('/pages?id=544178405')
    expect(results).toEqual([
      {
        parentType: 'page',
        parentId: expect.any(String),
        ownerId: expect.any(String),
        lastOwnerId: null,
        position: expect.any(Number),
        createdAt: expect.stringMatching(timestamp),
        authorId: expect.any(String),
        version: {
          number: expect.any(Number),
          message: '',
          minorEdit: false,
          authorId: expect.any(String),
          createdAt: expect.stringMatching(timestamp),
          ncsStepVersion: null,
        },
        spaceId: '98306',
        status: 'current',
        body: {},
        title: '관리자 매뉴얼',
        id: '544178405',
        _links: {
          editui: '/pages/resumedraft.action?draftId=544178405',
          webui: '/spaces/DOCS/pages/544178405',
          edituiv2: '/spaces/DOCS/pages/edit-v2/544178405',
          tinyui: expect.stringMatching(/^\/x\/[\w-]+$/),
        },
      },
    ])
    expect((await json('/pages?id=1454342158')).results[0]?._links.webui).toBe(
      '/spaces/DOCS/pages/1454342158/Identity+Providers',
    )
    expect((await json('/pages?id=98307')).results[0]?._links.webui).toBe('/spaces/DOCS/overview')
  })

  it('make short links of the id’s bytes, lowest first', async () => {
    const { json } = await connect({ pages: 0 })
    expect((await json('/pages?id=98307')).results[0]?._links.tinyui).toBe('/x/A4AB')
  })

  it('have 25 rows where no limit is given, current and archived ones where no status is given', async () => {
    const { json, all } = await connect({ pages: 200 })
    expect((await json('/pages')).results).toHaveLength(25)
    const statuses = async (query: string) => new Set((await all(`/pages?limit=250${query}`)).map((row) => row.status))
    expect(await statuses('')).toEqual(new Set(['current', 'archived']))
    expect(await statuses('&status=trashed')).toEqual(new Set(['trashed']))
    expect(await statuses('&status=current,trashed')).toEqual(new Set(['current', 'trashed']))
    expect(await statuses('&status=deleted')).toEqual(new Set())
  })

  it.each<[string, (row: Row) => string | number, boolean]>([
    ['id', (row) => Number(row.id), false],
    ['-id', (row) => Number(row.id), true],
    ['created-date', (row) => row.createdAt, false],
    ['-modified-date', (row) => row.version.createdAt, true],
    ['title', (row) => row.title, false],
    ['-title', (row) => row.title, true],
  ])('are sorted by %s through all pages of the list', async (sort, of, descending) => {
    const { all } = await connect()
    const values = (await all(`/pages?limit=7&sort=${sort}`)).map(of)
    const ascending = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    expect(values).toEqual(descending ? ascending.toReversed() : ascending)
  })

  it('can be asked for by space, depth, title and subtype', async () => {
    const { json, all } = await connect()
    const one = await all('/spaces/98306/pages?limit=250')
    expect(new Set(one.map((row) => row.spaceId))).toEqual(new Set(['98306']))
    expect(await all('/pages?space-id=98306&limit=250')).toEqual(one)
    expect((await all('/spaces/98306/pages?depth=root')).map((row) => row.id)).toEqual(['98307'])
    expect((await json('/pages?title=Identity%20Providers')).results).toHaveLength(1)
    expect((await all('/pages?subtype=live')).map((row) => row.subtype)).toEqual(['live'])
    expect((await all('/pages?subtype=page&limit=250')).some((row) => row.subtype)).toBe(false)
    const several = one.slice(0, 3).map((row) => row.id)
    expect((await json(`/pages?id=${several.join('&id=')}`)).results.map((row) => row.id)).toEqual(several)
  })

  it('are read singly in every format', async () => {
    const { json } = await connect()
    for (const format of [
      'storage',
      'atlas_doc_format',
      'view',
      'export_view',
      'anonymous_export_view',
      'styled_view',
      'editor',
    ]) {
      const page = await json<Row>(`/pages/544113141?body-format=${format}`)
      expect(page.body[format]).toMatchObject({
        representation: format,
        value: expect.stringContaining('DB Access History'),
      })
      expect(page._links.base).toBe('https://acme.atlassian.net/wiki')
    }
    expect((await json<Row>('/pages/544113141')).body).toEqual({})
  })

  it('are rendered as Confluence does: without captions, macros’ parameters and storage elements', async () => {
    const { sandbox, json } = await connect({ pages: 0 })
    const body =
      '<ac:image><ri:attachment ri:filename="a b.png" /><ac:caption><p>CAPTION</p></ac:caption></ac:image><ac:structured-macro ac:name="info"><ac:parameter ac:name="icon">PARAMETER</ac:parameter><ac:rich-text-body><p>kept &amp; &nbsp;safe</p></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">DONE</ac:parameter></ac:structured-macro><ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[if (a < b) &nbsp;]]></ac:plain-text-body></ac:structured-macro>'
    await post(sandbox.app, '/sandbox/pages/98307', { body }, 'PATCH')
    const { value = '' } = (await json<Row>('/pages/98307?body-format=view')).body.view ?? {}
    expect(value).toContain('https://acme.atlassian.net/wiki/download/attachments/98307/a%20b.png')
    for (const kept of ['confluence-information-macro-information', 'kept &amp; ', 'DONE', 'if (a &lt; b) &amp;nbsp;'])
      expect(value).toContain(kept)
    for (const lost of ['CAPTION', 'PARAMETER', '<ac:', '<ri:', 'CDATA']) expect(value).not.toContain(lost)
  })

  it('include what is asked for', async () => {
    const { json } = await connect()
    const page = await json<Record<string, unknown>>(
      '/pages/544178405?include-labels=true&include-versions=true&include-likes=true&include-properties=true&include-operations=true&include-version=false&include-favorited-by-current-user-status=true',
    )
    expect(page.labels).toMatchObject({ meta: { hasMore: false }, _links: { self: '/api/v2/pages/544178405/labels' } })
    expect(page.versions).toMatchObject({ results: expect.arrayContaining([expect.objectContaining({ number: 1 })]) })
    for (const name of ['likes', 'properties', 'operations']) expect(page[name]).toHaveProperty('results')
    expect(page).toMatchObject({ isFavoritedByCurrentUser: false })
    expect(page).not.toHaveProperty('version')
  })

  it('are read in earlier versions', async () => {
    const { sandbox, json, get } = await connect({ pages: 0 })
    await post(sandbox.app, '/sandbox/pages/98307', {}, 'PATCH')
    expect(await json('/pages/98307?version=1')).toMatchObject({ status: 'historical', version: { number: 1 } })
    expect(await json('/pages/98307?version=2')).toMatchObject({ status: 'current', version: { number: 2 } })
    expect((await get('/pages/98307?version=3')).status).toBe(404)
  })

  it('are found in the trash by id, and not after that', async () => {
    const { sandbox, json, get } = await connect()
    await post(sandbox.app, '/sandbox/pages/544178405/trash', {})
    expect(await json('/pages/544178405')).toMatchObject({ status: 'trashed' })
    expect((await get('/pages/544178405?status=current')).status).toBe(404)
    await sandbox.app.request('/sandbox/pages/544178405', { method: 'DELETE' })
    const gone = await get('/pages/544178405')
    expect(gone.status).toBe(404)
    expect(await gone.json()).toEqual({
      errors: [{ status: 404, code: 'NOT_FOUND', title: 'Cannot find a page with id [544178405]', detail: null }],
    })
  })

  it('are hidden where they are restricted', async () => {
    const { sandbox, json, get } = await connect()
    await post(sandbox.app, '/sandbox/pages/544178405/restrict', {})
    expect((await json('/pages?id=544178405')).results).toEqual([])
    expect((await get('/pages/544178405')).status).toBe(404)
  })

  it('disappear where a data security policy keeps apps out of the space, which is listed still', async () => {
    const { sandbox, json, get } = await connect()
    await post(sandbox.app, '/sandbox/block-space', { space: 'DOCS' })
    expect((await json('/pages?space-id=98306')).results).toEqual([])
    const single = await get('/pages/544178405')
    expect(single.status).toBe(404)
    expect(single.headers.get('atlassian-datasecuritypolicy')).toBe('app_access_blocked')
    expect((await get('/pages/1')).headers.get('atlassian-datasecuritypolicy')).toBeNull()
    expect((await get('/spaces/98306')).status).toBe(200)
    await post(sandbox.app, '/sandbox/block-space', { space: 'DOCS', blocked: false })
    expect((await get('/pages/544178405')).status).toBe(200)
  })

  it('have labels, versions, likes and children', async () => {
    const { json, get, all } = await connect()
    for (const path of ['labels', 'versions', 'properties', 'operations', 'likes/count', 'likes/users']) {
      expect((await get(`/pages/544178405/${path}`)).status).toBe(200)
      expect((await get(`/pages/1/${path}`)).status).toBe(404)
    }
    expect(await (await get('/pages/1/properties')).json()).toMatchObject({
      errors: [{ title: 'Could not find page with id [1]' }],
    })
    const children = (await json<{ results: object[] }>('/pages/98307/children?limit=2')).results
    expect(children).toHaveLength(2)
    expect(Object.keys(children[0] ?? {}).sort()).toEqual(['childPosition', 'id', 'spaceId', 'status', 'title'])
    const labelled = await all('/labels/1001/pages?limit=250')
    expect(labelled.length).toBeGreaterThan(0)
  })

  it('have blog posts beside them', async () => {
    const { json, get } = await connect()
    const { results } = await json<List>('/blogposts?body-format=storage')
    expect(results).toHaveLength(6)
    expect(results[0]?._links.webui).toMatch(/^\/spaces\/ENGI\/blog\/2024\/06\/01\/\d+\/Spring\+news$/)
    expect(results[0]).not.toHaveProperty('parentId')
    expect((await get(`/blogposts/${results[0]?.id}`)).status).toBe(200)
    expect((await get(`/pages/${results[0]?.id}`)).status).toBe(404)
    expect((await json(`/spaces/${results[0]?.spaceId}/blogposts`)).results).toHaveLength(3)
  })
})

describe('bad parameters', () => {
  it('get the recorded answer for a cursor', async () => {
    const { get, json } = await connect()
    const foreign = (await json('/pages?sort=title&limit=1'))._links.next?.match(/cursor=([^&]+)/)?.[1]
    for (const cursor of ['nonsense', '%7B%7D', 'e30=', foreign]) {
      const response = await get(`/pages?cursor=${cursor}`)
      expect(response.status).toBe(400)
      expect(await response.json()).toEqual({
        errors: [
          {
            status: 400,
            code: 'INVALID_REQUEST_PARAMETER',
            title: "Provided value for 'cursor' is not the correct type. Expected type is Cursor.",
            detail:
              'The provided cursor was not valid. You can get a new valid cursor by making the original pagination request again.',
          },
        ],
      })
    }
  })

  it.each([
    '/pages?limit=251',
    '/pages?limit=0',
    '/pages?limit=ten',
    '/pages?status=gone',
    '/pages?sort=position',
    '/pages?body-format=view',
    '/spaces/98306/pages?body-format=export_view',
    '/pages?id=x',
    `/pages?id=${Array.from({ length: 251 }, (_, id) => id).join(',')}`,
    `/pages?space-id=${Array.from({ length: 101 }, (_, id) => id).join(',')}`,
    '/spaces?type=secret',
    '/pages/98307?body-format=pdf',
    '/pages/98307?version=0',
    '/pages/98307?include-labels=maybe',
  ])('are refused: %s', async (path) => {
    const { get } = await connect({ pages: 0 })
    const response = await get(path)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ status: 400, code: 'INVALID_REQUEST_PARAMETER' }] })
  })

  it('leave unknown parameters and paths in peace', async () => {
    const { get } = await connect({ pages: 0 })
    expect((await get('/pages?expand=body')).status).toBe(200)
    expect((await get('/nothing')).status).toBe(404)
    expect((await get('/pages/x')).status).toBe(404)
  })
})

describe('headers', () => {
  it('are those of Atlassian’s edge', async () => {
    const { get } = await connect()
    const { headers } = await get('/pages?limit=250&space-id=98306')
    expect(headers.get('server')).toBe('AtlassianEdge')
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('link')).toBe('<https://acme.atlassian.net/wiki>; rel="base"')
    expect(headers.get('atl-traceid')).toMatch(/^[0-9a-f-]{32,36}$/)
    expect(headers.get('atl-request-id')).toMatch(/^[0-9a-f-]{32,36}$/)
    expect(headers.get('x-confluence-request-time')).toMatch(/^\d+$/)
  })

  it('and bodies name the next page without host and cloud id', async () => {
    const { get } = await connect()
    const response = await get('/spaces/98306/pages?limit=2&depth=all')
    const { next = '' } = ((await response.json()) as List)._links
    expect(next).toMatch(/^\/wiki\/api\/v2\/spaces\/98306\/pages\?/)
    expect(response.headers.get('link')).toBe(`<${next}>; rel="next", <https://acme.atlassian.net/wiki>; rel="base"`)
    const cursor = new URL(next, 'https://x').searchParams.get('cursor') ?? ''
    expect(JSON.parse(Buffer.from(cursor, 'base64').toString())).toEqual({
      id: expect.any(String),
      contentOrder: 'id',
      contentOrderValue: expect.any(Number),
    })
  })
})

describe('paging while people work', () => {
  it('gives every page exactly once by id, whatever is edited, moved, created and deleted meanwhile', async () => {
    const { sandbox, all } = await connect({ pages: 150 })
    const { editor } = sandbox
    const before = (await all('/pages?limit=250&status=current')).map((row) => row.id)
    const deleted = before.at(-1) as string
    const walked = await all('/pages?limit=10&status=current&sort=id', (page) => {
      editor.edit(before[page * 3] as string, { body: '<p>new</p>' })
      editor.move(before[page * 4 + 20] as string, { parentId: '98307' })
      editor.create({ site: 'acme', space: 'DOCS', title: `Meanwhile ${page}` })
      if (page === 2) editor.purge(deleted)
      if (page === 3) editor.purge(before[1] as string)
    })
    const ids = walked.map((row) => row.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(before.filter((id) => id !== deleted && !ids.includes(id))).toEqual([])
    expect(ids).not.toContain(deleted)
  })

  it('misses a page by -modified-date that is edited ahead of the walk, and has it in the next one', async () => {
    const { sandbox, all } = await connect({ pages: 50 })
    const last = (await all('/pages?sort=-modified-date&limit=250')).at(-1)?.id as string
    const walked = await all('/pages?sort=-modified-date&limit=10', (page) => {
      if (page === 1) sandbox.editor.edit(last, {})
    })
    expect(walked.map((row) => row.id)).not.toContain(last)
    expect((await all('/pages?sort=-modified-date&limit=10'))[0]?.id).toBe(last)
  })

  it('ends with a full page that has no next', async () => {
    const { json, all } = await connect({ pages: 0 })
    const count = (await all('/pages?limit=250')).length
    expect((await json(`/pages?limit=${count}`))._links.next).toBeUndefined()
    expect((await json(`/pages?limit=${count - 1}`))._links.next).toBeDefined()
  })
})
