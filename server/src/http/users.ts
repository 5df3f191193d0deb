import { createRoute, z } from '@hono/zod-openapi'
import { type Selectable, sql } from 'kysely'
import type { OrganizationTable, Statistics, User, UserSettings } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { userStatistics } from '../statistics.ts'
import { deleteUsers, findUser, updateUsers } from '../users.ts'
import { type Authenticated, type AuthenticatedOrganization, type Authenticator, MAX_CUSTOMER_ID } from './auth.ts'
import { done, looseObject, orderDirection, pagination, success, timestamp } from './carbon-schemas.ts'
import { HttpError } from './errors.ts'
import { boolean, integer, orDefault, text } from './lax.ts'
import { countOf, paged } from './paged.ts'
import { asOrganization, asUser, carbonAnswers, createRouter, jsonBody, together } from './routes.ts'

const SOURCE = 'CONFLUENCE'
const INTERVALS = [-1, 3, 6, 12, 24]

const limit = integer.pipe(z.number().min(-1)).nullish()

/** Settings of users: of some of them, and of those that have none of their own. */
export const userConfiguration = {
  auto_sync_enabled_sources: z.union([z.literal('ALL'), z.array(z.string()).max(100)]).nullish(),
  max_files: limit,
  max_files_per_upload: limit,
  max_characters: limit,
  max_characters_per_file: limit,
  max_characters_per_upload: limit,
  auto_sync_interval: integer
    .pipe(z.number().refine((hours) => INTERVALS.includes(hours), 'Send 3, 6, 12 or 24 hours, or -1 for the default.'))
    .nullish(),
}

/** What was given; null is as good as left out. */
export const givenSettings = (settings: UserSettings): UserSettings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null && value !== undefined))

const customerId = text.transform((id) => id.trim()).pipe(z.string().min(1).max(MAX_CUSTOMER_ID))
const MAX_CUSTOMERS = 100
const updateInput = z
  .object({
    customer_ids: z.array(customerId).max(MAX_CUSTOMERS, `Send at most ${MAX_CUSTOMERS} customer ids in one call.`),
    ...userConfiguration,
  })
  .openapi('UpdateUsersInput')
const deleteInput = z.object({ customer_ids: z.array(text) }).openapi('DeleteUsersInput')
const getInput = z.object({ customer_id: text }).openapi('UserRequestContent')
const listInput = z
  .object({
    pagination,
    filters: z.object({ customer_ids: z.array(text).nullish(), carbon_user_ids: z.array(integer).nullish() }).nullish(),
    order_by: orDefault(z.enum(['created_at', 'updated_at']), 'created_at'),
    order_dir: orderDirection('desc'),
    include_count: boolean.nullish(),
  })
  .openapi('ListUsersRequest')
const configurationInput = z
  .object({ configuration_key_name: z.literal('sparse_vectors'), value: looseObject })
  .openapi('ModifyUserConfigurationInput')

const base = {
  id: z.number().int(),
  organization_id: z.number().int(),
  organization_supplied_user_id: z.string(),
  created_at: timestamp,
  updated_at: timestamp,
  deleted_at: z.null(),
  enabled_features: looseObject.nullable(),
  custom_limits: looseObject,
  auto_sync_enabled_sources: z.array(z.string()),
}
const listedUser = z.object(base).openapi('ListUserResponse')
const user = z
  .object({
    ...base,
    num_files_synced: z.number().int(),
    num_characters_synced: z.number().int(),
    num_tokens_synced: z.number().int(),
    aggregate_file_size: looseObject,
    aggregate_num_characters: looseObject,
    aggregate_num_tokens: looseObject,
    aggregate_num_embeddings: looseObject,
    aggregate_num_files_by_source: looseObject,
    aggregate_num_files_by_file_format: looseObject,
    unique_file_tags: z.array(looseObject),
    connector_settings: looseObject,
  })
  .openapi('UserResponse')
const userList = z
  .object({ users: z.array(listedUser), count: z.number().int().nullable() })
  .openapi('UserListResponse')

/** Sums over files, keyed by source and by format: there is one of each here. */
export const aggregates = (statistics: Statistics | null) => {
  const by = (value: number | undefined) => (value === undefined ? {} : { [SOURCE]: value })
  return {
    aggregate_file_size: by(statistics?.bytes),
    aggregate_num_characters: by(statistics?.characters),
    aggregate_num_tokens: {},
    aggregate_num_embeddings: {},
    aggregate_num_files_by_source: by(statistics?.files),
    aggregate_num_files_by_file_format: by(statistics?.files),
  }
}

const listedView = (row: User): z.output<typeof listedUser> => {
  const { auto_sync_enabled_sources: sources, auto_sync_interval, ...limits } = row.settings
  return {
    id: row.id,
    organization_id: row.organization_id,
    organization_supplied_user_id: row.customer_id,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    deleted_at: null,
    enabled_features: {},
    custom_limits: { ...limits, ...(auto_sync_interval !== undefined && { auto_sync_interval }) },
    // "ALL" is read back as what it means here, so that a client can look for its source in it.
    auto_sync_enabled_sources: sources === 'ALL' ? [SOURCE] : (sources ?? []),
  }
}

