import { createConfluenceClient } from '../confluence/client.ts'
import type { ConnectionRow, FlowRow, StoredAccount, StoredSite } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { startSync } from '../sync/syncs.ts'
import type { TokenSet } from './atlassian.ts'
import { tokenColumns } from './connection-tokens.ts'
import { type FlowErrorCode, flowErrorOf } from './flow-errors.ts'
import { flowStatus, flowTokens } from './flows.ts'

export type Confirmed = { ok: true; connection: ConnectionRow } | { ok: false; code: FlowErrorCode | 'site_mismatch' }

/**
 * Turns an authorised flow into a connection pinned to one site, and starts its sync.
 *
 * Confirming the same site again gives the same connection, so that a lost answer does no harm. Connecting a site that
 * this account has connected before renews that connection.
 */
export async function confirmFlow(services: Services, flow: FlowRow, cloudId: string): Promise<Confirmed> {
  const { db } = services
  const status = flowStatus(flow)
  if (status === 'connected' && flow.connection_id) {
    const connection = await db
      .selectFrom('connections')
      .selectAll()
      .where('id', '=', flow.connection_id)
      .where('cloud_id', '=', cloudId)
      .executeTakeFirst()
    return connection ? { ok: true, connection } : { ok: false, code: 'site_mismatch' }
  }
  if (status === 'expired') return { ok: false, code: 'flow_expired' }
  if (status === 'cancelled') return { ok: false, code: 'flow_cancelled' }
  const tokens = flowTokens(services, flow)
  const site = flow.sites.find((candidate) => candidate.cloudId === cloudId)
  const account = flow.account
  if (status !== 'authorized' || !tokens || !account) return { ok: false, code: 'state_invalid' }
  if (!site) return { ok: false, code: 'site_mismatch' }

  try {
    // A granted site is not yet a Confluence that this person may enter.
    const tokenSource = { get: async () => tokens.accessToken }
    await createConfluenceClient({ apiUrl: services.config.atlassian.apiUrl, cloudId, tokens: tokenSource }).spaces({
      limit: 1,
    })
  } catch (error) {
    return { ok: false, code: flowErrorOf(error) }
  }

  const connected = await connect(services, flow, { site, account, tokens })
  if (connected) return { ok: true, connection: connected }
  // Somebody was faster: the same call from another tab, or a cancellation.
  const current = await db.selectFrom('flows').selectAll().where('id', '=', flow.id).executeTakeFirst()
  return current && current.status !== 'authorized'
    ? confirmFlow(services, current, cloudId)
    : { ok: false, code: 'state_invalid' }
}

interface Grant {
  site: StoredSite
  account: StoredAccount
  tokens: TokenSet
}

/** Writes the connection and starts its sync. Undefined when the flow is no longer waiting for that. */
function connect(
  services: Services,
  flow: FlowRow,
  { site, account, tokens }: Grant,
): Promise<ConnectionRow | undefined> {
  return services.db.transaction().execute(async (trx) => {
    const taken = await trx
      .updateTable('flows')
      .set({ status: 'connected', sealed_tokens: null, updated_at: new Date() })
      .where('id', '=', flow.id)
      .where('status', '=', 'authorized')
      .returning('id')
      .executeTakeFirst()
    if (!taken) return undefined
    const now = new Date()
    const values = {
      site_name: site.name,
      site_host: site.host,
      account_name: account.name,
      account_email: account.email,
      account_avatar_url: account.avatarUrl,
      status: 'active' as const,
      last_sync_action: 'ADD' as const,
      last_synced_at: now,
      updated_at: now,
      sync_options: JSON.stringify(flow.options),
    }
    const { id, tags } = await trx
      .insertInto('connections')
      .values({
        ...values,
        organization_id: flow.organization_id,
        user_id: flow.user_id,
        cloud_id: site.cloudId,
        account_id: account.id,
        sync_status: 'READY',
      })
      .onConflict((conflict) => conflict.columns(['user_id', 'cloud_id', 'account_id']).doUpdateSet(values))
      .returning(['id', 'tags'])
      .executeTakeFirstOrThrow()
    await trx
      .updateTable('connections')
      .set({ ...tokenColumns(services, id, tokens), tags: JSON.stringify({ ...tags, ...flow.options.dataSourceTags }) })
      .where('id', '=', id)
      .execute()
    await trx.updateTable('flows').set({ connection_id: id }).where('id', '=', flow.id).execute()
    if (flow.options.syncFilesOnConnection !== false) await startSync(services, trx, { id }, flow.options.requestId)
    return trx.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  })
}
