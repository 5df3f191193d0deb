import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Carbon } from 'carbon-typescript-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_KEY, Browser, backend, type Stack, signIn, startStack, stored, type TruePage, truth } from '../stack.ts'

// The whole life of a customer through Carbon's own published client, over a real port, with nothing changed but its base path.

interface Received {
  type: string
  objectType: string
  objectId: string | string[] | null
  customer: string
  signed: boolean
}

/** A SaaS backend that takes webhooks. */
class Receiver {
  readonly events: Received[] = []
  key = ''
  readonly #server: Server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const [, t = '', v1 = ''] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(request.headers['carbon-signature'])) ?? []
    const expected = createHmac('sha256', Buffer.from(this.key, 'hex')).update(`${t}.${body}`).digest('hex')
    const { webhook_type, obj, customer_id } = JSON.parse(JSON.parse(body).payload)
    this.events.push({
      type: webhook_type,
      objectType: obj.object_type,
      objectId: obj.object_id,
      customer: customer_id,
      signed: v1 === expected,
    })
    response.end()
  })

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`
  }

  close = () => new Promise((resolve) => this.#server.close(resolve))
}

async function until<T>(look: () => Promise<T> | T, enough: (found: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const found = await look()
    if (enough(found)) return found
    if (tries > 300) throw new Error(`It did not happen: ${JSON.stringify(found)?.slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The white label calls have no schema: what a test reads of their answers, it asserts. */
type Untyped = ReturnType<typeof JSON.parse>

describe('Carbon’s published TypeScript client', () => {
  let stack: Stack
  let organisation: Carbon
  let carbon: Carbon
  const receiver = new Receiver()
  const customer = 'customer-1'
  const call = (...words: Parameters<ReturnType<typeof backend>>) => backend(stack.url)(...words)
  let dataSource = 0
  let webhookId = 0
  let pages: TruePage[] = []
  const current = () =>
    pages.filter((page) => page.status === 'current' && page.spaceStatus === 'current' && !page.restricted)
  const admin = (path: string, body: object, method = 'POST') =>
    fetch(`${stack.sandbox.url}/sandbox${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const credentials = () => ({
    data_source_type: 'CONFLUENCE' as const,
    credentials: {
      client_id: 'sandbox-client',
      client_secret: 'sandbox-secret',
      redirect_uri: `${stack.url}/integrations/confluence`,
    },
  })
  const source = async () =>
    (await carbon.dataSources.queryUserDataSources({ filters: { source: 'CONFLUENCE' } })).data.results[0]
  const files = async (filters: object, extra: object = {}) =>
    (await carbon.files.queryUserFiles({ pagination: { limit: 250, offset: 0 }, filters, ...extra })).data
  const happened = (type: string, objectId?: string) =>
    until(
      () => receiver.events,
      (events) =>
        events.some((event) => event.type === type && (objectId === undefined || event.objectId === objectId)),
    )

  beforeAll(async () => {
    stack = await startStack()
    organisation = new Carbon({ basePath: stack.url, apiKey: API_KEY, customerId: customer })
    const { access_token: accessToken } = (await organisation.auth.getAccessToken()).data
    carbon = new Carbon({ basePath: stack.url, accessToken })
    pages = (await (await fetch(`${stack.sandbox.url}/sandbox/truth?site=acme`)).json()).pages
  })
  afterAll(async () => {
    await receiver.close()
    await stack.close()
  })

  it('registers a webhook, whose key is told once', async () => {
    const url = await receiver.listen()
    const added = (await organisation.webhooks.addUrl({ url })).data
    expect(added).toMatchObject({ url, status: 'ACTIVE', signing_key: expect.stringMatching(/^[0-9a-f]{32,}$/) })
    receiver.key = added.signing_key
    webhookId = added.id
    const listed = (await organisation.webhooks.urls({})).data
    expect(listed.results).toMatchObject([{ id: webhookId, url }])
    expect(JSON.stringify(listed)).not.toContain(added.signing_key)
  })

  it('gives the organisation an OAuth app of its own, and never its secret back', async () => {
    expect((await carbon.auth.getWhiteLabeling()).data.integrations).toEqual({ CONFLUENCE: false })
    await organisation.whiteLabel.create([credentials()])
    const listed = (await organisation.whiteLabel.list({})).data as Untyped
    expect(listed).toMatchObject({ count: 1, results: [{ credentials: { client_id: 'sandbox-client' } }] })
    expect(JSON.stringify(listed)).not.toContain('sandbox-secret')
    await organisation.whiteLabel.update(credentials())
    expect((await carbon.auth.getWhiteLabeling()).data.integrations).toEqual({ CONFLUENCE: true })
  })

  it('connects an account and reads the tree only', async () => {
    const { oauth_url } = (
      await carbon.integrations.getOauthUrl({
        service: 'CONFLUENCE',
        confluence_subdomain: 'acme',
        connecting_new_account: true,
        sync_files_on_connection: false,
        data_source_tags: { plan: 'pro' },
      })
    ).data
    const browser = new Browser()
    await browser.submit(await signIn(browser, oauth_url), {})
    const connected = await until(source, (found) => Boolean(found?.source_items_synced_at))
    dataSource = connected?.id ?? 0
    expect(connected).toMatchObject({
      sync_status: 'READY',
      last_sync_action: 'ADD',
      tags: { plan: 'pro' },
      token: null,
    })
    expect(connected?.data_source_external_id?.split('|')[2]).toMatch(/\/acme$/)
    expect((await files({})).count).toBe(0)
    await happened('ADD', String(dataSource))
    await happened('DATA_SOURCE_READY', String(dataSource))
  })

  it('reads the tree again, and lists it level by level', async () => {
    const before = (await source())?.source_items_synced_at
    const syncing = (await carbon.integrations.syncDataSourceItems({ data_source_id: dataSource })).data
    expect(syncing.sync_status).toBe('SYNCING')
    await until(source, (found) => found?.sync_status === 'READY' && found.source_items_synced_at !== before)
    const spaces = (
      await carbon.integrations.listDataSourceItems({
        data_source_id: dataSource,
        pagination: { limit: 100, offset: 0 },
      })
    ).data
    expect(spaces.items.map((item) => item.item_type)).toEqual(spaces.items.map(() => 'SPACE'))
    expect(spaces.count).toBeGreaterThan(1)
    const found = new Set<string>()
    const walk = async (parent: string) => {
      const { items, count } = (
        await carbon.integrations.listDataSourceItems({
          data_source_id: dataSource,
          parent_id: parent,
          pagination: { limit: 250, offset: 0 },
        })
      ).data
      expect(count).toBe(items.length)
      for (const item of items) {
        expect(found.has(item.external_id)).toBe(false)
        found.add(item.external_id)
        expect(item).toMatchObject({ item_type: 'PAGE', file_format: 'CONFLUENCE', is_selectable: true })
        if (item.is_expandable) await walk(item.external_id)
      }
    }
    for (const space of spaces.items) await walk(space.external_id)
    expect([...found].sort()).toEqual(
      current()
        .map(({ id }) => id)
        .sort(),
    )
    const [page] = current()
    const searched = (
      await carbon.integrations.listDataSourceItems({
        data_source_id: dataSource,
        filters: { name: page?.title.toUpperCase() ?? '' },
      })
    ).data
    expect(searched.items.map((item) => item.external_id)).toContain(page?.id)
    const directory = (await carbon.integrations.listConfluencePages({ data_source_id: dataSource })).data
    expect(directory.data.length).toBeGreaterThan(0)
    expect(directory.data.every(({ id, is_synced }) => found.has(id) && !is_synced)).toBe(true)
  })

  it('cancels a sync of the tree', async () => {
    await admin('/latency', { held: true })
    await carbon.integrations.syncDataSourceItems({ data_source_id: dataSource })
    const cancelled = (await carbon.integrations.cancel({ data_source_id: dataSource })).data
    await admin('/latency', { held: false })
    expect(cancelled).toMatchObject({ sync_status: 'READY', last_sync_action: 'CANCEL' })
    await happened('CANCEL', String(dataSource))
  })

  it('syncs picked pages, and follows them by their request', async () => {
    const [one, two, three] = current()
    const ids = [one, two].map((page) => page?.id ?? '')
    await carbon.integrations.syncFiles({
      data_source_id: dataSource,
      ids,
      request_id: 'request-1',
      tags: { team: 'docs', stars: 4, languages: ['en', 'de'] },
    })
    const queued = await files({ request_ids: ['request-1'] })
    expect(queued.results.map((file) => file.external_file_id).sort()).toEqual([...ids].sort())
    expect(['QUEUED_FOR_SYNC', 'SYNCING', 'READY']).toContain(queued.results[0]?.sync_status)
    await until(
      () => files({ request_ids: ['request-1'], sync_statuses: ['READY'] }),
      ({ count }) => count === 2,
    )
    await carbon.integrations.syncConfluence({ data_source_id: dataSource, ids: [three?.id ?? ''] })
    const all = await until(
      () => files({ sync_statuses: ['READY'] }, { include_raw_file: true, include_parsed_text_file: true }),
      ({ count }) => count === 3,
    )
    for (const file of all.results) {
      expect(await (await fetch(file.presigned_url ?? '')).text()).toContain('<!doctype html>')
      expect((await fetch(file.parsed_text_url ?? '')).status).toBe(200)
    }
    for (const file of queued.results) await happened('FILE_READY', String(file.id))
    await happened('FILES_CREATED')
    await happened('ALL_FILES_PROCESSED', 'request-1')
    await happened('UPDATE', String(dataSource))
  })

  it('filters by trees of tags, and changes tags', async () => {
    const tagged = { AND: [{ key: 'team', value: 'docs' }, { OR: [{ key: 'languages', value: ['fr', 'de'] }] }] }
    expect((await files({ tags_v2: tagged })).count).toBe(2)
    expect((await files({ tags_v2: { AND: [{ key: 'team', value: 'docs', negate: true }] } })).count).toBe(1)
    expect((await files({ tags_v2: { OR: [{ key: 'stars', value: 4 }] } })).count).toBe(2)
    const [file] = (await files({ tags_v2: tagged })).results
    const id = file?.id ?? 0
    const added = (
      await carbon.files.createUserFileTags({ organization_user_file_id: id, tags: { team: 'legal', draft: true } })
    ).data
    expect(added.tags).toEqual({ team: 'legal', stars: '4', languages: ['en', 'de'], draft: 'true' })
    const removed = (await carbon.files.deleteFileTags({ organization_user_file_id: id, tags: ['stars', 'draft'] }))
      .data
    expect(removed.tags).toEqual({ team: 'legal', languages: ['en', 'de'] })
    expect((await files({ tags_v2: tagged })).count).toBe(1)
  })

  it('syncs a whole space, as Markdown', async () => {
    const space = (
      await carbon.integrations.listDataSourceItems({ data_source_id: dataSource, pagination: { limit: 1, offset: 0 } })
    ).data.items[0]
    await carbon.integrations.syncFiles({
      data_source_id: dataSource,
      ids: [space?.external_id ?? ''],
      request_id: 'request-2',
      file_sync_config: { parsed_text_format: 'MARKDOWN' },
    })
    await happened('ALL_FILES_PROCESSED', 'request-2')
    const inSpace = current().filter(({ space: key }) => space?.external_url?.includes(`/${key}`))
    expect(inSpace.length).toBeGreaterThan(1)
    const found = await files({ request_ids: ['request-2'] }, { include_parsed_text_file: true })
    expect(found.results.map((file) => file.external_file_id).sort()).toEqual(inSpace.map(({ id }) => id).sort())
    const answer = await fetch(found.results[0]?.parsed_text_url ?? '')
    expect(answer.headers.get('content-type')).toMatch(/^text\/markdown/)
  })

  it('fetches a page again that was edited', async () => {
    const [file] = (await files({ request_ids: ['request-1'] })).results
    await admin(`/pages/${file?.external_file_id}`, { body: '<p>Edited in the meantime</p>' }, 'PATCH')
    const resyncing = (await carbon.files.resync({ file_id: file?.id ?? 0 })).data
    expect(resyncing).toMatchObject({ id: file?.id, sync_status: 'QUEUED_FOR_SYNC' })
    await until(
      () => files({ ids: [file?.id ?? 0] }),
      ({ results }) => results[0]?.sync_status === 'READY',
    )
    const parsed = (await carbon.files.getParsedFile({ fileId: file?.id ?? 0 })).data
    expect(await (await fetch(parsed.presigned_url)).text()).toContain('Edited in the meantime')
    const raw = (await carbon.files.getRawFile({ fileId: file?.id ?? 0 })).data
    expect(await (await fetch(raw.presigned_url)).text()).toContain('<p>Edited in the meantime</p>')
    expect((await carbon.files.queryUserFilesDeprecated({ filters: { ids: [file?.id ?? 0] } })).data).toHaveLength(1)
  })

  it('knows and changes users and the organisation', async () => {
    await organisation.users.updateUsers({
      customer_ids: [customer, 'customer-new'],
      auto_sync_enabled_sources: 'ALL',
      auto_sync_interval: 12,
      max_files: 1000,
    })
    const me = (await carbon.users.whoAmI()).data
    expect(me).toMatchObject({
      organization_supplied_user_id: customer,
      auto_sync_enabled_sources: ['CONFLUENCE'],
      custom_limits: { max_files: 1000, auto_sync_interval: 12 },
    })
    expect(me.num_files_synced).toBe((await files({})).count)
    expect((await organisation.users.get({ customer_id: 'customer-new' })).data.num_files_synced).toBe(0)
    const users = (await organisation.users.list({ include_count: true })).data
    expect(users.count).toBe(2)
    await carbon.users.toggleUserFeatures({ configuration_key_name: 'sparse_vectors', value: {} })

    await organisation.organizations.update({ global_user_config: { auto_sync_interval: 24, max_files: -1 } })
    await organisation.organizations.updateStats()
    await happened('FILE_STATISTICS_AGGREGATED')
    const organization = (await organisation.organizations.get()).data
    expect(organization.global_user_config).toEqual({ auto_sync_interval: 24, max_files: -1 })
    expect(organization.aggregate_num_files_by_source).toEqual({ CONFLUENCE: (await files({})).count })
  })

  it('lists data sources of all users, and changes their tags', async () => {
    expect((await organisation.dataSources.query({})).data.results.map(({ id }) => id)).toEqual([dataSource])
    const tagged = (await carbon.dataSources.addTags({ data_source_id: dataSource, tags: { region: 'eu' } })).data
    expect(tagged.tags).toEqual({ plan: 'pro', region: 'eu' })
    const byTag = { filters: { tags: { AND: [{ key: 'region', value: 'eu' }] } } }
    expect((await carbon.dataSources.queryUserDataSources(byTag)).data.count).toBe(1)
    await carbon.dataSources.removeTags({ data_source_id: dataSource, tags_to_remove: ['region'] })
    expect((await carbon.dataSources.queryUserDataSources(byTag)).data.count).toBe(0)
  })

  it('leads a connected customer to the page where more is picked, without another sign-in', async () => {
    const { oauth_url } = (await carbon.integrations.getOauthUrl({ service: 'CONFLUENCE', data_source_id: dataSource }))
      .data
    expect(oauth_url.startsWith(`${stack.url}/oauth/sync/`)).toBe(true)
  })

  it('connects with tokens that came from elsewhere, and syncs everything', async () => {
    const redirect = `${stack.url}/integrations/confluence`
    const authorize = `${stack.sandbox.url}/authorize?${new URLSearchParams({
      audience: 'api.atlassian.com',
      client_id: 'sandbox-client',
      scope: 'read:me read:page:confluence read:space:confluence offline_access',
      redirect_uri: redirect,
      state: 'elsewhere',
      response_type: 'code',
      prompt: 'consent',
    })}`
    const back = await signIn(new Browser(), authorize, { stopAt: redirect })
    const answer = await fetch(`${stack.sandbox.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'authorization_code',
        client_id: 'sandbox-client',
        client_secret: 'sandbox-secret',
        code: new URL(back.url).searchParams.get('code'),
        redirect_uri: redirect,
      }),
    })
    const { access_token, refresh_token } = await answer.json()
    const other = new Carbon({ basePath: stack.url, apiKey: API_KEY, customerId: 'customer-2' })
    const connected = (
      await other.integrations.connectDataSource({
        authentication: { source: 'CONFLUENCE', subdomain: 'acme', access_token, refresh_token },
        sync_options: { request_id: 'request-3' },
      })
    ).data
    expect(connected).toMatchObject({ sync_url: null, data_source: { organization_supplied_user_id: 'customer-2' } })
    await happened('ALL_FILES_PROCESSED', 'request-3')
    expect(await stored(backend(stack.url, 'customer-2'))).toEqual(await truth(stack, 'acme'))
  })

  it('deletes files, and says so where it was asked to', async () => {
    const [one, two, ...rest] = (await files({})).results
    await carbon.files.deleteV2({ filters: { ids: [one?.id ?? 0] }, send_webhook: true })
    await happened('FILE_DELETED', String(one?.id))
    await carbon.files.deleteMany({ file_ids: [two?.id ?? 0] })
    expect((await files({})).count).toBe(rest.length)
    await expect(carbon.files.deleteV2({ filters: {} })).rejects.toMatchObject({
      status: 400,
      responseBody: { detail: expect.stringContaining('allow_empty_filters') },
    })
    expect((await files({})).count).toBe(rest.length)
  })

  it('disconnects, and keeps the files', async () => {
    const before = (await files({})).count
    await carbon.dataSources.revokeAccessToken({ data_source_id: dataSource })
    expect(await source()).toMatchObject({ revoked_access: true, last_sync_action: 'REVOKE' })
    expect((await files({})).count).toBe(before)
    await happened('REVOKE', String(dataSource))
    await expect(carbon.files.resync({ file_id: (await files({})).results[0]?.id ?? 0 })).rejects.toMatchObject({
      status: 409,
    })
  })

  it('deletes users with all they own', async () => {
    await organisation.users.delete({ customer_ids: ['customer-2'] })
    await until(
      () => receiver.events,
      (events) => events.some(({ type, customer: of }) => type === 'ORGANIZATION_USER_DELETED' && of === 'customer-2'),
    )
    expect((await organisation.dataSources.query({})).data.count).toBe(1)
    await expect(organisation.users.get({ customer_id: 'customer-2' })).rejects.toMatchObject({ status: 404 })
  })

  it('takes the OAuth app and the webhook away', async () => {
    const listed = (await organisation.whiteLabel.list({})).data as Untyped
    await organisation.whiteLabel.delete({ ids: listed.results.map(({ id }: { id: number }) => id) })
    expect(((await organisation.whiteLabel.list({})).data as Untyped).count).toBe(0)
    await organisation.webhooks.deleteUrl({ webhookId })
    expect((await organisation.webhooks.urls({})).data.count).toBe(0)
    expect(receiver.events.filter(({ signed }) => !signed)).toEqual([])
    expect(new Set(receiver.events.map(({ customer: of }) => of))).toEqual(new Set([customer, 'customer-2', '']))
  })

  it('gets an error that it understands', async () => {
    const expired = new Carbon({ basePath: stack.url, accessToken: 'expired' })
    await expect(expired.dataSources.queryUserDataSources({})).rejects.toMatchObject({
      status: 401,
      responseBody: { detail: expect.stringContaining('expired') },
    })
    expect((await call('GET', '/whoami')).status).toBe(200)
  })
})
