import { setTimeout as sleep } from 'node:timers/promises'
import type { Hono } from 'hono'
import { timestamp } from '../../server/src/sandbox/clock.ts'
import { authorOf, type Page, storageOf, type World } from '../../server/src/sandbox/world/world.ts'

/** The server gives no more at once when bodies are asked for. */
const MAX_LIMIT = 100

interface Latency {
  latencyMs: number
  latencyPerPageMs: number
}

/**
 * `GET /wiki/rest/api/content` of the first site, as far as LangChain.js asks and reads: current pages of one space with body and
 * version, by offset. `GET` and `DELETE /old-listing` tell and forget what it was asked for.
 */
export function addOldListing(app: Hono, world: World, { latencyMs, latencyPerPageMs }: Latency): void {
  const [site] = world.sites
  if (!site) throw new Error('The sandbox has no site.')
  const bySpace = new Map<string, readonly Page[]>()
  for (const space of site.spaces.values())
    bySpace.set(
      space.key,
      site.pages
        .sorted('id')
        .filter((page) => page.spaceId === space.id && page.status === 'current' && !page.restricted),
    )
  let counted = { requests: 0, points: 0 }

  const row = (page: Page) => ({
    id: String(page.id),
    type: 'page',
    status: page.status,
    title: page.title,
    version: {
      by: { type: 'known', accountId: authorOf(world, page), displayName: 'Jane Doe' },
      when: timestamp(page.modifiedAt),
      number: page.version,
      minorEdit: page.minorEdit,
    },
    body: { storage: { value: storageOf(world, site, page), representation: 'storage' } },
    _links: { webui: `/spaces/${site.spaces.get(page.spaceId)?.key}/pages/${page.id}`, tinyui: `/x/${page.id}` },
  })

  app.get('/wiki/rest/api/content', async (c) => {
    const start = Number(c.req.query('start') ?? 0)
    const limit = Math.min(Number(c.req.query('limit') ?? 25), MAX_LIMIT)
    const results = (bySpace.get(c.req.query('spaceKey') ?? '') ?? []).slice(start, start + limit).map(row)
    counted = { requests: counted.requests + 1, points: counted.points + 1 + results.length }
    const wait = latencyMs + latencyPerPageMs * results.length
    if (wait > 0) await sleep(wait)
    return c.json({
      results,
      start,
      limit,
      size: results.length,
      _links: { base: `${site.url}/wiki`, context: '/wiki' },
    })
  })
  app.get('/old-listing', (c) => c.json(counted))
  app.delete('/old-listing', (c) => {
    counted = { requests: 0, points: 0 }
    return c.json(counted)
  })
}
