import { type Named, whiteLabel } from './tenants.ts'

/** One call of an operation. */
export interface Call {
  /** Where the operation's path has a parameter. */
  path?: string
  body?: unknown
}

/** The calls of an operation that name objects, given those of somebody else and the caller's own. */
type Row = (other: Named, own: Named) => Call[]

const bodies = (...all: unknown[]): Call[] => all.map((body) => ({ body }))
const nothing: Row = () => [{}]

const dataSource: Row = (other) => bodies({ data_source_id: other.dataSource })

const fileFilters = (other: Named): object[] => [
  { ids: [other.file] },
  { external_file_ids: [other.external] },
  { external_urls: [other.url] },
  { organization_user_data_source_id: [other.dataSource] },
  { parent_file_ids: [other.file], include_all_children: true },
  { ids: [other.file], include_all_children: true },
  { request_ids: [other.request] },
  { upload_ids: [other.upload] },
]
/** Tags that nobody has, negated: whatever a filter does not keep with its user, this finds. */
const anyTags = {
  OR: [
    { key: 'none', value: 'one', negate: true },
    { key: 'none', value: 'two', negate: true },
  ],
}
const files: Row = (other) =>
  bodies(
    {},
    { filters: { tags_v2: anyTags } },
    { pagination: { limit: 250, starting_id: other.file - 1 }, order_by: 'id' },
    ...fileFilters(other).map((filters) => ({ filters, include_raw_file: true, include_parsed_text_file: true })),
  )
const syncFiles: Row = (other, own) =>
  bodies(
    { data_source_id: other.dataSource, ids: [other.external] },
    { data_source_id: other.dataSource, ids: [own.external] },
    { data_source_id: other.dataSource, ids: [{ id: other.external, root_id: other.external }] },
  )
const dataSources: Row = (other) =>
  bodies(
    {},
    { filters: { ids: [other.dataSource] } },
    { filters: { tags: anyTags } },
    { pagination: { limit: 250, starting_id: other.dataSource - 1 } },
  )

/** A row for each operation, what takes away after what looks. `/update_users` comes last: it makes users of unknown ids. */
export const rows: Record<string, Row> = {
  'GET /auth/v1/access_token': nothing,
  'GET /auth/v1/white_labeling': nothing,
  'GET /whoami': nothing,
  'POST /modify_user_configuration': () => bodies({ configuration_key_name: 'sparse_vectors', value: {} }),
  'POST /integrations/oauth_url': (other) =>
    bodies(
      { service: 'CONFLUENCE', data_source_id: other.dataSource },
      { service: 'CONFLUENCE', confluence_subdomain: 'acme', data_source_id: other.dataSource },
    ),
  'POST /integrations/connect': () =>
    bodies({ authentication: { source: 'CONFLUENCE', access_token: 'none', subdomain: 'globex' } }),
  'POST /integrations/items/sync': dataSource,
  'POST /integrations/items/sync/cancel': dataSource,
  'POST /integrations/items/list': (other, own) =>
    bodies(
      { data_source_id: other.dataSource },
      { data_source_id: own.dataSource },
      { data_source_id: own.dataSource, filters: { ids: [other.item] } },
      { data_source_id: own.dataSource, filters: { external_ids: [other.external] } },
      { data_source_id: own.dataSource, parent_id: other.external },
    ),
  'POST /integrations/files/sync': syncFiles,
  'POST /integrations/confluence/sync': syncFiles,
  'POST /integrations/confluence/list': (other, own) =>
    bodies(
      { data_source_id: other.dataSource },
      { data_source_id: other.dataSource, parent_id: other.external },
      { data_source_id: own.dataSource, parent_id: other.external },
    ),
  'POST /user_files_v2': files,
  'POST /user_files': files,
  'POST /create_user_file_tags': (other) => bodies({ organization_user_file_id: other.file, tags: { owner: 'me' } }),
  'POST /delete_user_file_tags': (other) => bodies({ organization_user_file_id: other.file, tags: ['owner'] }),
  'POST /resync_file': (other) => bodies({ file_id: other.file }, { file_id: other.file, skip_file_processing: true }),
  'GET /raw_file/{file_id}': (other) => [{ path: `/raw_file/${other.file}` }],
  'GET /parsed_file/{file_id}': (other) => [{ path: `/parsed_file/${other.file}` }],
  'POST /delete_files_v2': (other) =>
    fileFilters(other).flatMap((filters) =>
      bodies({ filters }, { filters, preserve_file_record: true }, { filters, send_webhook: true }),
    ),
  'POST /delete_files': (other) =>
    bodies({ file_ids: [other.file] }, { file_ids: [other.file], delete_child_files: true, send_webhook: true }),
  'POST /user_data_sources': dataSources,
  'POST /revoke_access_token': dataSource,
  'POST /data_sources/tags/add': (other) => bodies({ data_source_id: other.dataSource, tags: { owner: 'me' } }),
  'POST /data_sources/tags/remove': (other) =>
    bodies(
      { data_source_id: other.dataSource, tags_to_remove: ['owner'] },
      { data_source_id: other.dataSource, remove_all_tags: true },
    ),

  'POST /data_sources': dataSources,
  'GET /organization': nothing,
  'POST /organization/update': () => bodies({ global_user_config: { max_files: 100_000 } }),
  'POST /organization/statistics': nothing,
  'POST /white_label/create': () => bodies([whiteLabel('mine')]),
  'POST /white_label/list': (other) => bodies({}, { filters: { ids: [other.whiteLabel] } }),
  'POST /white_label/update': () => bodies(whiteLabel('mine-too')),
  'POST /white_label/delete': (other) => bodies({ ids: [other.whiteLabel] }),
  'POST /webhooks': (other) => bodies({}, { filters: { ids: [other.webhook] } }),
  'POST /add_webhook': () => bodies({ url: 'http://127.0.0.1:9/mine' }),
  'DELETE /delete_webhook/{webhook_id}': (other) => [{ path: `/delete_webhook/${other.webhook}` }],
  'POST /user': (other) => bodies({ customer_id: other.customer }),
  'POST /list_users': (other) =>
    bodies(
      {},
      { filters: { customer_ids: [other.customer] }, include_count: true },
      { filters: { carbon_user_ids: [other.user] }, include_count: true },
    ),
  'POST /delete_users': (other) => bodies({ customer_ids: [other.customer] }),
  'POST /update_users': (other) => bodies({ customer_ids: [other.customer], max_files: 1 }),
}
