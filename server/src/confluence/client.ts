import type { z } from 'zod'
import { AtlassianError } from './errors.ts'
import { requestJson, successBody } from './request.ts'
import { type ConfluencePage, listing, pageRow, type SpaceRow, spaceRow } from './types.ts'

/** Gives the access token for a request. */
export interface TokenSource {
  /** @param rejected a token that Atlassian has just refused: give a newer one */
  get(rejected?: string): Promise<string>
}

/** One response of a listing. */
export interface Listing<T> {
  results: T[]
  /** Relative URL of the next response; null at the end. A short list is not the end. */
  next: string | null
  /** The site's own base for links, `https://acme.atlassian.net/wiki`. */
  base: string | null
  /** What the response cost of the hourly quota: one and one per object. */
  points: number
}

export interface ConfluenceClient {
  /** Spaces that the person can see. `next` continues an earlier listing. */
  spaces(options?: {
    next?: string | null
    limit?: number
    signal?: AbortSignal | undefined
  }): Promise<Listing<SpaceRow>>
  /** Of up to 250 spaces those that are current and that the person can see. */
  spacesById(options: {
    ids: string[]
    next?: string | null
    signal?: AbortSignal | undefined
  }): Promise<Listing<SpaceRow>>
  /** Current pages of some spaces by ascending id, with their bodies in storage format unless `bodies` is false. */
  pages(options: {
    spaceIds: string[]
    bodies?: boolean
    next?: string | null
    signal?: AbortSignal | undefined
  }): Promise<Listing<ConfluencePage>>
  /**
   * Of up to 250 pages those that the person can see, with their bodies unless `bodies` is false.
   *
   * @param options.anyStatus archived, trashed and deleted ones too; else current ones only
   */
  pagesById(options: {
    ids: string[]
    bodies?: boolean
    anyStatus?: boolean
    next?: string | null
    signal?: AbortSignal | undefined
  }): Promise<Listing<ConfluencePage>>
  /** Current pages of the whole site, the last edited first. `limit` may differ from that of the response before. */
  editedPages(options: {
    limit: number
    bodies?: boolean
    next?: string | null
    signal?: AbortSignal | undefined
  }): Promise<Listing<ConfluencePage>>
  /** The page that was made last, without its body. */
  newestPage(options?: { signal?: AbortSignal | undefined }): Promise<Listing<ConfluencePage>>
}

/** Confluence accepts so many space ids in one request. */
export const MAX_SPACE_IDS = 100
/** And so many page ids. */
export const MAX_PAGE_IDS = 250
export const LIMIT = 250
const withBodies = { 'body-format': 'storage' }
const ANY_STATUS = ['current', 'archived', 'trashed', 'deleted']

/** The relative URL of a next response, with so many rows in it. */
function withLimit(next: string, limit: number): string {
  const { pathname, searchParams } = new URL(next, 'https://relative.invalid')
  searchParams.set('limit', String(limit))
  return `${pathname}?${searchParams}`
}

/**
 * A client for one site.
 *
 * @throws AtlassianError from every method
 */
export function createConfluenceClient(options: {
  apiUrl: string
  cloudId: string
  tokens: TokenSource
}): ConfluenceClient {
  const root = `${options.apiUrl}/ex/confluence/${encodeURIComponent(options.cloudId)}`

  async function get<T extends z.ZodType>(
    path: string,
    row: T,
    what: string,
    signal?: AbortSignal,
  ): Promise<Listing<z.infer<T>>> {
    let token = await options.tokens.get()
    let answer = await requestJson(root + path, { token, signal })
    if (answer.status === 401) {
      token = await options.tokens.get(token)
      answer = await requestJson(root + path, { token, signal })
    }
    const parsed = listing(row).safeParse(successBody(answer, what))
    if (!parsed.success)
      throw new AtlassianError(
        'unexpected_answer',
        `${what}: Atlassian's answer lacks ${parsed.error.issues[0]?.path.join('.') || 'its list'}.`,
        { status: answer.status },
      )
    const { results, _links } = parsed.data
    return { results, next: _links?.next ?? null, base: _links?.base ?? null, points: 1 + results.length }
  }

  const query = (parameters: Record<string, string | number | readonly string[]>) =>
    new URLSearchParams(
      Object.entries(parameters).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])),
    ).toString()

  return {
    spaces: ({ next, limit = LIMIT, signal } = {}) =>
      get(next ?? `/wiki/api/v2/spaces?${query({ status: 'current', limit })}`, spaceRow, 'Listing spaces', signal),
    pages: ({ spaceIds, bodies = true, next, signal }) =>
      // By id: the cursor is a key then, so pages edited meanwhile are neither lost nor seen twice.
      get(
        next ??
          `/wiki/api/v2/pages?${query({ 'space-id': spaceIds.join(','), status: 'current', sort: 'id', limit: LIMIT, ...(bodies && withBodies) })}`,
        pageRow,
        'Listing pages',
        signal,
      ),
    spacesById: ({ ids, next, signal }) =>
      get(
        next ?? `/wiki/api/v2/spaces?${query({ ids: ids.join(','), status: 'current', limit: LIMIT })}`,
        spaceRow,
        'Looking for spaces',
        signal,
      ),
    pagesById: ({ ids, bodies = true, anyStatus = false, next, signal }) =>
      get(
        next ??
          `/wiki/api/v2/pages?${query({ id: ids.join(','), status: anyStatus ? ANY_STATUS : 'current', limit: LIMIT, ...(bodies && withBodies) })}`,
        pageRow,
        'Fetching pages',
        signal,
      ),
    editedPages: ({ limit, bodies = true, next, signal }) =>
      get(
        next
          ? withLimit(next, limit)
          : `/wiki/api/v2/pages?${query({ status: 'current', sort: '-modified-date', limit, ...(bodies && withBodies) })}`,
        pageRow,
        'Looking for edited pages',
        signal,
      ),
    newestPage: ({ signal } = {}) =>
      get(
        `/wiki/api/v2/pages?${query({ status: 'current', sort: '-created-date', limit: 1 })}`,
        pageRow,
        'Looking for the newest page',
        signal,
      ),
  }
}
