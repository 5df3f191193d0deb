import type { Operation } from './document.ts'

/** Things that exist, so that requests reach the code behind the checks. */
export interface Pools {
  files: number[]
  dataSources: number[]
  items: number[]
  externals: string[]
  urls: string[]
  names: string[]
  requests: string[]
  uploads: string[]
  webhooks: number[]
  whiteLabels: number[]
  customers: string[]
  users: number[]
  /** Access tokens of Atlassian's. */
  tokens: string[]
  /** Where webhooks may be sent. */
  receivers: string[]
}

type Pool = keyof Pools | readonly string[]

/** What a field means, wherever it occurs. */
const byField: Record<string, Pool> = {
  data_source_id: 'dataSources',
  organization_user_data_source_id: 'dataSources',
  file_id: 'files',
  file_ids: 'files',
  organization_user_file_id: 'files',
  parent_file_ids: 'files',
  external_file_ids: 'externals',
  external_ids: 'externals',
  parent_id: 'externals',
  external_urls: 'urls',
  name: 'names',
  request_id: 'requests',
  request_ids: 'requests',
  upload_ids: 'uploads',
  customer_id: 'customers',
  customer_ids: 'customers',
  carbon_user_ids: 'users',
  webhook_id: 'webhooks',
  access_token: 'tokens',
  url: 'receivers',
  subdomain: ['acme', 'acme.atlassian.net', 'globex'],
  confluence_subdomain: ['acme', 'https://acme.atlassian.net/', 'globex'],
  redirect_uri: ['https://connect.example.com/integrations/confluence'],
  service: ['CONFLUENCE'],
  source: ['CONFLUENCE'],
  data_source_type: ['CONFLUENCE'],
  item_types: ['SPACE', 'PAGE'],
  sync_statuses: ['READY', 'SYNC_ERROR'],
  tags_to_remove: ['team', 'year'],
}

/** `ids` are of whatever the operation is about. */
const idsByPath: Record<string, keyof Pools> = {
  '/user_files_v2': 'files',
  '/user_files': 'files',
  '/delete_files_v2': 'files',
  '/user_data_sources': 'dataSources',
  '/data_sources': 'dataSources',
  '/integrations/items/list': 'items',
  '/integrations/files/sync': 'externals',
  '/integrations/confluence/sync': 'externals',
  '/webhooks': 'webhooks',
  '/white_label/list': 'whiteLabels',
  '/white_label/delete': 'whiteLabels',
}

/** The existing values that a field may have; empty where any will do. */
export function known(pools: Pools, { path }: Operation, field: string): readonly (string | number)[] {
  const isId = field === 'ids' || field === 'id'
  const pool = (isId && idsByPath[path]) || (Object.hasOwn(byField, field) ? byField[field] : undefined)
  if (pool === undefined) return []
  return typeof pool === 'string' ? pools[pool] : pool
}
