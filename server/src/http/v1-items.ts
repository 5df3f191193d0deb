import { createRoute, z } from '@hono/zod-openapi'
import type { Services } from '../services.ts'
import { countItems, listItems, type TreeFilters, type TreeItem } from '../sync/tree.ts'
import type { Authenticated } from './auth.ts'
import { keysetCursor, listName, type Part, placeOf, readParts } from './keyset.ts'
import { boolean } from './lax.ts'
import { findConnection } from './own-connection.ts'
import { id, limit } from './query-params.ts'
import { asUser, createRouter, ourAnswers } from './routes.ts'

// The tree that pages are picked from.

const item = z
  .object({
    id: z.number().int(),
    externalId: z.string(),
    type: z.enum(['SPACE', 'PAGE']),
    name: z.string(),
    url: z.string(),
    parentExternalId: z.string().nullable(),
    spaceId: z.string().nullable().openapi({ description: 'Of the space that a page is in; null for a space.' }),
    spaceName: z.string().nullable(),
    hasChildren: z.boolean(),
    selectable: z.boolean(),
    fileId: z.number().int().nullable(),
  })
  .openapi('Item')

export const itemList = z
  .object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.number().int().nullable().openapi({ description: 'Null unless it was asked for.' }),
  })
  .openapi('Items')

export const itemQuery = z.object({
  parent: z.string().max(30).optional().openapi({
    description: 'Id of a space or page at Confluence: what lies right in it, or with `search` anywhere below it.',
  }),
  search: z.string().max(500).optional().openapi({ description: 'Part of a name, in any case.' }),
  sort: z.enum(['id', 'name']).default('id').openapi({ description: 'By name, a search gives spaces first.' }),
  cursor: keysetCursor,
  limit,
  total: boolean.default(false).openapi({ description: 'Count all that match.' }),
})

const view = (row: TreeItem): z.output<typeof item> => ({
  id: row.id,
  externalId: row.external_id,
  type: row.type,
  name: row.name,
  url: row.url,
  parentExternalId: row.parent_external_id,
  spaceId: row.space_id,
  spaceName: row.space_name,
  hasChildren: row.is_expandable,
  selectable: true,
  fileId: row.file_id,
})

/** The items of a connection; mounted where the user is known. */
export function connectionItemRoutes({ db }: Pick<Services, 'db'>) {
  return createRouter<Authenticated>().openapi(
    createRoute({
      method: 'get',
      path: '/v1/connections/{id}/items',
      tags: ['Connections'],
      summary: 'Spaces, or what lies in a space or a page, or what a search finds',
      description: 'Go on with `nextCursor` until it is null.',
      security: asUser,
      request: { params: z.object({ id }), query: itemQuery },
      responses: ourAnswers(itemList),
    }),
    async (c) => {
      const { id: connectionId } = await findConnection(db, c.var.user, c.req.valid('param').id)
      const { parent, search, sort, cursor, limit: wanted, total } = c.req.valid('query')
      const scope = { connectionId, parentId: parent, filters: search ? { name: search } : undefined }
      const byName =
        (more?: TreeFilters): Part<TreeItem> =>
        (after, rows) =>
          listItems(db, { ...scope, filters: { ...scope.filters, ...more }, orderBy: 'name', after, limit: rows })
      const parts: Record<typeof sort, Part<TreeItem>[]> = {
        id: [(after, rows) => listItems(db, { ...scope, orderBy: 'id', afterId: after?.id ?? 0, limit: rows })],
        // Only a search of the whole tree finds both, and each kind has its own index.
        name: search && !parent ? [byName({ root_files_only: true }), byName({ item_types: ['PAGE'] })] : [byName()],
      }
      const list = sort === 'id' ? null : listName('items', connectionId, parent ?? '', search ?? '')
      const { rows, nextCursor } = await readParts(list, parts[sort], { after: placeOf(cursor, list), limit: wanted })
      return c.json({ items: rows.map(view), nextCursor, total: total ? await countItems(db, scope) : null }, 200)
    },
  )
}
