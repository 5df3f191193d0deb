import type { Page, PageList, PageSummary, Source } from '../api.ts'

const timeoutMs = 15_000

/** As many as the server gives in one call; further ones are found by searching. */
const listLimit = 250

/** The confluence-connect-server did not do what was asked. The message is fit for the page. */
export class ConfluenceError extends Error {
  override name = 'ConfluenceError' as const
}

/** The fields of Carbon's files that this app reads. */
interface UserFile {
  id: number
  name: string
  external_url: string
  sync_status: 'READY' | 'SYNC_ERROR'
  sync_error_message: string | null
  file_metadata: { source_updated_at: string }
  presigned_url: string | null
  parsed_text_url: string | null
}

/** The fields of Carbon's data sources that this app reads. */
interface DataSource {
  id: number
  data_source_external_id: string
  sync_status: Source['status']
}

interface Listed<T> {
  results: T[]
  count: number
}

async function request(url: string, init: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
  } catch (cause) {
    throw new ConfluenceError('The Confluence server does not answer. Is it running?', { cause })
  }
  if (!response.ok) throw new ConfluenceError(`The Confluence server answered with status ${response.status}.`)
  return response
}

const summary = (file: UserFile): PageSummary => ({
  id: file.id,
  title: file.name,
  updatedAt: file.file_metadata.source_updated_at,
  failed: file.sync_status === 'SYNC_ERROR',
})

/** The id is packed: account id, account label, then cloud id and subdomain: `…|ada@example.com|…/acme`. */
function source({ id, data_source_external_id, sync_status }: DataSource): Source {
  const [, account = '', place = ''] = data_source_external_id.split('|')
  return { id, account, site: place.slice(place.indexOf('/') + 1), status: sync_status }
}

/** What one customer of yours has in Confluence. */
export interface CustomerPages {
  /** @param search a part of the title, in any case */
  list(search: string): Promise<PageList>
  /** Null where this customer has no such page. */
  get(id: number): Promise<Page | null>
}

/**
 * Reads synced pages from the confluence-connect-server.
 *
 * The API key may read every customer's pages, so it stays on this side; `customer-id` narrows each call to one of them.
 */
export function pagesOf(serverUrl: string, apiKey: string, customerId: string): CustomerPages {
  async function query<T>(path: string, body: object): Promise<Listed<T>> {
    const response = await request(`${serverUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'customer-id': customerId, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await response.json()) as Listed<T>
  }

  /** Signed URLs work without any header until they expire; they are fetched here, so that the page needs no way there. */
  const fetchText = async (url: string | null) => (url === null ? null : (await request(url)).text())

  return {
    async list(search) {
      const [files, sources] = await Promise.all([
        query<UserFile>('/user_files_v2', {
          filters: { source: 'CONFLUENCE', ...(search && { name: search }) },
          pagination: { limit: listLimit, offset: 0 },
          order_by: 'name',
          order_dir: 'asc',
        }),
        query<DataSource>('/user_data_sources', { filters: { source: 'CONFLUENCE', revoked_access: false } }),
      ])
      return { pages: files.results.map(summary), count: files.count, sources: sources.results.map(source) }
    },

    async get(id) {
      const { results } = await query<UserFile>('/user_files_v2', {
        filters: { ids: [id] },
        include_raw_file: true,
        include_parsed_text_file: true,
      })
      const [file] = results
      if (!file) return null
      const [html, text] = await Promise.all([fetchText(file.presigned_url), fetchText(file.parsed_text_url)])
      return { ...summary(file), url: file.external_url, html, text, problem: file.sync_error_message }
    },
  }
}
