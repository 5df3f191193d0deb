import { createHash } from 'node:crypto'
import pg from 'pg'
import { API_KEY, backend, connect, type Stack, syncEnd } from '../stack.ts'

/** Ids by which a call can name somebody's objects. */
export interface Named {
  customer: string
  user: number
  dataSource: number
  file: number
  item: number
  external: string
  url: string
  request: string
  upload: string
  webhook: number
  whiteLabel: number
}

/** A customer with a connection, files, tags, and what their organisation has. */
export interface Tenant {
  /** In every text that only they may see. */
  secret: string
  apiKey: string
  customerId: string
  organizationId: number
  accessToken: string
  named: Named
}

/** Ids of things that do not exist. */
export const nobody: Named = {
  customer: 'never-used',
  user: 2_000_000_001,
  dataSource: 2_000_000_002,
  file: 2_000_000_003,
  item: 2_000_000_004,
  external: '999999999999',
  url: 'https://acme.atlassian.net/wiki/spaces/NO/pages/999999999999',
  request: 'never-used',
  upload: 'never-used',
  webhook: 2_000_000_005,
  whiteLabel: 2_000_000_006,
}

export const OTHER_KEY = 'an-api-key-of-another-organization'

/** A second organisation with a key of its own: no call makes one. */
export async function addOrganization(databaseUrl: string): Promise<void> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const { rows } = await client.query(`insert into organizations (name) values ('Globex Notes') returning id`)
  await client.query('insert into api_keys (organization_id, name, hash) values ($1, $2, $3)', [
    rows[0].id,
    'other',
    createHash('sha256').update(OTHER_KEY).digest('hex'),
  ])
  await client.end()
}

/** Calls with the headers given and no others. */
export const withHeaders =
  (url: string, headers: Record<string, string>) =>
  async (method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> => {
    const answer = await fetch(url + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, text: await answer.text() }
  }

const ALL = { pagination: { limit: 250 } }

/** Connects, syncs, and leaves a secret wherever text can be left. */
export async function createTenant(
  stack: Stack,
  { secret, customerId, site, apiKey = API_KEY }: { secret: string; customerId: string; site: string; apiKey?: string },
): Promise<Tenant> {
  const call = backend(stack.url, customerId, apiKey)
  const { connection } = await connect(stack, call, { site })
  await syncEnd(call, connection.id)
  await call('POST', '/integrations/items/sync', { data_source_id: connection.id })
  const files = (await call('POST', '/user_files_v2', { ...ALL, order_by: 'id' })).body.results
  const file = files.find(({ parent_id: parent }: { parent_id: number | null }) => parent === null) ?? files[0]
  const tags = { owner: secret }
  await call('POST', '/create_user_file_tags', { organization_user_file_id: file.id, tags })
  await call('POST', '/data_sources/tags/add', { data_source_id: connection.id, tags })
  const { body: token } = await call('GET', '/auth/v1/access_token')
  return {
    secret,
    apiKey,
    customerId,
    organizationId: file.organization_id,
    accessToken: token.access_token,
    named: {
      customer: customerId,
      user: file.organization_user_id,
      dataSource: connection.id,
      file: file.id,
      item: (await firstItem(call, connection.id)) ?? file.id,
      external: file.external_file_id,
      url: file.external_url,
      request: file.request_id,
      upload: file.upload_id,
      webhook: 0,
      whiteLabel: 0,
    },
  }
}

/** The list of items is made in the background. */
async function firstItem(call: ReturnType<typeof backend>, dataSource: number): Promise<number | undefined> {
  for (let tries = 0; tries < 100; tries++) {
    const { body } = await call('POST', '/integrations/items/list', { data_source_id: dataSource, ...ALL })
    const { body: source } = await call('POST', '/user_data_sources', { filters: { ids: [dataSource] } })
    if (source.results?.[0]?.sync_status === 'READY' && body.items?.length > 0) return body.items[0].id
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return undefined
}

/** What an organisation has beside its customers. Not before they are connected: they would sign in with its app. */
export async function furnish(stack: Stack, tenant: Tenant): Promise<void> {
  const call = backend(stack.url, tenant.customerId, tenant.apiKey)
  const { body: webhook } = await call('POST', '/add_webhook', { url: `http://127.0.0.1:9/${tenant.secret}` })
  await call('POST', '/white_label/create', [whiteLabel(tenant.secret)])
  const { body: labels } = await call('POST', '/white_label/list', {})
  tenant.named.webhook = webhook.id ?? 0
  tenant.named.whiteLabel = labels.results?.[0]?.id ?? 0
}

export const whiteLabel = (clientId: string) => ({
  data_source_type: 'CONFLUENCE',
  credentials: {
    client_id: clientId,
    client_secret: 'x',
    redirect_uri: 'https://connect.example.com/integrations/confluence',
  },
})

/** Everything that a tenant can see of their own, byte by byte. */
export async function ownViews(stack: Stack, { apiKey, customerId, named }: Tenant): Promise<string[]> {
  const call = withHeaders(stack.url, { authorization: `Bearer ${apiKey}`, 'customer-id': customerId })
  const views: [string, string, unknown?][] = [
    ['POST', '/user_files_v2', { ...ALL, order_by: 'id' }],
    ['POST', '/user_data_sources', ALL],
    ['POST', '/integrations/items/list', { data_source_id: named.dataSource, ...ALL }],
    ['GET', '/whoami'],
  ]
  return Promise.all(views.map(async (view) => (await call(...view)).text))
}

/** The same of an organisation that nobody else's calls should reach. */
export async function organizationViews(stack: Stack, { apiKey, customerId }: Tenant): Promise<string[]> {
  const call = withHeaders(stack.url, { authorization: `Bearer ${apiKey}`, 'customer-id': customerId })
  const views: [string, string, unknown?][] = [
    ['GET', '/organization'],
    ['GET', '/auth/v1/white_labeling'],
    ['POST', '/list_users', { ...ALL, include_count: true }],
    ['POST', '/data_sources', ALL],
    ['POST', '/webhooks', ALL],
    ['POST', '/white_label/list', ALL],
  ]
  return Promise.all(views.map(async (view) => (await call(...view)).text))
}
