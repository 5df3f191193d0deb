import { Browser, backend, type Stack, signIn } from '../stack.ts'

export interface Item {
  id: string
  type: 'SPACE' | 'PAGE'
  name: string
  space: string | null
  spaceName: string | null
  isExpandable: boolean
  mark: { text: string; tone: string } | null
}

interface File {
  external_file_id: string
  tags: object
  request_id: string
  sync_status: string
  parsed_text_url: string
}

let customers = 0

/**
 * A customer of their own, connected without a sync, and a link to their sync page.
 *
 * @param tree whether the tree is read first
 * @param options of the link
 */
export async function syncLink(
  stack: Stack,
  { tree = true, ...options }: { tree?: boolean; [option: string]: unknown } = {},
) {
  customers += 1
  const customerId = `picker-${customers}`
  const call = backend(stack.url, customerId)
  const oauthUrl = async (body: object) =>
    (await call('POST', '/integrations/oauth_url', { service: 'CONFLUENCE', confluence_subdomain: 'acme', ...body }))
      .body.oauth_url as string
  const browser = new Browser()
  const signInUrl = await oauthUrl({
    connecting_new_account: true,
    sync_files_on_connection: false,
    sync_source_items: tree,
    tags: { from: 'connection' },
  })
  await browser.submit(await signIn(browser, signInUrl), {})
  const url = await oauthUrl({ connecting_new_account: false, ...options })
  /** Calls below the page, as its script does. */
  const page = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  const items = async (query = ''): Promise<{ items: Item[]; count: number }> =>
    (await page('GET', `/items${query}`)).body
  /** Waits for the end of everything that runs. */
  const quiet = async () => {
    for (let tries = 0; tries < 300; tries++) {
      const { body } = await page('GET', '/state')
      if (!body.running) return body
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('The sync did not end in time.')
  }
  const files = async (): Promise<File[]> =>
    (
      await call('POST', '/user_files_v2', {
        pagination: { limit: 250 },
        include_tags: true,
        include_parsed_text_file: true,
      })
    ).body.results
  if (tree) await quiet()
  return { customerId, call, url, page, items, quiet, files }
}
