import type { Logger } from 'pino'
import { parseConfig } from '../src/config/config.ts'
import { type SandboxOptions, startSandbox } from '../src/sandbox/index.ts'
import { type RunningServer, startServer } from '../src/server.ts'
import { assertFits, startCheckingProxy } from './carbon/proxy.ts'
import { emptyEmbedded } from './database.ts'

export const APP = 'http://localhost:3000'
export const API_KEY = 'an-api-key-for-the-tests'

/** What a server needs to know to work with a sandbox. */
export const serverEnv = (sandboxUrl: string) => ({
  API_KEY,
  ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 9).toString('base64')}`,
  ATLASSIAN_AUTH_URL: sandboxUrl,
  ATLASSIAN_API_URL: sandboxUrl,
  ATLASSIAN_CLIENT_ID: 'sandbox-client',
  ATLASSIAN_CLIENT_SECRET: 'sandbox-secret',
})

/** A sandbox and a server on real ports. */
export interface Stack {
  sandbox: Awaited<ReturnType<typeof startSandbox>>
  server: RunningServer
  /** What browsers use: a proxy before the server, which checks each answer of Carbon's operations. */
  url: string
  /** @throws Error with the answers that did not fit Carbon's document */
  close(): Promise<void>
}

export interface StackOptions {
  sandbox?: SandboxOptions
  /** An embedded database of its own unless one is given. */
  databaseUrl?: string | undefined
  dataDir?: string
  env?: Record<string, string>
  /** Silent unless given. */
  log?: Logger
}

export async function startStack({
  sandbox: sandboxOptions = {},
  databaseUrl,
  dataDir,
  env = {},
  log,
}: StackOptions = {}): Promise<Stack> {
  const own = databaseUrl === undefined && dataDir === undefined ? emptyEmbedded() : undefined
  const sandbox = await startSandbox({ pages: 60, spaces: 4, ...sandboxOptions, host: '127.0.0.1', port: 0 })
  const proxy = await startCheckingProxy()
  const parsed = parseConfig({
    PORT: '0',
    PUBLIC_URL: `http://localhost:${proxy.port}`,
    LOG_LEVEL: 'silent',
    ...serverEnv(sandbox.url),
    ORGANIZATION_NAME: 'Acme Notes',
    ...env,
  })
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
  const server = await startServer({ ...parsed.config, databaseUrl, dataDir: dataDir ?? own?.dataDir ?? 'unused' }, log)
  proxy.target(server.port)
  return {
    sandbox,
    server,
    url: parsed.config.publicUrl,
    async close() {
      await server.close()
      await sandbox.close()
      await proxy.close()
      await own?.drop()
      assertFits(proxy)
    },
  }
}

export interface Answer {
  status: number
  headers: Headers
  /** Parsed where it is JSON, else text: what a test reads of it, it asserts. */
  body: ReturnType<typeof JSON.parse>
}

/** Calls the server as one customer's backend. */
export function backend(url: string, customerId = 'customer-1', apiKey = API_KEY) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(path.startsWith('http') ? path : url + path, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        'customer-id': customerId,
        origin: APP,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
}

/** What a person's browser does with pages, cookies, forms and redirects, as far as a sign-in needs it. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()

  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url)
    const jar = this.#cookies.get(origin) ?? new Map<string, string>()
    this.#cookies.set(origin, jar)
    const headers = new Headers(init.headers)
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    return response
  }

  /** Follows redirects from place to place; stops at `stopAt`. */
  async visit(
    url: string,
    init?: RequestInit,
    stopAt?: string,
  ): Promise<{ url: string; status: number; text: string }> {
    let at = url
    let response = await this.request(at, init)
    for (let hops = 0; hops < 10 && response.headers.has('location'); hops++) {
      at = new URL(response.headers.get('location') ?? '', at).href
      if (stopAt && at.startsWith(stopAt)) return { url: at, status: response.status, text: '' }
      response = await this.request(at)
    }
    return { url: at, status: response.status, text: await response.text() }
  }

  /** Fills in the form of a page and presses one of its buttons. */
  submit(page: { url: string; text: string }, fields: Record<string, string>, stopAt?: string) {
    const action = /<form[^>]*action="([^"]*)"/.exec(page.text)?.[1] ?? page.url
    const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')],
    )
    return this.visit(
      new URL(action, page.url).href,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams([...hidden, ...Object.entries(fields)] as [string, string][]).toString(),
      },
      stopAt,
    )
  }
}

