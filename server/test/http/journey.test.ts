import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databases } from '../database.ts'
import { backend, connect, type Stack, startStack, syncEnd } from '../stack.ts'

describe.each(databases)('the main job on the $kind database', ({ open }) => {
  let stack: Stack
  let drop: () => Promise<void>
  const call: ReturnType<typeof backend> = (...words) => backend(stack.url)(...words)

  beforeAll(async () => {
    const options = await open()
    drop = options.drop
    stack = await startStack({ ...options, sandbox: { pages: 400, spaces: 5 } })
  })
  afterAll(async () => {
    await stack.close()
    await drop()
  })

  it('connects a site and syncs each of its current pages exactly once', async () => {
    const flow = await connect(stack, call)
    expect(flow).toMatchObject({
      status: 'connected',
      account: { name: 'Jane Doe' },
      connection: { site: { host: 'acme.atlassian.net' }, status: 'active' },
    })

    const progress = await syncEnd(call, flow.connection.id)
    const truth = (await call('GET', `${stack.sandbox.url}/sandbox/truth?site=acme`)).body
    const expected = truth.pages.filter(
      (page: { status: string; spaceStatus: string; restricted: boolean }) =>
        page.status === 'current' && page.spaceStatus === 'current' && !page.restricted,
    )
    expect(progress).toMatchObject({
      phase: 'done',
      error: null,
      pages: { synced: expected.length, failed: 0, total: expected.length },
    })

    const stored: { external_file_id: string; name: string; sync_status: string }[] = []
    for (let offset = 0; offset < expected.length; offset += 250) {
      const { body } = await call('POST', '/user_files_v2', { pagination: { limit: 250, offset }, order_by: 'id' })
      expect(body.count).toBe(expected.length)
      stored.push(...body.results)
    }
    expect(stored.map((file) => [file.external_file_id, file.name]).sort()).toEqual(
      expected.map((page: { id: string; title: string }) => [page.id, page.title]).sort(),
    )
    expect(new Set(stored.map((file) => file.sync_status))).toEqual(new Set(['READY']))
  })

  it('gives each page as HTML and as plain text by a link that needs no header', async () => {
    const { body } = await call('POST', '/user_files_v2', {
      pagination: { limit: 3 },
      include_raw_file: true,
      include_parsed_text_file: true,
    })
    for (const file of body.results) {
      const html = await fetch(file.presigned_url)
      expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(html.headers.get('content-security-policy')).toContain('sandbox')
      expect(await html.text()).toMatch(/^<!doctype html>[\s\S]*<title>/)
      const text = await fetch(file.parsed_text_url)
      expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(await text.text()).not.toMatch(/<\/(p|td|li|h[1-6]|ac:[a-z-]+)>|<ac:|<ri:/)
      expect((await fetch(file.presigned_url.replace('.html', '.txt'))).status).toBe(403)
    }
  })

  it('reports the data source in Carbon’s shape', async () => {
    const { body } = await call('POST', '/user_data_sources', { filters: { revoked_access: false, tags: {} } })
    expect(body).toMatchObject({
      count: 1,
      results: [
        {
          data_source_type: 'CONFLUENCE',
          sync_status: 'READY',
          last_sync_action: 'UPDATE',
          token: null,
          revoked_access: false,
        },
      ],
    })
    expect(body.results[0].data_source_external_id).toMatch(/^[^|]+\|jane@acme\.example\|[^|/]+\/acme$/)
  })

  it('shows nothing of it to another customer', async () => {
    const other = backend(stack.url, 'customer-2')
    expect((await other('POST', '/user_files_v2', {})).body.count).toBe(0)
    expect((await other('POST', '/user_data_sources', {})).body.count).toBe(0)
    const { body } = await call('GET', '/v1/connections')
    expect((await other('GET', `/v1/connections/${body.connections[0].id}/sync`)).status).toBe(404)
  })

  it('streams the progress as events', async () => {
    const { body } = await call('GET', '/v1/connections')
    const { body: events } = await call('GET', `/v1/connections/${body.connections[0].id}/sync/events`)
    expect(events).toMatch(/^event: progress\ndata: \{.*"phase":"done".*\}\n\n$/)
  })

  it('connecting again renews the same connection and keeps each page once', async () => {
    const before = (await call('POST', '/user_files_v2', {})).body.count
    const { body: first } = await call('GET', '/v1/connections')
    const flow = await connect(stack, call)
    expect(flow.connection.id).toBe(first.connections[0].id)
    await syncEnd(call, flow.connection.id)
    expect((await call('POST', '/user_files_v2', {})).body.count).toBe(before)
  })

  it('disconnects: the pages and the tokens go', async () => {
    const { body } = await call('GET', '/v1/connections')
    const { body: ended } = await call('POST', `/v1/connections/${body.connections[0].id}/disconnect`, {})
    expect(ended.status).toBe('disconnected')
    expect((await call('POST', '/user_files_v2', {})).body.count).toBe(0)
    expect((await call('GET', '/v1/connections')).body.connections).toEqual([])
  })
})
