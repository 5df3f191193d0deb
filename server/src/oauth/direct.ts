import { createConfluenceClient } from '../confluence/client.ts'
import { AtlassianError } from '../confluence/errors.ts'
import type { ConnectionRow, StoredSyncOptions, User } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { bringingClientId } from './apps.ts'
import { storeConnection } from './connect.ts'

/** Tokens that somebody got at Atlassian without us. */
export interface GivenTokens {
  accessToken: string
  refreshToken: string | null
  /** `acme.atlassian.net` */
  host: string
}

export type DirectlyConnected =
  | { ok: true; connection: ConnectionRow }
  | { ok: false; code: 'token_refused' | 'site_mismatch' | 'scope_missing' | 'no_confluence_access' | 'unavailable' }

/** Nobody says how old such a token is. It is used until Atlassian refuses it, or for half an hour if it can be refreshed. */
const ASSUMED_LIFE_MS = 60 * 60_000
const LIFE_WITHOUT_REFRESH_MS = 10 * 365 * 24 * 60 * 60_000

const reasons: Partial<Record<AtlassianError['code'], Extract<DirectlyConnected, { ok: false }>['code']>> = {
  unauthorized: 'token_refused',
  forbidden: 'no_confluence_access',
  not_found: 'no_confluence_access',
  scope_missing: 'scope_missing',
}

/**
 * Makes a connection of tokens that were issued elsewhere.
 *
 * Only the app that issued them can refresh them: the organisation's own, where it has one, else this server's.
 */
export async function connectDirectly(
  services: Services,
  user: Pick<User, 'id' | 'organization_id'>,
  { accessToken, refreshToken, host }: GivenTokens,
  options: StoredSyncOptions,
): Promise<DirectlyConnected> {
  const { atlassian, config, db } = services
  try {
    const { sites, scopeMissing } = await atlassian.sites(accessToken)
    const site = sites.find((candidate) => candidate.host === host)
    if (!site) return { ok: false, code: scopeMissing ? 'scope_missing' : 'site_mismatch' }
    const account = await atlassian.account(accessToken)
    const tokens = { get: async () => accessToken }
    await createConfluenceClient({ apiUrl: config.atlassian.apiUrl, cloudId: site.cloudId, tokens }).spaces({
      limit: 1,
    })
    const issuedAt = new Date()
    const life = refreshToken ? ASSUMED_LIFE_MS : LIFE_WITHOUT_REFRESH_MS
    const expiresAt = new Date(issuedAt.getTime() + life)
    const grant = {
      site,
      account,
      tokens: { accessToken, refreshToken, issuedAt, expiresAt },
      clientId: await bringingClientId(services, user.organization_id),
    }
    const connection = await db.transaction().execute((trx) => storeConnection(services, trx, user, grant, options))
    return { ok: true, connection }
  } catch (error) {
    if (!(error instanceof AtlassianError)) throw error
    return { ok: false, code: reasons[error.code] ?? 'unavailable' }
  }
}