const userView = (
  row: User,
  { data_source_configs }: Pick<Selectable<OrganizationTable>, 'data_source_configs'>,
  statistics: Statistics,
): z.output<typeof user> => ({
  ...listedView(row),
  num_files_synced: statistics.files,
  num_characters_synced: statistics.characters,
  num_tokens_synced: 0,
  ...aggregates(statistics),
  unique_file_tags: statistics.tags ?? [],
  connector_settings: data_source_configs,
})

/** Carbon's users: the customers of an organisation. */
export function userRoutes(services: Services, authenticate: Authenticator) {
  const { db } = services

  async function view(row: User) {
    const organization = await db
      .selectFrom('organizations')
      .select('data_source_configs')
      .where('id', '=', row.organization_id)
      .executeTakeFirstOrThrow()
    return userView(row, organization, await userStatistics(db, row.id))
  }

  const whoami = createRoute({
    method: 'get',
    path: '/whoami',
    tags: ['Users'],
    summary: 'The user of these credentials',
    description: 'Sums over files are at most a minute old.',
    security: asUser,
    responses: carbonAnswers(user),
  })
  const configure = createRoute({
    method: 'post',
    path: '/modify_user_configuration',
    tags: ['Users'],
    summary: 'Without effect: there are no vectors here',
    deprecated: true,
    security: asUser,
    request: jsonBody(configurationInput),
    responses: carbonAnswers(success),
  })
  const users = createRouter<Authenticated>()
  for (const { path } of [whoami, configure]) users.use(path, authenticate.user)
  users.openapi(whoami, async (c) => c.json(await view(c.var.user), 200))
  users.openapi(configure, (c) => c.json(done, 200))

  const forOrganization = { tags: ['Users'], security: asOrganization }
  const get = createRoute({
    method: 'post',
    path: '/user',
    summary: 'The user of a customer id',
    description: '404 for an id that was never used: looking does not make users.',
    request: jsonBody(getInput),
    responses: carbonAnswers(user),
    ...forOrganization,
  })
  const list = createRoute({
    method: 'post',
    path: '/list_users',
    summary: 'All users',
    request: jsonBody(listInput),
    responses: carbonAnswers(userList),
    ...forOrganization,
  })
  const update = createRoute({
    method: 'post',
    path: '/update_users',
    summary: 'Settings of up to 100 users',
    description: 'A customer id that was never used makes its user. A setting that is left out or null stays as it is.',
    request: jsonBody(updateInput),
    responses: carbonAnswers(success),
    ...forOrganization,
  })
  const remove = createRoute({
    method: 'post',
    path: '/delete_users',
    summary: 'Deletes users with all they own',
    description:
      'Their access tokens stop working at once; connections, tokens and files are deleted in the background, and `ORGANIZATION_USER_DELETED` tells when that is done.',
    request: jsonBody(deleteInput),
    responses: carbonAnswers(success),
    ...forOrganization,
  })

  const organizations = createRouter<AuthenticatedOrganization>()
  for (const { path } of [get, list, update, remove]) organizations.use(path, authenticate.organization)

  organizations.openapi(get, async (c) => {
    const row = await findUser(db, c.var.organizationId, c.req.valid('json').customer_id.trim())
    if (!row) throw new HttpError(404, 'unknown', 'There is no user with this customer_id.')
    return c.json(await view(row), 200)
  })

  organizations.openapi(list, async (c) => {
    const query = c.req.valid('json')
    const { filters, include_count } = query
    const found = db
      .selectFrom('users')
      .where((eb) =>
        eb.and([
          eb('organization_id', '=', c.var.organizationId),
          eb('deleted_at', 'is', null),
          ...(filters?.customer_ids ? [sql<boolean>`customer_id = any(${filters.customer_ids}::text[])`] : []),
          ...(filters?.carbon_user_ids ? [sql<boolean>`id = any(${filters.carbon_user_ids}::int[])`] : []),
        ]),
      )
    const rows = await found.selectAll().$call(paged(query)).execute()
    const count = include_count ? await countOf(found) : null
    return c.json({ users: rows.map(listedView), count }, 200)
  })

  organizations.openapi(update, async (c) => {
    const { customer_ids, ...settings } = c.req.valid('json')
    await updateUsers(services, c.var.organizationId, customer_ids, givenSettings(settings))
    return c.json(done, 200)
  })

  organizations.openapi(remove, async (c) => {
    const ids = c.req.valid('json').customer_ids.map((id) => id.trim())
    await deleteUsers(services, c.var.organizationId, ids)
    return c.json(done, 200)
  })

  return together(users, organizations)
}
