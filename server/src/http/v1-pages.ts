import { createRoute, z } from '@hono/zod-openapi'
import type { User } from '../db/schema.ts'
import { type ContentFormat, readContent } from '../files/content.ts'
import type { Services } from '../services.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { HttpError } from './errors.ts'
import { type FileRow, findFile } from './file-view.ts'
import { id } from './query-params.ts'
import { asUser, createRouter, ourAnswers } from './routes.ts'
import { contentFormats } from './signed-urls.ts'
import { listPages, type PageListRow } from './v1-page-list.ts'
import { page, pageList, pageQuery } from './v1-page-schemas.ts'

// What Carbon's lists make awkward, under `/v1`: going on from a cursor, and contents in every form.

const pageView = (row: PageListRow): z.output<typeof page> => ({
  id: row.id,
  connectionId: row.connection_id,
  externalId: row.page_id,
  kind: row.kind,
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
      summary: 'The pages of this user',
      description:
        'By id unless `sort` says otherwise. Go on with `nextCursor` until it is null. Each answer costs the same, wherever it is in the list.',
      request: { query: pageQuery },
      responses: ourAnswers(pageList),
      ...common,
    }),
    async (c) => {
      const { rows, nextCursor, total } = await listPages(db, c.var.user.id, c.req.valid('query'))
      return c.json({ pages: rows.map(pageView), nextCursor, total }, 200)
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
    const content = await readContent(services, pageId, format)
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
