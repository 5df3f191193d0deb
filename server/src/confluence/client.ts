import type { z } from 'zod'
import { AtlassianError } from './errors.ts'
import { isFlap, type JsonAnswer, requestJson, successBody } from './request.ts'
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
  /** Current pages of some spaces by ascending id, with their bodies in storage format unless `bodies` is false. */
  pages(options: {
    spaceIds: string[]
    bodies?: boolean
    next?: string | null
    signal?: AbortSignal | undefined
  }): Promise<Listing<ConfluencePage>>
  /** Of up to 250 pages those that are current and that the person can see, with their bodies. */
  pagesById(options: {
    ids: string[]
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
const LIMIT = 250
const withBodies = { 'body-format': 'storage' }

/** An expired token is answered 401, but also 404 where a listing can only be there, and 403. */
const mayHideExpiry = (answer: JsonAnswer) => [401, 403, 404].includes(answer.status) && !isFlap(answer)

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

  /** Sends a request; where the status may be an expired token's, once more with a new one before it is believed. */
  async function send(url: string, signal?: AbortSignal): Promise<JsonAnswer> {
    const token = await options.tokens.get()
    const answer = await requestJson(url, { token, signal })
    if (!mayHideExpiry(answer)) return answer
    const fresh = await options.tokens.get(token)
    return fresh === token ? answer : requestJson(url, { token: fresh, signal })
  }

  async function get<T extends z.ZodType>(
    path: string,
    row: T,
    what: string,
    signal?: AbortSignal,
  ): Promise<Listing<z.infer<T>>> {
    const answer = await send(root + path, signal)
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

  const query = (parameters: Record<string, string | number>) =>
    new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)])).toString()

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
    pagesById: ({ ids, next, signal }) =>
      get(
        next ?? `/wiki/api/v2/pages?${query({ id: ids.join(','), status: 'current', limit: LIMIT, ...withBodies })}`,
        pageRow,
        'Fetching pages',
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
