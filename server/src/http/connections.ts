import { setTimeout as delay } from 'node:timers/promises'
import { createRoute, z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { sql } from 'kysely'
import type { User } from '../db/schema.ts'
import { tagCondition } from '../files/tags.ts'
import type { Services } from '../services.ts'
import { cancel } from '../sync/cancel.ts'
import { disconnect } from '../sync/disconnect.ts'
import { startFileSync } from '../sync/file-sync.ts'
import { syncProgress } from '../sync/progress.ts'
import { startWalk, walkOptions } from '../sync/syncs.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { looseObject } from './carbon-schemas.ts'
import { tagFilter } from './data-sources.ts'
import { HttpError } from './errors.ts'
import { givenTags } from './given-tags.ts'
import { withLastErrors } from './last-errors.ts'
import { findActiveConnection, findConnection } from './own-connection.ts'
import { id } from './query-params.ts'
import { asUser, createRouter, jsonBody, ourAnswers } from './routes.ts'
import { tooManyWaiting } from './sync-errors.ts'
import { heldRoutes } from './v1-held.ts'
import { connectionItemRoutes } from './v1-items.ts'
import { connectionPageRoutes } from './v1-page-actions.ts'
import { connection, connectionsResponse, disconnectInput, syncProgress as syncProgressSchema } from './v1-schemas.ts'
import { startedSync, syncInput } from './v1-sync-schemas.ts'
import { connectionView, progressView } from './views.ts'

const params = z.object({ id })
const connectionQuery = z.object({
  tags: z
    .string()
    .max(10_000)
    .transform((text, context) => {
      const parsed = looseObject.safeParse(parseJson(text))
      if (parsed.success) return parsed.data
      context.addIssue({ code: 'custom', message: 'tags is an object, as JSON.' })
      return z.NEVER
    })
    .optional()
    .openapi({
      type: 'string',
      description:
        'JSON: a tree of `{"AND": […]}` and `{"OR": […]}` of `{"key", "value", "negate"}`, or simply keys with values, as `filters.tags` of `/user_data_sources`.',
    }),
})
const common = { tags: ['Connections'], security: asUser }

const EVENT_INTERVAL_MS = 500
const KEEP_ALIVE_MS = 15_000
/** A stream ends after this long; its reader opens the next one or polls. */
const STREAM_LIFE_MS = 30 * 60_000

/** Not EXISTS: for that the planner may read all pages into a hash to look up a few connections. */
const hasPages = sql<boolean>`coalesce(
  (select true from pages where pages.connection_id = connections.id limit 1), false)`

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Connections and how far their syncs have come. */
export function connectionRoutes(services: Services, authenticate: Authenticator) {
  const { db } = services

  async function progress(user: User, id: number, syncId?: number) {
    const own = await findConnection(db, user, id)
    const found = await syncProgress(db, id, { syncId })
    if (!found)
      throw new HttpError(
        404,
        'unknown',
        syncId === undefined ? 'This connection has not been synced yet.' : 'This connection has no such sync.',
      )
    return progressView(found, own)
  }

  const router = createRouter<Authenticated>()
  router.use('/v1/connections/*', authenticate.user)
  router.route('/', connectionItemRoutes(services))
  router.route('/', connectionPageRoutes(services))
  router.route('/', heldRoutes(services))

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/connections',
      summary: 'The connected accounts of this user',
      description: 'A disconnected one is among them while pages of it are kept.',
      request: { query: connectionQuery },
      responses: ourAnswers(connectionsResponse),
      ...common,
    }),
    async (c) => {
      const { tags } = c.req.valid('query')
      const rows = await withLastErrors(db)
        .where('user_id', '=', c.var.user.id)
        .where((eb) => eb.or([eb('status', '!=', 'disconnected'), hasPages]))
        .$if(tags !== undefined, (query) =>
          query.where(tagCondition('connections.tags', tagFilter(tags ?? {}, 'tags'))),
        )
        .orderBy('id')
        .execute()
      return c.json({ connections: rows.map(connectionView) }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/connections/{id}/sync',
      summary: 'How far a sync has come: the latest, or the one with `syncId`',
      request: { params, query: z.object({ syncId: id.optional() }) },
      responses: ourAnswers(syncProgressSchema),
      ...common,
    }),
    async (c) => {
      c.header('cache-control', 'no-store')
      return c.json(await progress(c.var.user, c.req.valid('param').id, c.req.valid('query').syncId), 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/connections/{id}/disconnect',
      summary: 'End a connection',
      description:
        'Stops its sync, forgets its tokens and, unless `deletePages` is false, deletes the pages it synced.',
      request: { params, ...jsonBody(disconnectInput) },
      responses: ourAnswers(connection),
      ...common,
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await findConnection(db, c.var.user, id)
      await disconnect(db, id, c.req.valid('json'))
      return c.json(connectionView(await findConnection(db, c.var.user, id)), 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/connections/{id}/sync',
      summary: 'Starts a sync, of everything or of what was picked',
      request: { params, ...jsonBody(syncInput) },
      responses: ourAnswers(startedSync),
      ...common,
    }),
    async (c) => {
      const { user } = c.var
      const connection = await findActiveConnection(db, user, c.req.valid('param').id)
      const { spaces = [], pages = [], walk = 'all', ...given } = c.req.valid('json')
      const { tags, requestId, incremental, parsedTextFormat } = given
      if (spaces.length + pages.length > 0) {
        const selection = {
          spaceIds: spaces,
          pageIds: pages,
          tags: givenTags(tags),
          requestId,
          incremental,
          parsedTextFormat,
        }
        const started = await startFileSync(services, connection, user.customer_id, selection)
        if (!started.ok) throw tooManyWaiting()
        return c.json({ ...started.sync, fileIds: started.fileIds }, 200)
      }
      const usual = walkOptions(connection.sync_options)
      const options = {
        tags: { ...usual.tags, ...givenTags(tags) },
        incremental: incremental ?? usual.incremental,
        parsedTextFormat: parsedTextFormat ?? usual.parsedTextFormat,
      }
      const sync = await db
        .transaction()
        .execute((trx) => startWalk(services, trx, connection, { kind: walk, requestId, options }))
      return c.json({ ...sync, fileIds: [] }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/connections/{id}/sync/cancel',
      summary: 'Stops what is syncing',
      description:
        'What was stored stays, and pages that were waiting are marked as given up. Repeating the call changes nothing.',
      request: { params },
      responses: ourAnswers(syncProgressSchema),
      ...common,
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await findConnection(db, c.var.user, id)
      await cancel(db, id, 'all')
      return c.json(await progress(c.var.user, id), 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'post',
      path: '/v1/connections/{id}/items/sync',
      summary: 'Reads the tree of spaces and pages anew, without their contents',
      description:
        'A sync of everything or of the tree that is running already goes on, and is the one that is answered.',
      request: { params },
      responses: ourAnswers(startedSync),
      ...common,
    }),
    async (c) => {
      const { id } = await findActiveConnection(db, c.var.user, c.req.valid('param').id)
      const sync = await db.transaction().execute((trx) => startWalk(services, trx, { id }, { kind: 'items' }))
      return c.json({ ...sync, fileIds: [] }, 200)
    },
  )

  // Server-sent events cannot be described by OpenAPI's JSON schemas; they carry the same object as the GET above.
  router.get('/v1/connections/:id/sync/events', async (c) => {
    const id = params.safeParse(c.req.param()).data?.id
    if (id === undefined) throw new HttpError(404, 'unknown', 'There is no such connection for this user.')
    const first = await progress(c.var.user, id)
    c.header('cache-control', 'no-store')
    c.header('x-accel-buffering', 'no')
    return streamSSE(c, async (stream) => {
      const end = Date.now() + STREAM_LIFE_MS
      let current: typeof first | undefined = first
      let sent = ''
      let quietSince = Date.now()
      while (current && !stream.aborted && Date.now() < end) {
        const data = JSON.stringify(current)
        if (data !== sent) {
          await stream.writeSSE({ event: 'progress', data })
          sent = data
          quietSince = Date.now()
        } else if (Date.now() - quietSince > KEEP_ALIVE_MS) {
          await stream.write(': still here\n\n')
          quietSince = Date.now()
        }
        if (current.finishedAt) return
        await delay(EVENT_INTERVAL_MS)
        current = await progress(c.var.user, id).catch(() => undefined)
      }
    })
  })

  return router
}