export interface SignIn {
  account?: string
  site?: string
  decision?: 'accept' | 'deny'
  /** Stops before the callback and gives its URL. */
  stopAt?: string
}

/** Signs in at the sandbox and answers its consent screen. */
export async function signIn(
  browser: Browser,
  authorizeUrl: string,
  { account = 'jane', site = 'acme', decision = 'accept', stopAt }: SignIn = {},
) {
  const login = await browser.visit(authorizeUrl)
  const consent = await browser.submit(login, { account })
  return browser.submit(consent, { site, decision }, stopAt)
}

/** The popup's part: binds the flow to this browser. */
export async function begin(
  stack: Pick<Stack, 'url'>,
  browser: Browser,
  secret: string,
  origin = APP,
): Promise<{ status: number; url: string; code?: string }> {
  const response = await browser.request(`${stack.url}/oauth/begin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stack.url, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ secret, origin }),
  })
  const body = (await response.json()) as { url?: string; error?: { code: string } }
  return { status: response.status, url: body.url ?? '', ...(body.error && { code: body.error.code }) }
}

/** The whole connection of a customer: flow, popup, sign-in, confirmation. */
export async function connect(
  stack: Pick<Stack, 'url'>,
  call: ReturnType<typeof backend>,
  { wishes = {}, ...options }: SignIn & { wishes?: object } = {},
) {
  const browser = new Browser()
  const { body } = await call('POST', '/v1/flows', { site: options.site ?? 'acme', ...wishes })
  const { url } = await begin(stack, browser, body.secret)
  await signIn(browser, url, options)
  const { body: flow } = await call('GET', `/v1/flows/${body.flow.id}`)
  const confirmed = await call('POST', `/v1/flows/${flow.id}/confirm`, { cloudId: flow.sites[0].cloudId })
  return confirmed.body
}

/** A connection that has read the tree and no page. */
export async function connectOnly(stack: Pick<Stack, 'url' | 'sandbox'>, call: ReturnType<typeof backend>) {
  const { connection } = await connect(stack, call, { wishes: { syncFilesOnConnection: false } })
  await syncEnd(call, connection.id)
  return connection
}

/** Waits for the end of a sync and gives its progress. */
export async function syncEnd(call: ReturnType<typeof backend>, connectionId: number, seconds = 60) {
  for (let tries = 0; tries < seconds * 10; tries++) {
    const { body } = await call('GET', `/v1/connections/${connectionId}/sync`)
    if (body.finishedAt) return body
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The sync did not end in time.')
}

/** A page as the sandbox knows it. */
export interface TruePage {
  id: string
  space: string
  title: string
  version: number
  status: string
  spaceStatus: string
  restricted: boolean
}

const versioned = (id: string, version: number) => `${id} v${version}`

/** The pages that a sync must store, as ids with versions. */
export async function truth(stack: Pick<Stack, 'sandbox'>, site: string): Promise<string[]> {
  const { pages } = (await (await fetch(`${stack.sandbox.url}/sandbox/truth?site=${site}`)).json()) as {
    pages: TruePage[]
  }
  return pages
    .filter((page) => page.status === 'current' && page.spaceStatus === 'current' && !page.restricted)
    .map((page) => versioned(page.id, page.version))
    .sort()
}

/** The pages that are stored for a customer, in the same form. */
export async function stored(call: ReturnType<typeof backend>): Promise<string[]> {
  const found: string[] = []
  for (let startingId = 0; ; ) {
    const { body } = await call('POST', '/user_files_v2', {
      pagination: { limit: 250, starting_id: startingId },
      order_by: 'id',
    })
    if (body.results.length === 0) return found.sort()
    for (const file of body.results) found.push(versioned(file.external_file_id, file.file_metadata.version))
    startingId = body.results.at(-1).id
  }
}
