import type { ConnectionRow, FlowRow, User } from '../db/schema.ts'
import { flowStatus } from '../oauth/flows.ts'
import type { Progress } from '../sync/progress.ts'
import { errorCode } from './v1-schemas.ts'

/** A stored code as one of the contract's; what a later version stored counts as unknown. */
const knownCode = (code: string) => errorCode.safeParse(code).data ?? 'unknown'

const wireError = (code: string | null, message: string | null) =>
  code === null ? null : { code: knownCode(code), message: message ?? '' }

/**
 * Carbon's packed id: `<Atlassian account id>|<account label>|<cloud id>/<subdomain>`. Its component splits it at `|` and
 * `/`, so neither may occur inside a part.
 */
function externalId(
  row: Pick<ConnectionRow, 'account_id' | 'account_email' | 'account_name' | 'cloud_id' | 'site_host'>,
): string {
  const part = (text: string) => text.replace(/[|/]/g, ' ')
  const subdomain = row.site_host.replace(/\.atlassian\.net$/, '')
  return `${part(row.account_id)}|${part(row.account_email ?? row.account_name)}|${part(row.cloud_id)}/${part(subdomain)}`
}

/** When it is synced by itself; not while it cannot be. */
const nextSyncAt = ({ status, next_sync_at }: Pick<ConnectionRow, 'status' | 'next_sync_at'>) =>
  status === 'active' ? (next_sync_at?.toISOString() ?? null) : null

/** A connection with the error of its latest sync, where that was read. */
type ConnectionWithError = ConnectionRow & { last_error?: { code: string; message: string | null } | null }

export const connectionView = (row: ConnectionWithError) => ({
  id: row.id,
  externalId: externalId(row),
  site: { cloudId: row.cloud_id, name: row.site_name, host: row.site_host },
  account: { id: row.account_id, name: row.account_name, email: row.account_email, avatarUrl: row.account_avatar_url },
  status: row.status,
  syncStatus: row.sync_status,
  createdAt: row.created_at.toISOString(),
  lastSyncedAt: row.last_synced_at.toISOString(),
  nextSyncAt: nextSyncAt(row),
  ...(row.last_error !== undefined && {
    lastError: row.last_error && wireError(row.last_error.code, row.last_error.message),
  }),
})

/** A link is confirmed where it was opened. Until then the page that made it learns nothing about who that is. */
const isElsewhere = (flow: FlowRow) => flow.kind === 'link' && flow.status === 'authorized'

export const flowView = (flow: FlowRow, connection: ConnectionRow | undefined) => ({
  id: flow.id,
  status: isElsewhere(flow) && flowStatus(flow) === 'authorized' ? ('authorizing' as const) : flowStatus(flow),
  requestedSite: flow.requested_site,
  account: isElsewhere(flow) ? null : flow.account,
  sites: isElsewhere(flow) ? [] : flow.sites,
  connection: connection ? connectionView(connection) : null,
  error: wireError(flow.error_code, flow.error_message),
  expiresAt: flow.expires_at.toISOString(),
})

export const progressView = (progress: Progress, connection: ConnectionRow) => ({
  ...progress,
  nextSyncAt: nextSyncAt(connection),
  error: progress.error && wireError(progress.error.code, progress.error.message),
})

export const dataSourceView = (row: ConnectionRow, user: Pick<User, 'customer_id'>) => ({
  id: row.id,
  data_source_external_id: externalId(row),
  data_source_type: 'CONFLUENCE' as const,
  // Carbon had a place for the source's tokens here; they never leave this server.
  token: null,
  sync_status: row.sync_status,
  source_items_synced_at: row.source_items_synced_at?.toISOString() ?? null,
  organization_user_id: row.user_id,
  organization_id: row.organization_id,
  organization_supplied_user_id: user.customer_id,
  revoked_access: row.status !== 'active',
  last_synced_at: row.last_synced_at.toISOString(),
  last_sync_action: row.last_sync_action,
  enable_auto_sync: row.sync_interval_hours !== null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  files_synced_at: row.files_synced_at?.toISOString() ?? null,
  data_source_metadata: {},
  tags: row.tags,
})
