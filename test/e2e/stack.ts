import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { Hono } from 'hono'
import { createApp } from '../../demo/backend/app.ts'
import { listen } from '../../demo/launch/listen.ts'
import { freePort } from '../../server/test/port.ts'

const program = new URL('../../server/bin/confluence-connect-server.js', import.meta.url).pathname
const API_KEY = 'an-api-key-for-the-tests'

/** A command of the server package in a process of its own. */
class Part {
  #child: ChildProcess | undefined
  readonly #word: string
  readonly #env: Record<string, string>

  constructor(word: string, env: Record<string, string>) {
    this.#word = word
    this.#env = env
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [program, this.#word], {
      env: { PATH: process.env.PATH, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    let output = ''
    const hear = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    for (let tries = 0; tries < 600; tries++) {
      if (output.includes('listens on')) return
      if (child.exitCode !== null) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`${this.#word} did not start: ${output}`)
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
}

/** The whole product: sandbox, server and demo. */
export class Stack {
  readonly sandbox: Part
  readonly server: Part
  readonly sandboxUrl: string
  readonly serverUrl: string
  readonly apiKey = API_KEY
  /** The demo's page. */
  readonly url: string
  readonly #stop: () => Promise<void>

  private constructor(parts: {
    sandbox: Part
    server: Part
    sandboxUrl: string
    serverUrl: string
    url: string
    stop: () => Promise<void>
  }) {
    this.sandbox = parts.sandbox
    this.server = parts.server
    this.sandboxUrl = parts.sandboxUrl
    this.serverUrl = parts.serverUrl
    this.url = parts.url
    this.#stop = parts.stop
  }

  static async start(options: { databaseUrl?: string; sandbox?: Record<string, string> } = {}): Promise<Stack> {
    const [sandboxPort, serverPort, demoPort] = await Promise.all([freePort(), freePort(), freePort()])
    const folder = mkdtempSync(join(tmpdir(), 'cc-e2e-'))
    cpSync(process.env.EMBEDDED_FOLDER ?? '', folder, { recursive: true })
    const sandboxUrl = `http://localhost:${sandboxPort}`
    const serverUrl = `http://localhost:${serverPort}`
    const sandbox = new Part('sandbox', { PORT: String(sandboxPort), SANDBOX_PAGES: '150', ...options.sandbox })
    const server = new Part('serve', {
      PORT: String(serverPort),
      DATA_DIR: folder,
      API_KEY,
      ORGANIZATION_NAME: 'Acme Notes',
      ATLASSIAN_AUTH_URL: sandboxUrl,
      ATLASSIAN_API_URL: sandboxUrl,
      ATLASSIAN_CLIENT_ID: 'sandbox-client',
      ATLASSIAN_CLIENT_SECRET: 'sandbox-secret',
      ...(options.databaseUrl && { DATABASE_URL: options.databaseUrl }),
    })
    await Promise.all([sandbox.start(), server.start()])
    const closeDemo = await listen(
      createApp({ serverUrl, apiKey: API_KEY, pageDir: process.env.DEMO_PAGE ?? '' }),
      demoPort,
    )
    return new Stack({
      sandbox,
      server,
      sandboxUrl,
      serverUrl,
      url: `http://localhost:${demoPort}`,
      async stop() {
        await closeDemo()
        await Promise.all([server.kill('SIGTERM'), sandbox.kill('SIGTERM')])
        rmSync(folder, { recursive: true, force: true })
      },
    })
  }

  stop(): Promise<void> {
    return this.#stop()
  }

  /** The demo once more, on another address, sending a header with everything. */
  async host(name: string, value: string): Promise<{ url: string; close: () => Promise<void> }> {
    const port = await freePort()
    const app = new Hono()
    app.use(async (c, next) => {
      await next()
      c.header(name, value)
    })
    app.route('/', createApp({ serverUrl: this.serverUrl, apiKey: API_KEY, pageDir: process.env.DEMO_PAGE ?? '' }))
    return { url: `http://localhost:${port}`, close: await listen(app, port) }
  }

  /** Calls the sandbox's admin API. */
  async admin<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.sandboxUrl}/sandbox${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }

  /** The titles of the pages that a sync of a site must bring. */
  async titles(site = 'acme'): Promise<string[]> {
    const { pages } = await this.admin<{
      pages: { title: string; status: string; spaceStatus: string; restricted: boolean }[]
    }>('GET', `/truth?site=${site}`)
    return pages
      .filter((page) => page.status === 'current' && page.spaceStatus === 'current' && !page.restricted)
      .map((page) => page.title)
  }

  /** A link for a customer, as Carbon's clients ask for it: one that connects acme, unless `options` say otherwise. */
  async link(customerId: string, options: object = {}): Promise<string> {
    const response = await fetch(`${this.serverUrl}/integrations/oauth_url`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'customer-id': customerId, 'content-type': 'application/json' },
      body: JSON.stringify({
        service: 'CONFLUENCE',
        confluence_subdomain: 'acme',
        connecting_new_account: true,
        ...options,
      }),
    })
    return ((await response.json()) as { oauth_url: string }).oauth_url
  }

  /** The titles of the pages that the server holds for a customer. */
  async storedTitles(customerId: string): Promise<string[]> {
    const found: string[] = []
    for (let startingId = 0; ; ) {
      const response = await fetch(`${this.serverUrl}/user_files_v2`, {
        method: 'POST',
        headers: { authorization: `Bearer ${API_KEY}`, 'customer-id': customerId, 'content-type': 'application/json' },
        body: JSON.stringify({ pagination: { limit: 250, starting_id: startingId }, order_by: 'id' }),
      })
      const { results } = (await response.json()) as { results: { id: number; name: string }[] }
      const last = results.at(-1)
      if (!last) return found
      found.push(...results.map((file) => file.name))
      startingId = last.id
    }
  }
}

/** The component in the demo, as a person sees it. */
export class Connect {
  readonly page: Page
  readonly dialog: Locator

  constructor(page: Page) {
    this.page = page
    this.dialog = page.getByRole('dialog')
  }

  /** Opens the dialog. */
  async open(url?: string): Promise<void> {
    if (url) await this.page.goto(url)
    await this.page.getByRole('button', { name: /^(Connect|Manage) Confluence$/ }).click()
    await expect(this.dialog).toBeVisible()
  }

  /** Enters a site and gives the sign-in window, at Atlassian's page. */
  async begin(site = 'acme'): Promise<Page> {
    await this.dialog.getByLabel('Your Confluence site').fill(site)
    const opening = this.page.waitForEvent('popup')
    await this.dialog.getByRole('button', { name: 'Continue to Atlassian' }).click()
    return opening
  }

  heading(name: string | RegExp): Locator {
    return this.dialog.getByRole('heading', { name })
  }
}

/** Signs in at the sandbox and answers its consent screen. */
export async function signIn(
  popup: Page,
  { account, site, decision = 'Accept' }: { account?: string; site?: string; decision?: 'Accept' | 'Deny' } = {},
): Promise<void> {
  if (account) await popup.getByRole('radio', { name: account }).check()
  await popup.getByRole('button', { name: 'Log in' }).click()
  if (site) await popup.getByRole('combobox', { name: 'Site' }).selectOption({ label: `${site}.atlassian.net` })
  await popup.getByRole('button', { name: decision }).click()
}

export const test = base.extend<{ connect: Connect }>({
  connect: async ({ page }, use) => {
    await use(new Connect(page))
  },
})
export { expect }
