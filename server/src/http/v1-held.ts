import { createRoute, z } from '@hono/zod-openapi'
import type { Services } from '../services.ts'
import { heldSpaces } from '../sync/absences.ts'
import { heldFiles, refuseHeld, releaseHeld } from '../sync/held.ts'
import type { Authenticated } from './auth.ts'
import { externalId } from './external-id.ts'
import { withLastErrors } from './last-errors.ts'
import { MAX_INT } from './lax.ts'
import { findConnection } from './own-connection.ts'
import { id, limit } from './query-params.ts'
import { asUser, createRouter, jsonBody, ourAnswers } from './routes.ts'
import { connection } from './v1-schemas.ts'
import { connectionView } from './views.ts'

const timestamp = z.iso.datetime({ offset: true })

const heldSpace = z
  .object({
    spaceId: z.string(),
    name: z.string().nullable(),
    pages: z.number().int(),
    since: timestamp,
    reason: z.enum(['many_vanished', 'space_unreachable']),
  })
  .openapi('HeldSpace')
export const connectionDetail = connection
  .extend({ heldDeletions: z.array(heldSpace).openapi({ description: 'Pages that vanished and are kept, by space.' }) })
  .openapi('ConnectionDetail')
const heldPage = z.object({
  id: z.number().int(),
  externalId: z.string(),
  title: z.string().nullable(),
  url: z.string().nullable(),
  spaceId: z.string().nullable(),
  since: timestamp,
})
const heldList = z
  .object({ spaces: z.array(heldSpace), pages: z.array(heldPage), nextCursor: z.string().nullable() })
  .openapi('HeldDeletions')
const heldChoice = z
  .object({
    spaces: z.array(externalId).max(10_000).optional().openapi({ description: 'Ids of spaces; without it, all.' }),
  })
  .openapi('HeldDeletionsChoice')
const heldCount = z.object({ count: z.number().int() }).openapi('HeldDeletionsCount')

const params = z.object({ id })
const cursor = z.coerce.number().int().min(0).max(MAX_INT).default(0)
const common = { tags: ['Connections'], security: asUser }

const iso = (date: Date | null) => (date ?? new Date()).toISOString()

/** One connection, and what is kept of it although it vanished at Confluence. */
export function heldRoutes(services: Services) {
  const { db } = services
  const spacesOf = async (connectionId: number) =>
    (await heldSpaces(db, connectionId)).map((space) => ({ ...space, since: iso(space.since) }))
  const router = createRouter<Authenticated>()

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/connections/{id}',
      summary: 'One connection, and which deletions are held',
      request: { params },
      responses: ourAnswers(connectionDetail),
      ...common,
    }),
    async (c) => {
      const { id: own } = await findConnection(db, c.var.user, c.req.valid('param').id)
      const row = await withLastErrors(db).where('id', '=', own).executeTakeFirstOrThrow()
      return c.json({ ...connectionView(row), heldDeletions: await spacesOf(row.id) }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/connections/{id}/held-deletions',
      summary: 'Pages that vanished at Confluence and are kept',
      description:
        'Where many pages of a space vanish at once, or a space does, none is deleted before somebody decides. What comes back at Confluence is held no longer.',
      request: { params, query: z.object({ limit, cursor }) },
      responses: ourAnswers(heldList),
      ...common,
    }),
    async (c) => {
      const row = await findConnection(db, c.var.user, c.req.valid('param').id)
      const { limit: wanted, cursor: afterId } = c.req.valid('query')
      const found = await heldFiles(db, row.id, { afterId, limit: wanted + 1 })
      const shown = found.slice(0, wanted)
      return c.json(
        {
          spaces: await spacesOf(row.id),
          pages: shown.map((file) => ({
            id: file.id,
            externalId: file.page_id,
            title: file.title,
            url: file.url,
            spaceId: file.space_id,
            since: iso(file.held_at),
          })),
          nextCursor: found.length > wanted ? String(shown.at(-1)?.id) : null,
        },
        200,
      )
    },
  )

  const decisions = {
    release: {
      summary: 'Deletes what is held',
      description: 'The first 500 pages are gone with the answer, the rest soon after. Webhooks are told of each.',
      decide: releaseHeld,
    },
    refuse: {
      summary: 'Keeps what is held',
      description: 'It stays, and is held no more, unless it comes back at Confluence and vanishes again.',
      decide: refuseHeld,
    },
  }
  for (const [name, { summary, description, decide }] of Object.entries(decisions))
    router.openapi(
      createRoute({
        method: 'post',
        path: `/v1/connections/{id}/held-deletions/${name}`,
        summary,
        description,
        request: { params, ...jsonBody(heldChoice) },
        responses: ourAnswers(heldCount),
        ...common,
      }),
      async (c) => {
        const row = await findConnection(db, c.var.user, c.req.valid('param').id)
        const { spaces: spaceIds } = c.req.valid('json')
        return c.json({ count: await decide(services, c.var.user, { connectionId: row.id, spaceIds }) }, 200)
      },
    )

  return router
}
