import { createRoute, z } from '@hono/zod-openapi'
import type { ConnectionRow, User } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { cancel } from '../sync/cancel.ts'
import { startFileSync } from '../sync/file-sync.ts'
import { startWalk } from '../sync/syncs.ts'
import { countItems, listItems, type TreeItem } from '../sync/tree.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import {
  byDataSource,
  dataSource,
  done,
  orderDirection,
  pagination,
  success,
  syncOptions,
  timestamp,
} from './carbon-schemas.ts'
import { findActiveDataSource, findDataSource } from './data-sources.ts'
import { HttpError } from './errors.ts'
import { externalId } from './external-id.ts'
import { givenTags } from './given-tags.ts'
import { boolean, integer, orDefault, text } from './lax.ts'
import { asUser, carbonAnswers, createRouter, jsonBody } from './routes.ts'
import { tooManyWaiting } from './sync-errors.ts'
import { dataSourceView } from './views.ts'

const item = z
  .object({
    id: z.number().int(),
    external_id: z.string(),
    source: z.literal('CONFLUENCE'),
    name: z.string(),
    synced_at: timestamp,
    is_selectable: z.boolean(),
    is_expandable: z.boolean(),
    organization_id: z.number().int(),
    organization_supplied_user_id: z.string(),
    organization_user_id: z.number().int(),
    organization_user_data_source_id: z.number().int(),
    organization_user_file_to_sync_id: z.number().int().nullable(),
    parent_external_id: z.string().nullable(),
    item_type: z.enum(['SPACE', 'PAGE']),
    root_external_id: z.null(),
    external_url: z.string(),
    file_format: z.literal('CONFLUENCE'),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .openapi('ExternalSourceItem')

const MAX_KINDS = 50
const listInput = z
  .object({
    data_source_id: integer,
    parent_id: text.nullish(),
    filters: z
      .object({
        external_ids: z.array(text).nullish(),
        ids: z.array(integer).nullish(),
        name: text.nullish(),
        root_files_only: boolean.nullish(),
        file_formats: z.array(z.string()).max(MAX_KINDS).nullish(),
        item_types: z.array(z.string()).max(MAX_KINDS).nullish(),
      })
      .nullish(),
    pagination,
    order_by: orDefault(z.enum(['name', 'id', 'directories_first']), 'name'),
    order_dir: orderDirection('asc'),
  })
  .openapi('ListDataSourceItemsRequest')
const listOutput = z.object({ items: z.array(item), count: z.number().int() }).openapi('ListDataSourceItemsResponse')

/** Ids in one call: their records are made before it is answered. */
const MAX_IDS = 10_000
const anyId = text.pipe(externalId)
const filesInput = z
  .object({
    data_source_id: integer,
    ids: z
      .array(z.union([anyId, z.object({ id: anyId }).transform(({ id }) => id)]))
      .max(MAX_IDS, `Send at most ${MAX_IDS} ids in one call.`),
    ...syncOptions,
  })
  .openapi('SyncFilesRequest')

const directoryInput = z.object({ data_source_id: integer, parent_id: text.nullish() }).openapi('ListRequest')
const directoryOutput = z
  .object({
    data: z.array(
      z
        .object({ id: z.string(), name: z.string(), is_synced: z.boolean(), has_children: z.boolean() })
        .openapi('DirectoryItem'),
    ),
  })
  .openapi('ListResponse')
/** The deprecated list has no pages, and what it answers must stay within reason. */
const MAX_DIRECTORY = 10_000

const view = (row: TreeItem, { id, organization_id }: ConnectionRow, user: User): z.output<typeof item> => ({
  id: row.id,
  external_id: row.external_id,
  source: 'CONFLUENCE',
  name: row.name,
  synced_at: row.synced_at.toISOString(),
  is_selectable: true,
  is_expandable: row.is_expandable,
  organization_id,
  organization_supplied_user_id: user.customer_id,
  organization_user_id: user.id,
  organization_user_data_source_id: id,
  organization_user_file_to_sync_id: row.file_id,
  parent_external_id: row.parent_external_id,
  item_type: row.type,
  root_external_id: null,
  external_url: row.url,
  // With a null here Carbon's component takes what follows the last dot of a title for a format, and refuses the row.
  file_format: 'CONFLUENCE',
  created_at: (row.source_created_at ?? row.created_at).toISOString(),
  updated_at: row.updated_at.toISOString(),
})

/** The tree of spaces and pages, and syncing what was picked from it. */
export function itemRoutes(services: Services, authenticate: Authenticator) {
  const { db } = services
  const common = { tags: ['Integrations'], security: asUser }
  const ofDataSource = jsonBody(byDataSource.openapi('SyncDirectoryRequest'))

  const sync = createRoute({
    method: 'post',
    path: '/integrations/items/sync',
    summary: 'Reads the tree of spaces and pages, without their contents',
    description: 'A sync that is running already goes on.',
    request: ofDataSource,
    responses: carbonAnswers(dataSource),
    ...common,
  })
  const cancelSync = createRoute({
    method: 'post',
    path: '/integrations/items/sync/cancel',
    summary: 'Stops the sync of the tree, and of all pages',
    description: 'What was stored stays. Picked files that are waiting go on.',
    request: ofDataSource,
    responses: carbonAnswers(dataSource),
    ...common,
  })
  const list = createRoute({
    method: 'post',
    path: '/integrations/items/list',
    summary: 'Spaces and pages to pick from',
    description:
      'Without `parent_id` the spaces; with filters and no `parent_id` the whole tree, unless `root_files_only`. `filters.name` finds parts of names, below `parent_id` at any depth.',
    request: jsonBody(listInput),
    responses: carbonAnswers(listOutput),
    ...common,
  })
  const files = createRoute({
    method: 'post',
    path: '/integrations/files/sync',
    summary: 'Syncs picked spaces and pages',
    description:
      'A space stands for all its pages, a page for itself. Follow the files by `filters.request_ids`; `POST /v1/connections/{id}/sync` answers with their ids.',
    request: jsonBody(filesInput),
    responses: carbonAnswers(success),
    ...common,
  })
  const filesDeprecated = createRoute({
    method: 'post',
    path: '/integrations/confluence/sync',
    summary: 'The same as /integrations/files/sync',
    deprecated: true,
    request: jsonBody(filesInput),
    responses: carbonAnswers(success),
    ...common,
  })
  const directory = createRoute({
    method: 'post',
    path: '/integrations/confluence/list',
    summary: 'Pages to pick from, without spaces',
    description: 'Without `parent_id` the pages at the top of every space, else those right below a page.',
    deprecated: true,
    request: jsonBody(directoryInput),
    responses: carbonAnswers(directoryOutput),
    ...common,
  })

  const router = createRouter<Authenticated>()
  for (const { path } of [sync, cancelSync, list, files, filesDeprecated, directory])
    router.use(path, authenticate.user)

  router.openapi(sync, async (c) => {
    const { user } = c.var
    const { id } = await findActiveDataSource(services, user, c.req.valid('json').data_source_id)
    await db.transaction().execute((trx) => startWalk(services, trx, { id }, { kind: 'items' }))
    return c.json(dataSourceView(await findDataSource(services, user, id), user), 200)
  })

  router.openapi(cancelSync, async (c) => {
    const { user } = c.var
    const { id } = await findDataSource(services, user, c.req.valid('json').data_source_id)
    await cancel(db, id, 'walks')
    return c.json(dataSourceView(await findDataSource(services, user, id), user), 200)
  })

  router.openapi(list, async (c) => {
    const { user } = c.var
    const { data_source_id, parent_id, filters, pagination, order_by, order_dir } = c.req.valid('json')
    const connection = await findDataSource(services, user, data_source_id)
    const query = { connectionId: connection.id, parentId: parent_id, filters }
    const rows = await listItems(db, {
      ...query,
      orderBy: order_by,
      orderDirection: order_dir,
      limit: pagination.limit,
      offset: pagination.offset,
      ...(pagination.starting_id > 0 && { afterId: pagination.starting_id }),
    })
    return c.json({ items: rows.map((row) => view(row, connection, user)), count: await countItems(db, query) }, 200)
  })

  async function syncFiles(user: User, body: z.output<typeof filesInput>): Promise<void> {
    const connection = await findActiveDataSource(services, user, body.data_source_id)
    if (body.ids.length === 0)
      throw new HttpError(400, 'unknown', 'ids is empty: name at least one space or page, by its external_id.')
    const started = await startFileSync(services, connection, user.customer_id, {
      ids: body.ids,
      tags: givenTags(body.tags),
      requestId: body.request_id || undefined,
      incremental: body.incremental_sync ?? false,
      parsedTextFormat: body.file_sync_config?.parsed_text_format ?? undefined,
      recordOnly: body.file_sync_config?.skip_file_processing ?? false,
    })
    if (!started.ok) throw tooManyWaiting()
  }
  router.openapi(files, async (c) => {
    await syncFiles(c.var.user, c.req.valid('json'))
    return c.json(done, 200)
  })
  router.openapi(filesDeprecated, async (c) => {
    await syncFiles(c.var.user, c.req.valid('json'))
    return c.json(done, 200)
  })

  router.openapi(directory, async (c) => {
    const { data_source_id, parent_id } = c.req.valid('json')
    const connection = await findDataSource(services, c.var.user, data_source_id)
    const rows = await listItems(db, {
      connectionId: connection.id,
      ...(parent_id ? { parentId: parent_id } : { inSpaces: true }),
      filters: { item_types: ['PAGE'] },
      limit: MAX_DIRECTORY,
    })
    const data = rows.map((row) => ({
      id: row.external_id,
      name: row.name,
      is_synced: row.file_id !== null,
      has_children: row.is_expandable,
    }))
    return c.json({ data }, 200)
  })

  return router
}
