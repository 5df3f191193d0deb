import { createRoute, z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { ConnectionRow, User } from '../db/schema.ts'
import { parseTagMap, parseTagTree, type TagNode, tagCondition } from '../files/tags.ts'
import type { Services } from '../services.ts'
import { disconnect } from '../sync/disconnect.ts'
import type { Authenticated, AuthenticatedOrganization, Authenticator } from './auth.ts'
import {
  byDataSource,
  dataSource,
  done,
  looseObject,
  orderDirection,
  pagination,
  sourceFilter,
  success,
} from './carbon-schemas.ts'
import { HttpError } from './errors.ts'
import { givenTags } from './given-tags.ts'
import { boolean, integer, orDefault, text } from './lax.ts'
import { countOf, paged } from './paged.ts'
import { asOrganization, asUser, carbonAnswers, createRouter, jsonBody, together } from './routes.ts'
import { dataSourceView } from './views.ts'

const query = z
  .object({
    pagination,
    order_by: orDefault(z.enum(['created_at', 'updated_at']), 'updated_at'),
    order_dir: orderDirection('asc'),
    filters: z
      .object({
        source: sourceFilter,
        ids: z.array(integer).nullish(),
        revoked_access: boolean.nullish(),
        tags: looseObject.nullish(),
      })
      .nullish(),
  })
  .openapi('OrganizationUserDataSourceQueryInput')

const page = z
  .object({ results: z.array(dataSource), count: z.number().int() })
  .openapi('OrganizationUserDataSourceResponse')

const tagsToAdd = z.object({ data_source_id: integer, tags: looseObject }).openapi('AddDataSourceTagsInput')
const tagsToRemove = z
  .object({ data_source_id: integer, tags_to_remove: z.array(text).nullish(), remove_all_tags: boolean.nullish() })
  .openapi('RemoveDataSourceTagsInput')

/** A connection, if it is this user's. */
export const ownConnection = (db: Db, user: Pick<User, 'id'>, id: number): Promise<ConnectionRow | undefined> =>
  db.selectFrom('connections').selectAll().where('id', '=', id).where('user_id', '=', user.id).executeTakeFirst()

/** A data source of a user's, or 404. */
export async function findDataSource({ db }: Pick<Services, 'db'>, user: User, id: number): Promise<ConnectionRow> {
  const row = await ownConnection(db, user, id)
  if (!row) throw new HttpError(404, 'unknown', 'There is no such data source for this user.')
  return row
}

/** The same, if its tokens can be used. */
export async function findActiveDataSource(services: Pick<Services, 'db'>, user: User, id: number) {
  const row = await findDataSource(services, user, id)
  if (row.status !== 'active')
    throw new HttpError(
      409,
      'reconnect_needed',
      'This data source is disconnected, or Atlassian ended its access. Connect it again first.',
    )
  return row
}

/**
 * `{"AND": […]}`, `{"OR": […]}`, or simply keys with their values.
 *
 * @param name of the parameter, for the text of a refusal
 * @throws HttpError 400 where it is no filter
 */
export function tagFilter(tags: Record<string, unknown>, name: string): TagNode {
  const parsed = 'AND' in tags || 'OR' in tags ? parseTagTree(tags) : parseTagMap(tags)
  if (!parsed.ok) throw new HttpError(400, 'unknown', `${name}: ${parsed.problem}`)
  return parsed.node
}

/** Carbon's data sources: the connected accounts. */
export function dataSourceRoutes(services: Services, authenticate: Authenticator) {
  const { db } = services

  async function list(owner: { userId: number } | { organizationId: number }, asked: z.output<typeof query>) {
    const { filters } = asked
    const tags = filters?.tags && tagFilter(filters.tags, 'filters.tags')
    const found = db
      .selectFrom('connections')
      .innerJoin('users', 'users.id', 'connections.user_id')
      .where((eb) =>
        eb.and([
          'userId' in owner
            ? eb('connections.user_id', '=', owner.userId)
            : eb('connections.organization_id', '=', owner.organizationId),
          eb('users.deleted_at', 'is', null),
          ...(filters?.source ? [sql<boolean>`${filters.source.includes('CONFLUENCE')}::boolean`] : []),
          ...(filters?.ids ? [sql<boolean>`connections.id = any(${filters.ids}::int[])`] : []),
          ...(typeof filters?.revoked_access === 'boolean'
            ? [eb('connections.status', filters.revoked_access ? '!=' : '=', 'active')]
            : []),
          ...(tags ? [tagCondition('connections.tags', tags)] : []),
        ]),
      )
    const rows = await found
      .selectAll('connections')
      .select('users.customer_id')
      .$call(paged(asked, 'connections'))
      .execute()
    return { results: rows.map((row) => dataSourceView(row, row)), count: await countOf(found) }
  }

  const answers = carbonAnswers(page)
  const ofUser = createRoute({
    method: 'post',
    path: '/user_data_sources',
    tags: ['Data Sources'],
    summary: 'The data sources of this user',
    security: asUser,
    request: jsonBody(query),
    responses: answers,
  })
  const ofOrganization = createRoute({
    method: 'post',
    path: '/data_sources',
    tags: ['Data Sources'],
    summary: 'The data sources of all users',
    security: asOrganization,
    request: jsonBody(query),
    responses: answers,
  })
  const tagRoute = <P extends string, S extends z.ZodType>(path: P, summary: string, body: S) =>
    createRoute({
      method: 'post',
      path,
      tags: ['Data Sources'],
      summary,
      security: asUser,
      request: jsonBody(body),
      responses: carbonAnswers(dataSource),
    })
  const addTags = tagRoute(
    '/data_sources/tags/add',
    'Puts tags on a data source; those of the same key are replaced',
    tagsToAdd,
  )
  const removeTags = tagRoute('/data_sources/tags/remove', 'Takes tags off a data source', tagsToRemove)
  const revoke = createRoute({
    method: 'post',
    path: '/revoke_access_token',
    tags: ['Data Sources'],
    summary: 'Disconnects a data source',
    description: 'Its syncs stop and its tokens are forgotten. Its files stay; delete them with `/delete_files_v2`.',
    security: asUser,
    request: jsonBody(byDataSource.openapi('RevokeAccessTokenInput')),
    responses: carbonAnswers(success),
  })

  const users = createRouter<Authenticated>()
  for (const { path } of [ofUser, addTags, removeTags, revoke]) users.use(path, authenticate.user)

  users.openapi(ofUser, async (c) => c.json(await list({ userId: c.var.user.id }, c.req.valid('json')), 200))

  users.openapi(addTags, async (c) => {
    const { user } = c.var
    const { data_source_id: id, tags } = c.req.valid('json')
    await findDataSource(services, user, id)
    await db
      .updateTable('connections')
      .set({ tags: sql`tags || ${JSON.stringify(givenTags(tags))}::jsonb`, updated_at: new Date() })
      .where('id', '=', id)
      .execute()
    return c.json(dataSourceView(await findDataSource(services, user, id), user), 200)
  })

  users.openapi(removeTags, async (c) => {
    const { user } = c.var
    const { data_source_id: id, tags_to_remove, remove_all_tags } = c.req.valid('json')
    await findDataSource(services, user, id)
    await db
      .updateTable('connections')
      .set({
        tags: remove_all_tags ? '{}' : sql`tags - ${tags_to_remove ?? []}::text[]`,
        updated_at: new Date(),
      })
      .where('id', '=', id)
      .execute()
    return c.json(dataSourceView(await findDataSource(services, user, id), user), 200)
  })

  users.openapi(revoke, async (c) => {
    const { id, status } = await findDataSource(services, c.var.user, c.req.valid('json').data_source_id)
    if (status !== 'disconnected') await disconnect(db, id, { deletePages: false })
    return c.json(done, 200)
  })

  const organizations = createRouter<AuthenticatedOrganization>()
  organizations.use(ofOrganization.path, authenticate.organization)
  organizations.openapi(ofOrganization, async (c) =>
    c.json(await list({ organizationId: c.var.organizationId }, c.req.valid('json')), 200),
  )

  return together(users, organizations)
}
