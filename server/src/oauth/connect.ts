import type { Transaction } from 'kysely'
import { createConfluenceClient } from '../confluence/client.ts'
import type {
  ConnectionRow,
  FlowRow,
  Schema,
  StoredAccount,
  StoredSite,
  StoredSyncOptions,
  User,
} from '../db/schema.ts'
import type { Services } from '../services.ts'
import { dataSourceEvent } from '../sync/happenings.ts'
import { planSyncs } from '../sync/schedule.ts'
import { ownerOf, startWalk, walkOptions } from '../sync/syncs.ts'
import { recordEvents } from '../webhooks/events.ts'
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
  /** The app that issued the tokens; null for the server's own. */
  clientId: string | null
}

/** Writes the connection and starts its sync. Undefined when the flow is no longer waiting for that. */
function connect(
  services: Services,
  flow: FlowRow,
  { site, account, tokens }: Omit<Grant, 'clientId'>,
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
    const owner = { id: flow.user_id, organization_id: flow.organization_id }
    const grant = { site, account, tokens, clientId: flow.client_id }
    const connection = await storeConnection(services, trx, owner, grant, flow.options)
    await trx.updateTable('flows').set({ connection_id: connection.id }).where('id', '=', flow.id).execute()
    return connection
  })
}

/**
 * Writes a connection, or renews the one that this account has on this site, tells the webhooks and starts what `options` ask
 * for: all pages, unless told otherwise, else the tree, unless told otherwise.
 */
export async function storeConnection(
  services: Services,
  trx: Transaction<Schema>,
  owner: Pick<User, 'id' | 'organization_id'>,
  { site, account, tokens, clientId }: Grant,
  options: StoredSyncOptions,
): Promise<ConnectionRow> {
  const now = new Date()
  const values = {
    site_name: site.name,
    site_host: site.host,
    account_name: account.name,
    account_email: account.email,
    account_avatar_url: account.avatarUrl,
    client_id: clientId,
    status: 'active' as const,
    last_sync_action: 'ADD' as const,
    last_synced_at: now,
    updated_at: now,
    sync_options: JSON.stringify(options),
  }
  const { id, tags } = await trx
    .insertInto('connections')
    .values({
      ...values,
      organization_id: owner.organization_id,
      user_id: owner.id,
      cloud_id: site.cloudId,
      account_id: account.id,
      sync_status: 'READY',
    })
    .onConflict((conflict) => conflict.columns(['user_id', 'cloud_id', 'account_id']).doUpdateSet(values))
    .returning(['id', 'tags'])
    .executeTakeFirstOrThrow()
  await trx
    .updateTable('connections')
    .set({ ...tokenColumns(services, id, tokens), tags: JSON.stringify({ ...tags, ...options.dataSourceTags }) })
    .where('id', '=', id)
    .execute()
  await planSyncs({ db: trx, config: services.config }, { connectionId: id })
  const { customer_id } = await ownerOf(trx, id)
  // `ADD` comes first, so the sync must not have told anything yet: its own events are written when its jobs run.
  const started =
    options.syncFilesOnConnection !== false
      ? await startWalk(
          services,
          trx,
          { id },
          { kind: 'all', requestId: options.requestId, options: walkOptions(options) },
        )
      : options.syncSourceItems !== false
        ? await startWalk(services, trx, { id }, { kind: 'items' })
        : undefined
  const requestId = options.syncFilesOnConnection !== false ? started?.requestId : options.requestId
  await recordEvents(trx, owner.organization_id, [
    dataSourceEvent('ADD', { id }, customer_id, requestId ? { request_id: requestId } : {}),
  ])
  return trx.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}
