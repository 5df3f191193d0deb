import type { Client } from './client.ts'
import { contentOf, type Truth, visiblePages } from './compare.ts'
import { siteOf } from './scene.ts'

// What may be deleted, and what must be held: the rule of docs/sync-changes.md, told a second time from what people did, without
// a look at how the server came to its decision.

/** So many pages of a space vanish at once, and none is deleted. */
const isMany = (vanished: number, stored: number) => vanished >= 20 && vanished >= stored / 5

/** Pages by their id, each with its space's. */
type Pages = ReadonlyMap<string, string>

/** What Confluence shows the connected person at some moment. */
export interface Sight {
  pages: Pages
  spaces: ReadonlySet<string>
  /** Pages of spaces that it does not show: asked for them, it still answers. */
  elsewhere: ReadonlySet<string>
}

export function sightOf({ sandbox, blogPosts }: Truth): Sight {
  const site = siteOf(sandbox)
  const current = [...site.spaces.values()].filter(({ status }) => status === 'current')
  return {
    pages: new Map(visiblePages(site, blogPosts).map(({ id, spaceId }) => [String(id), String(spaceId)])),
    spaces: new Set(current.map(({ id }) => String(id))),
    elsewhere: new Set(
      contentOf(site, blogPosts)
        .filter(
          (page) => page.status === 'current' && !page.restricted && !current.some(({ id }) => id === page.spaceId),
        )
        .map(({ id }) => String(id)),
    ),
  }
}

/** What is stored of a connection, and what of it is held. */
export interface Standing {
  stored: Pages
  held: Pages
  /** Of each space that holds some. */
  reasons: ReadonlyMap<string, string>
}

/** Reads it as customers do. */
export async function standingOf(call: Client, connectionId: number): Promise<Standing> {
  const stored = new Map<string, string>()
  const held = new Map<string, string>()
  const reasons = new Map<string, string>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: Awaited<ReturnType<Client>> = await call(
      'GET',
      `/v1/pages?connectionId=${connectionId}&limit=250${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    // What was picked and could never be fetched is a wish, not a page.
    for (const { externalId, spaceId, version } of body.pages) if (version !== null) stored.set(externalId, spaceId)
    cursor = body.nextCursor
  }
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: Awaited<ReturnType<Client>> = await call(
      'GET',
      `/v1/connections/${connectionId}/held-deletions?limit=250${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    for (const { spaceId, reason } of body.spaces) reasons.set(spaceId, reason)
    for (const { externalId, spaceId } of body.pages) held.set(externalId, spaceId)
    cursor = body.nextCursor
  }
  return { stored, held, reasons }
}

const inSpace = (pages: Pages, space: string) => [...pages].filter(([, at]) => at === space).map(([id]) => id)
const spacesOf = (...each: Pages[]) => new Set(each.flatMap((pages) => [...pages.values()]))

/** A round of syncs: how things stood before and after, and what there was to be seen from its begin to its end. */
export interface Round {
  before: Standing
  after: Standing
  sights: readonly Sight[]
  /** The syncs that there may have been. */
  syncs: number
}

/**
 * What was decided wrongly while people went on working. What a walk saw depends on the moment, so each decision is compared with
 * the most and the least that it can have seen.
 */
export function wrongDecisions({ before, after, sights, syncs }: Round): string[] {
  const wrong: string[] = []
  const wasAlwaysThere = (id: string) => new Set(sights.map(({ pages }) => pages.get(id))).size === 1 && isEverSeen(id)
  const isEverSeen = (id: string) => sights.some(({ pages }) => pages.has(id))
  const deleted = [...before.stored.keys()].filter((id) => !after.stored.has(id))
  for (const id of deleted) if (wasAlwaysThere(id)) wrong.push(`file ${id} was deleted, and was there all the time`)
  for (const id of before.held.keys())
    if (!isEverSeen(id) && !after.held.has(id)) wrong.push(`file ${id} was held, and is no more, though nobody saw it`)

  for (const space of spacesOf(before.stored, after.stored, after.held)) {
    const known = new Set([...inSpace(before.stored, space), ...inSpace(after.stored, space)])
    const ever = new Set([...known, ...sights.flatMap(({ pages }) => inSpace(pages, space))])
    const steady = inSpace(after.stored, space).filter((id) => before.stored.get(id) === space)
    const mayBeMissed = [...known].filter((id) => !wasAlwaysThere(id))
    const isMissed = inSpace(before.stored, space).filter((id) => !isEverSeen(id))
    const gone = deleted.filter((id) => before.stored.get(id) === space)

    const mayBeHeld = {
      many_vanished: isMany(mayBeMissed.length, steady.length),
      space_unreachable: sights.some(({ spaces }) => !spaces.has(space)),
    }
    for (const id of inSpace(after.held, space)) {
      if (before.held.has(id)) continue
      if (wasAlwaysThere(id)) wrong.push(`file ${id} is held, and was there all the time`)
      // Where both are the reason of some, the first is told.
      const isRight =
        mayBeHeld.space_unreachable || (after.reasons.get(space) === 'many_vanished' && mayBeHeld.many_vanished)
      if (!isRight) wrong.push(`file ${id} is held, and too little of space ${space} has vanished for that`)
    }
    if (gone.length > 0 && isMany(gone.length / syncs, ever.size))
      wrong.push(`${gone.length} files of space ${space} were deleted at once, of ${ever.size}`)
    const mustBeHeld =
      isMany(isMissed.length, ever.size) || sights.every(({ spaces }) => !spaces.has(space)) ? isMissed : []
    for (const id of mustBeHeld)
      if (!after.stored.has(id)) wrong.push(`file ${id} was deleted, and had to be held with space ${space}`)
  }
  return wrong
}

/** After complete walks in peace: what must be held now, and nothing else, given how things stood before them. */
export function mustBeHeld({ stored, held }: Standing, { pages, spaces, elsewhere }: Sight): Set<string> {
  const absent = new Map([...stored].filter(([id]) => !pages.has(id)))
  const must = new Set([...absent.keys()].filter((id) => held.has(id) || elsewhere.has(id)))
  for (const space of spacesOf(absent)) {
    const vanished = inSpace(absent, space)
    if (!spaces.has(space) || isMany(vanished.length, vanished.length + inSpace(pages, space).length))
      for (const id of vanished) must.add(id)
  }
  return must
}
