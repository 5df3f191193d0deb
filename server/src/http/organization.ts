import { createRoute, z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { DataSourceConfig } from '../db/schema.ts'
import { isWhiteLabelled } from '../oauth/apps.ts'
import type { Services } from '../services.ts'
import { planSyncs } from '../sync/schedule.ts'
import type { Authenticated, AuthenticatedOrganization, Authenticator } from './auth.ts'
import { done, looseObject, success, timestamp } from './carbon-schemas.ts'
import { asOrganization, asUser, carbonAnswers, createRouter, jsonBody, together } from './routes.ts'
import { aggregates, givenSettings, userConfiguration } from './users.ts'

const organization = z
  .object({
    id: z.number().int(),
    name: z.string(),
    nickname: z.null(),
    remove_branding: z.boolean(),
    custom_branding: z.null(),
    custom_limits: looseObject,
    aggregate_file_size: looseObject,
    aggregate_num_characters: looseObject,
    aggregate_num_tokens: looseObject,
    aggregate_num_embeddings: looseObject,
    aggregate_num_files_by_source: looseObject,
    aggregate_num_files_by_file_format: looseObject,
    file_statistics_aggregated_at: timestamp.nullable(),
    period_ends_at: z.null(),
    cancel_at_period_end: z.null(),
    connector_settings: looseObject,
    global_user_config: looseObject,
    file_sync_usage: looseObject,
    logging_settings: looseObject,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .openapi('OrganizationResponse')

const updateInput = z
  .object({
    global_user_config: z.object(userConfiguration).nullish(),
    data_source_configs: z
      .record(
        z.string(),
        z.object({
          allowed_file_formats: z.array(z.string()).nullish(),
          google_workspace_docs_save_as: z.string().nullish(),
        }),
      )
      .nullish(),
  })
  .openapi('UpdateOrganizationInput')

const whiteLabeling = z
  .object({
    remove_branding: z.boolean(),
    integrations: looseObject,
    custom_limits: looseObject,
    connector_settings: looseObject,
  })
  .openapi('WhiteLabelingResponse')

/** The organisation whose API key is used: its settings, its sums, and what its customers' dialogs show. */
export function organizationRoutes(services: Services, authenticate: Authenticator) {
  const { db, queue } = services
  const find = (id: number) => db.selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

  const common = { tags: ['Organization'], security: asOrganization }
  const get = createRoute({
    method: 'get',
    path: '/organization',
    summary: 'The organisation of this API key',
    description:
      'Sums over files are as of `file_statistics_aggregated_at`; `/organization/statistics` makes new ones.',
    responses: carbonAnswers(organization),
    ...common,
  })
  const update = createRoute({
    method: 'post',
    path: '/organization/update',
    summary: 'Settings for users that have none of their own, and for sources',
    description: 'A setting that is left out or null stays as it is.',
    request: jsonBody(updateInput),
    responses: carbonAnswers(success),
    ...common,
  })
  const statistics = createRoute({
    method: 'post',
    path: '/organization/statistics',
    summary: 'Sums over all files are made anew, in the background',
    description: '`FILE_STATISTICS_AGGREGATED` tells when they are there.',
    responses: carbonAnswers(success),
    ...common,
  })
  const organizations = createRouter<AuthenticatedOrganization>()
  for (const { path } of [get, update, statistics]) organizations.use(path, authenticate.organization)

  organizations.openapi(get, async (c) => {
    const row = await find(c.var.organizationId)
    return c.json(
      {
        id: row.id,
        name: row.name,
        nickname: null,
        remove_branding: true,
        custom_branding: null,
        custom_limits: {},
        ...aggregates(row.statistics),
        file_statistics_aggregated_at: row.statistics_at?.toISOString() ?? null,
        period_ends_at: null,
        cancel_at_period_end: null,
        connector_settings: row.data_source_configs,
        global_user_config: { ...row.user_defaults },
        file_sync_usage: {},
        logging_settings: {},
        created_at: row.created_at.toISOString(),
        updated_at: row.updated_at.toISOString(),
      },
      200,
    )
  })

  organizations.openapi(update, async (c) => {
    const { global_user_config, data_source_configs } = c.req.valid('json')
    const configs: Record<string, DataSourceConfig> = Object.fromEntries(
      Object.entries(data_source_configs ?? {}).map(([source, config]) => [
        source,
        {
          allowed_file_formats: config.allowed_file_formats ?? [],
          google_workspace_docs_save_as: config.google_workspace_docs_save_as ?? null,
        },
      ]),
    )
    await db
      .updateTable('organizations')
      .set({
        user_defaults: sql`user_defaults || ${JSON.stringify(givenSettings(global_user_config ?? {}))}::jsonb`,
        data_source_configs: sql`data_source_configs || ${JSON.stringify(configs)}::jsonb`,
        updated_at: new Date(),
      })
      .where('id', '=', c.var.organizationId)
      .execute()
    await planSyncs(services, { organizationId: c.var.organizationId })
    return c.json(done, 200)
  })

  organizations.openapi(statistics, async (c) => {
    const { organizationId } = c.var
    await db.transaction().execute((trx) => queue.send(trx, 'organization-statistics', { organizationId }))
    return c.json(done, 200)
  })

  const labels = createRoute({
    method: 'get',
    path: '/auth/v1/white_labeling',
    tags: ['Auth'],
    summary: 'What the component may show',
    security: asUser,
    responses: carbonAnswers(whiteLabeling),
  })
  const users = createRouter<Authenticated>()
  users.use(labels.path, authenticate.user)
  users.openapi(labels, async (c) => {
    const row = await find(c.var.user.organization_id)
    return c.json(
      {
        // There is no brand of ours to show.
        remove_branding: true,
        integrations: { CONFLUENCE: await isWhiteLabelled(services, row.id) },
        custom_limits: {},
        connector_settings: row.data_source_configs,
      },
      200,
    )
  })

  return together(users, organizations)
}
