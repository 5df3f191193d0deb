import type { z } from 'zod'
import { AtlassianError } from './errors.ts'
import { atOnce, type Pace } from './pace.ts'
import { answeredAt, isFlap, isNearLimit, type JsonAnswer, quotaState, requestJson, successBody } from './request.ts'
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
  /** How large it was. */
  bytes: number
  /** When Atlassian answered, by its own clock and to the second; undefined where it does not say. */
  at?: Date | undefined
  /** Of a listing of pages: where that of blog posts begins, which follows on it; null where they are not wanted, or reached. */
  posts?: string | null
}

/** Where blog posts are wanted, those of a listing follow on its pages: they are what `next` leads to. */
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
    limit?: number
    next?: string | null
    signal?: AbortSignal | undefined
  }): Promise<Listing<ConfluencePage>>
  /**
   * Of up to 250 pages those that the person can see, with their bodies unless `bodies` is false.
   *
   * @param options.bodies `document` asks for Atlassian's document format in place of storage format
   * @param options.kind `blogpost` looks for blog posts only
   * @param options.anyStatus archived, trashed and deleted ones too; else current ones only
   */
  pagesById(options: {
    ids: string[]
    bodies?: Bodies
    limit?: number
    anyStatus?: boolean
    kind?: 'blogpost' | undefined
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
}

/** Confluence accepts so many space ids in one request. */
export const MAX_SPACE_IDS = 100
/** And so many page ids. */
export const MAX_PAGE_IDS = 250
export const LIMIT = 250

/** Whether bodies are wanted, and in which format if not in storage format. */
export type Bodies = boolean | 'document'
const formatOf = (bodies: Bodies) => (bodies === 'document' ? 'atlas_doc_format' : 'storage')
const ANY_STATUS = ['current', 'archived', 'trashed', 'deleted']

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
  /** Without it, requests are sent at once. */
  pace?: Pace
  /** Blog posts are wanted, too. Default false. */
  blogPosts?: boolean
}): ConfluenceClient {
  const { pace = atOnce, blogPosts = false } = options
  const root = `${options.apiUrl}/ex/confluence/${encodeURIComponent(options.cloudId)}`

  /** Sends a request; where the status may be an expired token's, once more with a new one before it is believed. */
  async function send(url: string, signal?: AbortSignal): Promise<JsonAnswer> {
    const token = await options.tokens.get()
    const answer = await requestJson(url, { token, signal })
    if (!mayHideExpiry(answer)) return answer
    const fresh = await options.tokens.get(token)
    return fresh === token ? answer : requestJson(url, { token: fresh, signal })
  }

  const read = <T extends z.ZodType>(answer: JsonAnswer, row: T, what: string): Listing<z.infer<T>> => {
    const parsed = listing(row).safeParse(successBody(answer, what))
    if (!parsed.success)
      throw new AtlassianError(
        'unexpected_answer',
        `${what}: Atlassian's answer lacks ${parsed.error.issues[0]?.path.join('.') || 'its list'}.`,
        { status: answer.status },
      )
    const { results, _links } = parsed.data
    const points = 1 + results.length
    return {
      results,
      next: _links?.next ?? null,
      base: _links?.base ?? null,
      points,
      bytes: answer.bytes,
      at: answeredAt(answer.headers),
    }
  }

  /** @param limit of the objects that the answer can hold */
  async function get<T extends z.ZodType>(
    path: string,
    row: T,
    { what, limit, signal }: { what: string; limit: number; signal?: AbortSignal | undefined },
  ): Promise<Listing<z.infer<T>>> {
    const turn = await pace.enter(1 + limit)
    let answer: JsonAnswer | undefined
    let found: Listing<z.infer<T>>
    const said = () => answer && { quota: quotaState(answer.headers), isNearLimit: isNearLimit(answer.headers) }
    try {
      answer = await send(root + path, signal)
      found = read(answer, row, what)
    } catch (thrown) {
      const error = thrown instanceof AtlassianError ? thrown : undefined
      const retryAt = await turn.leave({ points: 1, error, ...said() })
      if (!error || !retryAt) throw thrown
      const { code, message, status, limit: whose } = error
      throw new AtlassianError(code, message, { status, limit: whose, retryAt, cause: error.cause })
    }
    await turn.leave({ points: found.points, ...said() })
    return found
  }

  /** @param ids that are asked for: where all have been found, no blog post is looked for */
  async function getPages(
    path: string,
    asked: { what: string; limit: number; ids?: readonly string[]; signal?: AbortSignal | undefined },
  ): Promise<Listing<ConfluencePage>> {
    const found: Listing<ConfluencePage> = await get(path, pageRow, asked)
    if (!blogPosts) return found
    if (path.startsWith(POSTS))
      return { ...found, results: found.results.map((page) => ({ ...page, kind: 'blogpost' as const })) }
    const posts = asked.ids?.length === found.results.length ? null : firstPosts(path)
    return { ...found, next: found.next ?? posts, posts }
  }

  const query = (parameters: Record<string, string | number | readonly string[]>) =>
    new URLSearchParams(
      Object.entries(parameters).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])),
    ).toString()

  const list = (
    parameters: Record<string, string | number | readonly string[]>,
    { bodies, limit, next }: { bodies: Bodies; limit: number; next?: string | null | undefined },
  ) =>
    next
      ? resized(next, limit, bodies)
      : `/wiki/api/v2/pages?${query({ ...parameters, limit, ...(bodies && { 'body-format': formatOf(bodies) }) })}`

  return {
    spaces: ({ next, limit = LIMIT, signal } = {}) =>
      get(next ?? `/wiki/api/v2/spaces?${query({ status: 'current', limit })}`, spaceRow, {
        what: 'Listing spaces',
        limit,
        signal,
      }),
    pages: ({ spaceIds, bodies = true, limit = LIMIT, next, signal }) =>
      // By id: the cursor is a key then, so pages edited meanwhile are neither lost nor seen twice.
      getPages(list({ 'space-id': spaceIds.join(','), status: 'current', sort: 'id' }, { bodies, limit, next }), {
        what: 'Listing pages',
        limit,
        signal,
      }),
    spacesById: ({ ids, next, signal }) =>
      get(next ?? `/wiki/api/v2/spaces?${query({ ids: ids.join(','), status: 'current', limit: LIMIT })}`, spaceRow, {
        what: 'Looking for spaces',
        limit: ids.length,
        signal,
      }),
    pagesById({ ids, bodies = true, anyStatus = false, kind, limit = LIMIT, next, signal }) {
      const path = list({ id: ids.join(','), status: anyStatus ? ANY_STATUS : 'current' }, { bodies, limit, next })
      return getPages(kind === 'blogpost' && !next ? firstPosts(path) : path, {
        what: 'Fetching pages',
        limit: Math.min(limit, ids.length),
        ids,
        signal,
      })
    },
    editedPages: ({ limit, bodies = true, next, signal }) =>
      getPages(list({ status: 'current', sort: '-modified-date' }, { bodies, limit, next }), {
        what: 'Looking for edited pages',
        limit,
        signal,
      }),
  }
}

const PAGES = '/wiki/api/v2/pages?'
const POSTS = '/wiki/api/v2/blogposts?'

/** Where the listing of blog posts begins that is like a listing of pages. They are never archived. */
function firstPosts(path: string): string {
  const given = path.slice(PAGES.length).split('&')
  return POSTS + given.filter((part) => !part.startsWith('cursor=') && part !== 'status=archived').join('&')
}

/** The address of the next response for another number of pages, or without their bodies. The cursor stays as it came. */
function resized(next: string, limit: number, bodies: Bodies): string {
  const [path = '', given = ''] = next.split('?', 2)
  const kept = given.split('&').filter((part) => part && !/^(limit|body-format)=/.test(part))
  return `${path}?${[...kept, `limit=${limit}`, ...(bodies ? [`body-format=${formatOf(bodies)}`] : [])].join('&')}`
}
