import { setTimeout as delay } from 'node:timers/promises'
import { createRoute, z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import type { ConnectionRow, User } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { disconnect } from '../sync/disconnect.ts'
import { startFileSync } from '../sync/file-sync.ts'
import { syncProgress } from '../sync/progress.ts'
import { startWalk, walkOptions } from '../sync/syncs.ts'
import { listItems } from '../sync/tree.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { cursor, id, limit, nextCursor } from './cursor.ts'
import { ownConnection } from './data-sources.ts'
import { HttpError } from './errors.ts'
import { givenTags } from './given-tags.ts'
import { asUser, createRouter, jsonBody, ourAnswers } from './routes.ts'
import { tooManyWaiting } from './sync-errors.ts'
import { connection, connectionsResponse, disconnectInput, syncProgress as syncProgressSchema } from './v1-schemas.ts'
import { items, startedSync, syncInput } from './v1-sync-schemas.ts'
import { connectionView, progressView } from './views.ts'

const params = z.object({ id })
const common = { tags: ['Connections'], security: asUser }

const EVENT_INTERVAL_MS = 500
const KEEP_ALIVE_MS = 15_000
/** A stream ends after this long; its reader opens the next one or polls. */
const STREAM_LIFE_MS = 30 * 60_000

/** Connections and how far their syncs have come. */
export function connectionRoutes(services: Services, authenticate: Authenticator) {
  const { db } = services

  async function find(user: User, id: number): Promise<ConnectionRow> {
    const row = await ownConnection(db, user, id)
    if (!row) throw new HttpError(404, 'unknown', 'There is no such connection for this user.')
    return row
  }

  async function progress(user: User, id: number) {
    await find(user, id)
    const found = await syncProgress(db, id)
    if (!found) throw new HttpError(404, 'unknown', 'This connection has not been synced yet.')
    return progressView(found)
  }

  const router = createRouter<Authenticated>()
  router.use('/v1/connections/*', authenticate.user)

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/connections',
      summary: 'The connected accounts of this user',
      responses: ourAnswers(connectionsResponse),
      ...common,
    }),
    async (c) => {
      const rows = await db
        .selectFrom('connections')
        .selectAll()
        .where('user_id', '=', c.var.user.id)
        .where('status', '!=', 'disconnected')
        .orderBy('id')
        .execute()
      return c.json({ connections: rows.map(connectionView) }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/connections/{id}/sync',
      summary: 'How far the latest sync has come',
      request: { params },
      responses: ourAnswers(syncProgressSchema),
      ...common,
    }),
    async (c) => {
      c.header('cache-control', 'no-store')
      return c.json(await progress(c.var.user, c.req.valid('param').id), 200)
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
      await find(c.var.user, id)
      await disconnect(db, id, c.req.valid('json'))
      return c.json(connectionView(await find(c.var.user, id)), 200)
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
      const connection = await find(user, c.req.valid('param').id)
      if (connection.status !== 'active')
        throw new HttpError(409, 'reconnect_needed', 'This connection is disconnected, or Atlassian ended its access.')
      const { spaces = [], pages = [], tags, requestId, incremental, parsedTextFormat } = c.req.valid('json')
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
        .execute((trx) => startWalk(services, trx, connection, { kind: 'all', requestId, options }))
      return c.json({ ...sync, fileIds: [] }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/connections/{id}/items',
      summary: 'Spaces, or what lies below a space or a page, or what a search finds',
      request: {
        params,
        query: z.object({
          parent: z.string().max(30).optional(),
          search: z.string().max(500).optional(),
          cursor,
          limit,
        }),
      },
      responses: ourAnswers(items),
      ...common,
    }),
    async (c) => {
      const connection = await find(c.var.user, c.req.valid('param').id)
      const { parent, search, cursor: afterId, limit: wanted } = c.req.valid('query')
      const rows = await listItems(db, {
        connectionId: connection.id,
        parentId: parent,
        filters: search ? { name: search } : undefined,
        orderBy: 'id',
        limit: wanted,
        ...(afterId !== undefined && { afterId }),
      })
      const found = rows.map((row) => ({
        id: row.id,
        externalId: row.external_id,
        type: row.type,
        name: row.name,
        url: row.url,
        parentExternalId: row.parent_external_id,
        hasChildren: row.is_expandable,
        fileId: row.file_id,
      }))
      return c.json({ items: found, nextCursor: nextCursor(rows, wanted) }, 200)
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
