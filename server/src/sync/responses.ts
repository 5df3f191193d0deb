import { setTimeout as delay } from 'node:timers/promises'
import type { ConfluenceClient, Listing } from '../confluence/client.ts'
import { AtlassianError } from '../confluence/errors.ts'
import type { ConfluencePage } from '../confluence/types.ts'
import { documentToStorage } from '../content/index.ts'
import type { ConnectionRow, SyncLaneRow, SyncRow } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { askForLess, mayBeThePages, split } from './page-size.ts'
import type { Claim } from './queue.ts'
import { siteBase } from './rows.ts'

/** Before fewer pages are asked for: Atlassian may have hiccuped. */
const CATCH_BREATH_MS = 200

/** Who asks for the pages of a lane. */
interface Asking {
  services: Services
  confluence: ConfluenceClient
  connection: Pick<ConnectionRow, 'id' | 'site_host'>
  sync: SyncRow
  claim: Claim
  signal: AbortSignal
}

/** One response of a lane, and the page that it should hold but Atlassian does not hand out. */
export interface Response extends Listing<ConfluencePage> {
  requests: number
  unreadable?: ConfluencePage
}

/** Asks for the next response of a lane and makes the best of it where that fails. */
export const takeNext = (
  walk: Asking,
  lane: SyncLaneRow,
  limit = lane.page_size,
): Promise<Response | SyncLaneRow | undefined> =>
  fetchResponse(walk, lane, limit).catch((error: unknown) => recover(walk, lane, limit, error))

/** Whether there is a response, and not a lane that is to be asked for again or is no longer ours. */
export const isResponse = (taken: Response | SyncLaneRow | undefined): taken is Response =>
  taken !== undefined && 'results' in taken

async function fetchResponse(
  { confluence, sync, signal }: Asking,
  lane: SyncLaneRow,
  limit: number,
  bodies = withBodies(sync, lane),
): Promise<Response> {
  const { step, page_ids, space_ids, next } = lane
  const where = { bodies, limit, next, signal }
  const answer = await (step === 'changes'
    ? confluence.editedPages(where)
    : page_ids
      ? confluence.pagesById({ ids: page_ids, ...where })
      : confluence.pages({ spaceIds: space_ids, ...where }))
  return { ...answer, requests: 1 }
}

const withBodies = (sync: SyncRow, { step }: SyncLaneRow) =>
  step !== 'compare' && sync.kind !== 'items' && !sync.options.recordOnly

/** The next page of a lane by itself: which one it is, without its body, and then just that page, in one format or else the other. */
async function fetchAlone(walk: Asking, lane: SyncLaneRow): Promise<Response> {
  const place = await fetchResponse(walk, lane, 1, false)
  const [page] = place.results
  if (!page) return place
  let { requests, points } = place
  for (const bodies of [true, 'document'] as const) {
    requests += 1
    try {
      const alone = await walk.confluence.pagesById({ ids: [page.id], bodies, kind: page.kind, signal: walk.signal })
      points += alone.points
      const results = alone.results.map((one) => (bodies === 'document' ? inStorageFormat(one) : one))
      return { ...place, results, requests, points, bytes: alone.bytes }
    } catch (error) {
      if (!mayBeThePages(error)) throw error
      points += 1
      const about = { syncId: walk.sync.id, pageId: page.id, error: error.message }
      walk.services.log.warn(
        about,
        bodies === 'document' ? 'a page cannot be fetched' : 'a page fails in storage format',
      )
    }
  }
  return { ...place, results: [], unreadable: page, requests, points }
}

/**
 * A page that came in Atlassian's document format.
 *
 * @throws AtlassianError `unexpected_answer` where it did not
 */
function inStorageFormat(page: ConfluencePage): ConfluencePage {
  try {
    const document: unknown = JSON.parse(page.body?.atlas_doc_format?.value ?? '')
    return { ...page, body: { storage: { value: documentToStorage(document) } } }
  } catch {
    throw new AtlassianError('unexpected_answer', "Fetching pages: the body is not in Atlassian's document format.")
  }
}

/**
 * Makes the best of a response that failed.
 *
 * @returns another response, or the lane as it is asked for again; undefined when it is no longer ours
 * @throws what failed, where only trying again later helps
 */
async function recover(
  walk: Asking,
  lane: SyncLaneRow,
  limit: number,
  error: unknown,
): Promise<Response | SyncLaneRow | undefined> {
  const refused = error instanceof AtlassianError && error.code === 'bad_request' && lane.next === null
  if (refused && lane.page_ids)
    return lane.page_ids.length > 1 ? split(walk, lane, lane.page_ids) : { ...NOTHING, base: siteBase(walk.connection) }
  if (!mayBeThePages(error)) throw error
  if (limit > 1) {
    await delay(CATCH_BREATH_MS, undefined, { signal: walk.signal })
    return askForLess(walk, lane, limit)
  }
  if (!withBodies(walk.sync, lane)) throw error
  return fetchAlone(walk, lane)
}

const NOTHING: Response = { results: [], next: null, base: null, points: 1, bytes: 0, requests: 1 }
