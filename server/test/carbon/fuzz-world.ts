import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DatabaseOptions } from '../../src/db/database.ts'
import { API_KEY, Browser, backend, connect, type Stack, signIn, startStack, syncEnd } from '../stack.ts'
import type { Pools } from './pools.ts'
import type { Sender } from './transport.ts'

type Call = ReturnType<typeof backend>

const PLENTY = { pagination: { limit: 250 } }
const NO_LIMITS = {
  max_files: -1,
  max_files_per_upload: -1,
  max_characters: -1,
  max_characters_per_file: -1,
  max_characters_per_upload: -1,
  auto_sync_interval: -1,
  auto_sync_enabled_sources: [],
}

/** Customers whose data lives through a round, and customers whose data may go at any time. */
export interface Senders {
  keeping: Sender
  losing: Sender
}

/** A server with two connected customers, whose data is made again before each round. */
export interface World {
  stack: Stack
  prepare(): Promise<Senders>
  close(): Promise<void>
}

/** Takes every webhook and says yes. */
async function startReceiver() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

/** The rows of a list; none where the operation does not answer. */
async function rows(call: Call, path: string, body: object): Promise<Record<string, never>[]> {
  const { body: answer } = await call('POST', path, body)
  return answer.results ?? answer.items ?? answer.users ?? []
}

const column = <T extends string | number>(list: Record<string, T | null>[], name: string): T[] => [
  ...new Set(list.map((row) => row[name]).filter((value) => value !== null && value !== undefined)),
]

/** An access token of Atlassian's, got without the server. */
async function atlassianToken({ sandbox, url }: Stack): Promise<string> {
  const callback = `${url}/integrations/confluence`
  const authorize = new URL(`${sandbox.url}/authorize`)
  authorize.search = new URLSearchParams({
    audience: 'api.atlassian.com',
    client_id: 'sandbox-client',
    scope: 'read:me read:page:confluence read:space:confluence offline_access',
    redirect_uri: callback,
    state: 'x',
    response_type: 'code',
    prompt: 'consent',
  }).toString()
  const back = await signIn(new Browser(), authorize.href, { stopAt: callback })
  const answer = await fetch(`${sandbox.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'authorization_code',
      client_id: 'sandbox-client',
      client_secret: 'sandbox-secret',
      code: new URL(back.url).searchParams.get('code'),
      redirect_uri: callback,
    }),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  return token
}

export async function startWorld(database: DatabaseOptions): Promise<World> {
  const receiver = await startReceiver()
  const stack = await startStack({
    ...database,
    sandbox: { pages: 30, spaces: 3 },
    env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', RATE_LIMIT_PER_MINUTE: '0' },
  })
  const organization = backend(stack.url, 'fuzz-organization')
  let round = 0

  /** What former rounds set and would be in the way of connecting. */
  async function clear() {
    // The site is left alone for a while after it kept failing, which is what some rounds are for.
    await stack.server.services.db.deleteFrom('site_paces').execute()
    await organization('POST', '/organization/update', { global_user_config: NO_LIMITS })
    const labels = column(await rows(organization, '/white_label/list', PLENTY), 'id')
    await organization('POST', '/white_label/delete', { ids: labels })
    for (const id of column(await rows(organization, '/webhooks', PLENTY), 'id'))
      await organization('DELETE', `/delete_webhook/${id}`)
  }

  async function sender(customerId: string, shared: Partial<Pools>): Promise<Sender> {
    const call = backend(stack.url, customerId)
    await organization('POST', '/update_users', { customer_ids: [customerId], ...NO_LIMITS })
    const { connection } = await connect(stack, call)
    await syncEnd(call, connection.id, 60)
    await call('POST', '/integrations/items/sync', { data_source_id: connection.id })
    const files = await rows(call, '/user_files_v2', PLENTY)
    const items = await rows(call, '/integrations/items/list', { data_source_id: connection.id, ...PLENTY })
    const { body } = await call('GET', '/auth/v1/access_token')
    return {
      apiKey: API_KEY,
      customerId,
      accessToken: body.access_token,
      pools: {
        files: column<number>(files, 'id').slice(0, 12),
        dataSources: [connection.id],
        items: column<number>(items, 'id').slice(0, 12),
        externals: [...column<string>(items, 'external_id'), ...column<string>(files, 'external_file_id')].slice(0, 12),
        urls: column<string>(files, 'external_url').slice(0, 5),
        names: column<string>(files, 'name').slice(0, 5),
        requests: column<string>(files, 'request_id').slice(0, 5),
        uploads: column<string>(files, 'upload_id').slice(0, 5),
        webhooks: [],
        whiteLabels: [],
        customers: [customerId],
        users: column<number>(files, 'organization_user_id'),
        tokens: [],
        // A URL is registered once.
        receivers: Array.from({ length: 3 }, (_, index) => `${receiver.url}/more/${index}`),
        ...shared,
      },
    }
  }

  /** Users that nobody needs: one of them is there, with nothing. */
  const victims = async () => {
    const names = Array.from({ length: 5 }, (_, index) => `fuzz-victim-${round}-${index}`)
    await backend(stack.url, names[0])('GET', '/auth/v1/access_token')
    return names
  }

  return {
    stack,
    async prepare() {
      round += 1
      await clear()
      const tokens = [await atlassianToken(stack)]
      const keeping = await sender('fuzz-keeping', { tokens })
      const losing = await sender('fuzz-losing', { tokens, customers: await victims() })
      await organization('POST', '/white_label/create', [
        {
          data_source_type: 'CONFLUENCE',
          credentials: {
            client_id: 'sandbox-client',
            client_secret: 'sandbox-secret',
            redirect_uri: `${stack.url}/integrations/confluence`,
          },
        },
      ])
      for (let index = 0; index < 2; index++)
        await organization('POST', '/add_webhook', { url: `${receiver.url}/${index}` })
      const shared = {
        webhooks: column<number>(await rows(organization, '/webhooks', PLENTY), 'id'),
        whiteLabels: column<number>(await rows(organization, '/white_label/list', PLENTY), 'id'),
      }
      Object.assign(keeping.pools, shared)
      Object.assign(losing.pools, shared)
      return { keeping, losing }
    },
    async close() {
      await stack.close()
      await receiver.close()
    },
  }
}
