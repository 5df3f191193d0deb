import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { startServer } from '../../src/server.ts'
import { emptyEmbedded } from '../database.ts'
import { API_KEY, APP, Browser, backend, type Stack, signIn, startStack } from '../stack.ts'

// What was found by driving Carbon's own component against this server: docs/original-component.md.

let stack: Stack

beforeAll(async () => {
  stack = await startStack({ sandbox: { pages: 20 } })
})
afterAll(() => stack.close())

/** Submits the component's domain screen and goes through the tab that it opens, up to the last button. */
async function tab(customer: string, { site = 'acme', ...options }: Record<string, unknown> & { site?: string } = {}) {
  const call = backend(stack.url, customer)
  const { body } = await call('POST', '/integrations/oauth_url', {
    service: 'CONFLUENCE',
    confluence_subdomain: site,
    connecting_new_account: true,
    ...options,
  })
  const browser = new Browser()
  const go = async (account: string, granted: string) =>
    browser.submit(await signIn(browser, body.oauth_url, { account, site: granted }), {})
  return { call, go }
}

describe('the choice of a site', () => {
  const checked = (text: string) => [...text.matchAll(/<input[^>]* checked><span>([^<]*)/g)].map(([, label]) => label)

  it('starts at the site that was asked for', async () => {
    const { go } = await tab('several', { site: 'globex' })
    const { text } = await go('sam', 'globex')
    expect(text).toMatch(/You asked for <b>globex\.atlassian\.net<\/b>, and gave access to several sites/)
    expect(checked(text)).toEqual([expect.stringContaining('globex.atlassian.net')])
  })

  it('says so when that site was not granted, and starts at the first', async () => {
    const { go } = await tab('another', { site: 'initech' })
    const { text } = await go('jane', 'acme')
    expect(text).toMatch(/You asked for <b>initech\.atlassian\.net<\/b>, but gave access to another site/)
    expect(checked(text)).toEqual([expect.stringContaining('acme.atlassian.net')])
  })
})

describe('the picker', () => {
  it('shows since when a space exists, not since when it is known here', async () => {
    const { call, go } = await tab('dates', { sync_files_on_connection: false })
    await go('jane', 'acme')
    const { body: sources } = await call('POST', '/user_data_sources', {})
    const list = async (parent?: string) =>
      (await call('POST', '/integrations/items/list', { data_source_id: sources.results[0].id, parent_id: parent }))
        .body
    await expect.poll(async () => (await list()).count, { timeout: 20_000 }).toBeGreaterThan(1)
    for (const space of (await list()).items)
      expect(Date.parse(space.created_at)).toBeLessThan(Date.parse(space.synced_at) - 24 * 60 * 60_000)
  })
})

describe('a page whose origin is not allowed', () => {
  it('is named in the log, for the component only says that no account is connected', async () => {
    const lines: string[] = []
    const parsed = parseConfig({
      PORT: '0',
      PUBLIC_URL: 'http://localhost:8000',
      API_KEY,
      ALLOWED_ORIGINS: APP,
      ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 9).toString('base64')}`,
    })
    if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
    const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) })
    const { dataDir, drop } = emptyEmbedded()
    const server = await startServer({ ...parsed.config, dataDir }, log)
    const preflight = (origin: string) =>
      fetch(`${server.url}/user_data_sources`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    expect((await preflight(APP)).headers.get('access-control-allow-origin')).toBe(APP)
    expect(lines).toEqual([])
    expect((await preflight('https://app.example')).headers.get('access-control-allow-origin')).toBeNull()
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ origin: 'https://app.example', msg: expect.stringContaining('ALLOWED_ORIGINS') }),
    ])
    await server.close()
    await drop()
  })
})
