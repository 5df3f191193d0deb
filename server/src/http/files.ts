import { createRoute, z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { pendingStatuses, type User } from '../db/schema.ts'
import type { ContentFormat } from '../files/content.ts'
import { deleteFiles as deleteMatching } from '../files/deletions.ts'
import { type FileFilters, isEmpty, problemOf } from '../files/filters.ts'
import { RESERVED_KEYS } from '../files/tags.ts'
import type { Services } from '../services.ts'
import { queueFiles } from '../sync/file-sync.ts'
import type { Authenticated, Authenticator } from './auth.ts'
import { done, success } from './carbon-schemas.ts'
import { HttpError } from './errors.ts'
import {
  deleteFiles,
  deleteFilesV2,
  presignedUrlResponse,
  resyncInput,
  tagsToCreate,
  tagsToRemove,
  type UserFilesQuery,
  userFile,
  userFilesQuery,
  userFilesResponse,
} from './file-schemas.ts'
import { countFiles, type FileRow, fileView, findFile, findFiles, parsedFormat } from './file-view.ts'
import { givenTags } from './given-tags.ts'
import { integer } from './lax.ts'
import { asUser, carbonAnswers, createRouter, jsonBody } from './routes.ts'
import type { SignedUrls } from './signed-urls.ts'
import { tooManyWaiting } from './sync-errors.ts'

/** Life of the links that take no wish, in seconds. */
const LINK_SECONDS = 3600

const common = { tags: ['Files'], security: asUser }

/** Carbon's files: the pages, and where to fetch their contents. */
export function fileRoutes(services: Services, authenticate: Authenticator, urls: SignedUrls) {
  const { db } = services
  const router = createRouter<Authenticated>()

  async function find(user: User, id: number, at = db): Promise<FileRow> {
    const row = await findFile(at, user.id, id)
    if (!row) throw new HttpError(404, 'unknown', 'There is no such file for this user.')
    return row
  }

  const list = async (user: User, query: UserFilesQuery) =>
    (await findFiles(db, user.id, { ...query, filters: usable(query.filters) })).map((row) =>
      fileView(row, user, urls, {
        raw: query.include_raw_file ?? false,
        parsed: query.include_parsed_text_file ?? false,
        seconds: query.presigned_url_expiry_time_seconds,
      }),
    )

  const query = createRoute({
    method: 'post',
    path: '/user_files_v2',
    summary: 'The pages of this user',
    description:
      'With `include_raw_file` each page has a `presigned_url` (HTML), with `include_parsed_text_file` a `parsed_text_url` (plain text, or Markdown where the file was synced so). Both work without headers until they expire.',
    request: jsonBody(userFilesQuery),
    responses: carbonAnswers(userFilesResponse),
    ...common,
  })
  router.use(query.path, authenticate.user)
  router.openapi(query, async (c) => {
    const { user } = c.var
    const body = c.req.valid('json')
    const [results, count] = [await list(user, body), await countFiles(db, user.id, body.filters ?? {})]
    return c.json({ results, count }, 200)
  })

  const queryDeprecated = createRoute({
    method: 'post',
    path: '/user_files',
    summary: 'The pages of this user, as a bare list',
    deprecated: true,
    request: jsonBody(userFilesQuery),
    responses: carbonAnswers(z.array(userFile)),
    ...common,
  })
  router.use(queryDeprecated.path, authenticate.user)
  router.openapi(queryDeprecated, async (c) => c.json(await list(c.var.user, c.req.valid('json')), 200))

  const addTags = createRoute({
    method: 'post',
    path: '/create_user_file_tags',
    summary: 'Puts tags on a file',
    description: 'Tags of the same key are replaced, others stay. Values become strings or lists of strings.',
    request: jsonBody(tagsToCreate),
    responses: carbonAnswers(userFile),
    ...common,
  })
  router.use(addTags.path, authenticate.user)
  router.openapi(addTags, async (c) => {
    const { user } = c.var
    const { organization_user_file_id: id, tags } = c.req.valid('json')
    const reserved = RESERVED_KEYS.filter((key) => Object.hasOwn(tags, key))
    if (reserved.length > 0)
      throw new HttpError(400, 'unknown', `These tag keys are reserved: ${reserved.join(', ')}. Choose others.`)
    await db
      .updateTable('pages')
      .set({ tags: sql`tags || ${JSON.stringify(givenTags(tags))}::jsonb`, updated_at: new Date() })
      .where('id', '=', id)
      .where('user_id', '=', user.id)
      .execute()
    return c.json(fileView(await find(user, id), user, urls), 200)
  })

  const removeTags = createRoute({
    method: 'post',
    path: '/delete_user_file_tags',
    summary: 'Takes tags off a file',
    request: jsonBody(tagsToRemove),
    responses: carbonAnswers(userFile),
    ...common,
  })
  router.use(removeTags.path, authenticate.user)
  router.openapi(removeTags, async (c) => {
    const { user } = c.var
    const { organization_user_file_id: id, tags } = c.req.valid('json')
    await db
      .updateTable('pages')
      .set({ tags: sql`tags - ${tags}::text[]`, updated_at: new Date() })
      .where('id', '=', id)
      .where('user_id', '=', user.id)
      .execute()
    return c.json(fileView(await find(user, id), user, urls), 200)
  })

  const resync = createRoute({
    method: 'post',
    path: '/resync_file',
    summary: 'Fetches a page again',
    description: '409 while it is being synced already, or when its connection has to be renewed first.',
    request: jsonBody(resyncInput),
    responses: carbonAnswers(userFile),
    ...common,
  })
  router.use(resync.path, authenticate.user)
  router.openapi(resync, async (c) => {
    const { user } = c.var
    const { file_id: id, skip_file_processing } = c.req.valid('json')
    const file = await find(user, id)
    if (pendingStatuses.some((status) => status === file.sync_status))
      throw new HttpError(409, 'unknown', 'File not ready to be resynced: it is being synced. Wait until it is READY.')
    const connection = await db
      .selectFrom('connections')
      .selectAll()
      .where('id', '=', file.connection_id)
      .executeTakeFirstOrThrow()
    if (connection.status !== 'active')
      throw new HttpError(
        409,
        'reconnect_needed',
        'File not ready to be resynced: its data source is disconnected. Connect it again first.',
      )
    const wish = { pageIds: [file.page_id], recordOnly: skip_file_processing ?? false, isResync: true }
    const queued = await db.transaction().execute(async (trx) => {
      const started = await queueFiles(services.queue, trx, connection, user.customer_id, wish)
      if (!started.ok) throw tooManyWaiting()
      return find(user, id, trx)
    })
    return c.json(fileView(queued, user, urls), 200)
  })

  const deleteV2 = createRoute({
    method: 'post',
    path: '/delete_files_v2',
    summary: 'Deletes files by filter',
    description:
      'The filters are those of `/user_files_v2`; with `include_all_children` the files below `ids` go too. Without any filter the call is refused unless `allow_empty_filters` is true. A later sync of the same pages brings them back.',
    request: jsonBody(deleteFilesV2),
    responses: carbonAnswers(success),
    ...common,
  })
  router.use(deleteV2.path, authenticate.user)
  router.openapi(deleteV2, async (c) => {
    const body = c.req.valid('json')
    const filters = usable(body.filters)
    if (isEmpty(filters) && !body.allow_empty_filters)
      throw new HttpError(
        400,
        'unknown',
        'Without a filter every file of this user would be deleted. Name the files in filters, or send allow_empty_filters: true to delete all.',
      )
    const { user } = c.var
    await deleteMatching(services, user, {
      filters,
      sendWebhook: body.send_webhook ?? false,
      preserveRecord: body.preserve_file_record ?? false,
    })
    return c.json(done, 200)
  })

  const deleteDeprecated = createRoute({
    method: 'post',
    path: '/delete_files',
    summary: 'Deletes files',
    deprecated: true,
    request: jsonBody(deleteFiles),
    responses: carbonAnswers(success),
    ...common,
  })
  router.use(deleteDeprecated.path, authenticate.user)
  router.openapi(deleteDeprecated, async (c) => {
    const body = c.req.valid('json')
    const filters = {
      ids: body.file_ids,
      sync_statuses: body.sync_statuses,
      non_synced_only: body.delete_non_synced_only,
      include_all_children: body.delete_child_files,
    }
    if (isEmpty(filters))
      throw new HttpError(
        400,
        'unknown',
        'Without file_ids or sync_statuses every file of this user would be deleted. Name the files, or use /delete_files_v2 with allow_empty_filters: true.',
      )
    const { user } = c.var
    await deleteMatching(services, user, {
      filters,
      sendWebhook: body.send_webhook ?? false,
      preserveRecord: false,
    })
    return c.json(done, 200)
  })

  const links: [path: string, summary: string, format: (row: FileRow) => ContentFormat][] = [
    ['/raw_file/{file_id}', 'A link to the HTML of a page', () => 'html'],
    ['/parsed_file/{file_id}', 'A link to the text of a page', parsedFormat],
  ]
  for (const [path, summary, format] of links) {
    const route = createRoute({
      method: 'get',
      path,
      summary,
      deprecated: true,
      request: { params: z.object({ file_id: integer.openapi({ param: { name: 'file_id', in: 'path' } }) }) },
      responses: carbonAnswers(presignedUrlResponse),
      ...common,
    })
    router.use(path.replace('{file_id}', ':file_id'), authenticate.user)
    router.openapi(route, async (c) => {
      const row = await find(c.var.user, c.req.valid('param').file_id)
      if (!row.has_content)
        throw new HttpError(
          404,
          'unknown',
          'This file has no content: it is not synced yet, or its content was deleted.',
        )
      return c.json({ presigned_url: urls.sign(row.id, format(row), LINK_SECONDS) }, 200)
    })
  }

  return router
}

/** Filters that make sense, or a 400 that says what does not. */
function usable(filters: FileFilters | null | undefined): FileFilters {
  const problem = filters && problemOf(filters)
  if (problem) throw new HttpError(400, 'unknown', problem)
  return filters ?? {}
}
