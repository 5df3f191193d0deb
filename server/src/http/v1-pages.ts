import { createRoute, z } from '@hono/zod-openapi'
import type { User } from '../db/schema.ts'
import { type ContentFormat, readContent } from '../files/content.ts'
import type { Services } from '../services.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { looseObject, timestamp } from './carbon-schemas.ts'
import { cursor, id, limit, nextCursor } from './cursor.ts'
import { HttpError } from './errors.ts'
import { type FileRow, findFile, findFiles } from './file-view.ts'
import { asUser, createRouter, ourAnswers } from './routes.ts'
import { contentFormats } from './signed-urls.ts'

// What Carbon's lists make awkward, under `/v1`: going on from a cursor, and contents in every form.

const page = z
  .object({
    id: z.number().int(),
    connectionId: z.number().int(),
    externalId: z.string(),
    parentExternalId: z.string().nullable(),
    spaceId: z.string().nullable(),
    title: z.string().nullable(),
    url: z.string().nullable(),
    version: z.number().int().nullable(),
    status: z.string(),
    error: z.string().nullable(),
    tags: looseObject,
    createdAt: timestamp.nullable(),
    updatedAt: timestamp.nullable(),
    syncedAt: timestamp.nullable(),
    contents: z
      .object({ html: z.string(), text: z.string(), markdown: z.string() })
      .nullable()
      .openapi({ description: 'Paths, for the same credentials; null without content.' }),
  })
  .openapi('Page')
const pages = z.object({ pages: z.array(page), nextCursor: z.string().nullable() }).openapi('Pages')

const pageView = (row: FileRow): z.output<typeof page> => ({
  id: row.id,
  connectionId: row.connection_id,
  externalId: row.page_id,
  parentExternalId: row.parent_id,
  spaceId: row.space_id,
  title: row.title,
  url: row.url,
  version: row.version,
  status: row.sync_status,
  error: row.sync_error_message,
  tags: row.tags,
  createdAt: row.source_created_at?.toISOString() ?? null,
  updatedAt: row.source_updated_at?.toISOString() ?? null,
  syncedAt: row.synced_at?.toISOString() ?? null,
  contents: row.has_content
    ? {
        html: `/v1/pages/${row.id}/content?format=html`,
        text: `/v1/pages/${row.id}/content?format=text`,
        markdown: `/v1/pages/${row.id}/content?format=markdown`,
      }
    : null,
})

const formats: Record<'html' | 'text' | 'markdown', ContentFormat> = { html: 'html', text: 'txt', markdown: 'md' }

/** The pages and what they say. */
export function pageRoutes(services: Services, authenticate: Authenticator) {
  const { db } = services
  const common = { tags: ['Pages'], security: asUser }

  const router = createRouter<Authenticated>()
  router.use('/v1/pages/*', authenticate.user)

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/pages',
      summary: 'The pages of this user, by id',
      description: 'Go on with `nextCursor` until it is null. Each answer costs the same, wherever it is in the list.',
      request: {
        query: z.object({ connectionId: id.optional(), requestId: z.string().max(200).optional(), cursor, limit }),
      },
      responses: ourAnswers(pages),
      ...common,
    }),
    async (c) => {
      const { connectionId, requestId, cursor: after, limit: wanted } = c.req.valid('query')
      const rows = await findFiles(db, c.var.user.id, {
        filters: {
          ...(connectionId !== undefined && { organization_user_data_source_id: [connectionId] }),
          ...(requestId !== undefined && { request_ids: [requestId] }),
        },
        pagination: { limit: wanted, offset: 0, starting_id: after ?? 0 },
        order_by: 'id',
        order_dir: 'asc',
      })
      return c.json({ pages: rows.map(pageView), nextCursor: nextCursor(rows, wanted) }, 200)
    },
  )

  router.openapi(
    createRoute({
      method: 'get',
      path: '/v1/pages/{id}',
      summary: 'One page',
      request: { params: z.object({ id }) },
      responses: ourAnswers(page),
      ...common,
    }),
    async (c) => c.json(pageView(await find(c.var.user, c.req.valid('param').id)), 200),
  )

  async function find(user: User, pageId: number): Promise<FileRow> {
    const row = await findFile(db, user.id, pageId)
    if (!row) throw new HttpError(404, 'unknown', 'There is no such page for this user.')
    return row
  }

  const contentQuery = z.object({ format: z.enum(['html', 'text', 'markdown']).default('html') })
  // What it answers is no JSON, so it is described by its parameters only.
  router.get('/v1/pages/:id/content', async (c) => {
    const params = z.object({ id }).safeParse(c.req.param())
    const query = contentQuery.safeParse(c.req.query())
    if (!params.success) throw new HttpError(404, 'unknown', 'There is no such page for this user.')
    if (!query.success) throw new HttpError(400, 'unknown', 'format is html, text or markdown.')
    const { id: pageId } = await find(c.var.user, params.data.id)
    const format = formats[query.data.format]
    const content = await readContent(db, pageId, format)
    if (!content)
      throw new HttpError(404, 'unknown', 'This page has no content: it is not synced yet, or it was deleted.')
    c.header('content-type', contentFormats[format])
    c.header('cache-control', 'private, no-store')
    c.header('content-security-policy', "sandbox; default-src 'none'")
    c.header('x-content-type-options', 'nosniff')
    return c.body(content.body)
  })

  return router
}
