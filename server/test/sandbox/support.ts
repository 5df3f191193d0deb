import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.ts'

/** What the connector itself asks for. */
export const scopes = 'read:me read:page:confluence read:space:confluence offline_access'
export const callback = 'http://localhost:8000/integrations/confluence'
/** The tests' time stands still unless they move it. */
export const now = () => Date.UTC(2026, 10, 1)
export const credentials = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' }

export const authorization = (change: Record<string, string> = {}) =>
  new URLSearchParams({
    audience: 'api.atlassian.com',
    client_id: 'sandbox-client',
    scope: scopes,
    redirect_uri: callback,
    state: 'st&te=1',
    response_type: 'code',
    prompt: 'consent',
    ...change,
  })

const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) })

/** Goes through the pages as a browser does, with no script, and returns the response that leads back to the app. */
export async function consent(
  { app }: Sandbox,
  { account = 'jane', site = 'acme', decision = 'accept', scope = scopes } = {},
): Promise<Response> {
  const request = authorization({ scope }).toString()
  await app.request('/login', form({ request, account }))
  return app.request('/oauth2/authorize/server/consent', form({ request, account, site, decision }))
}

export const location = (response: Response) => new URL(response.headers.get('location') ?? '')

export interface Tokens {
  access_token: string
  refresh_token: string
  expires_in: number
  scope: string
  token_type: string
}

export const post = (app: Sandbox['app'], path: string, body: unknown, method = 'POST') =>
  app.request(path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })

export const tokenRequest = (app: Sandbox['app'], fields: Record<string, string>) =>
  post(app, '/oauth/token', { ...credentials, ...fields })

/** Signs in and trades the code for tokens. */
export async function signIn(sandbox: Sandbox, choice: Parameters<typeof consent>[1] = {}): Promise<Tokens> {
  const code = location(await consent(sandbox, choice)).searchParams.get('code') ?? ''
  const response = await tokenRequest(sandbox.app, { grant_type: 'authorization_code', code, redirect_uri: callback })
  return response.json()
}

export interface Row {
  id: string
  title: string
  status: string
  parentId: string | null
  parentType: string | null
  spaceId: string
  subtype?: string
  createdAt: string
  body: Record<string, { representation: string; value: string }>
  version: { number: number; createdAt: string }
  _links: Record<string, string>
}

export interface List {
  results: Row[]
  _links: { next?: string; base: string }
}

/** A signed-in client of one site's REST API. */
export interface Client {
  sandbox: Sandbox
  tokens: Tokens
  get(path: string, token?: string): Promise<Response>
  json<T = List>(path: string): Promise<T>
  /** Follows `_links.next` to the end; `between` runs after each page. */
  all(path: string, between?: (page: number) => void): Promise<Row[]>
}

export async function connect(
  options: SandboxOptions = {},
  choice: Parameters<typeof consent>[1] = {},
): Promise<Client> {
  const sandbox = await createSandbox({ pages: 60, now, ...options })
  const tokens = await signIn(sandbox, choice)
  const cloudId = sandbox.world.sites.find((site) => site.key === (choice?.site ?? 'acme'))?.cloudId
  const get = async (path: string, token = tokens.access_token) =>
    sandbox.app.request(`/ex/confluence/${cloudId}${path.startsWith('/wiki') ? '' : '/wiki/api/v2'}${path}`, {
      headers: { Authorization: `Bearer ${token}` },
    })
  const json = async <T>(path: string) => (await get(path)).json() as T
  return {
    sandbox,
    tokens,
    get,
    json,
    async all(path, between) {
      const rows: Row[] = []
      let pages = 0
      for (let next: string | undefined = path; next; ) {
        const list: List = await json(next)
        rows.push(...list.results)
        pages += 1
        between?.(pages)
        next = list._links.next
      }
      return rows
    },
  }
}
