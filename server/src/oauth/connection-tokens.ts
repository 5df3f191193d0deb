import { setTimeout as delay } from 'node:timers/promises'
import type { UpdateObject } from 'kysely'
import type { TokenSource } from '../confluence/client.ts'
import { AtlassianError } from '../confluence/errors.ts'
import type { Schema } from '../db/schema.ts'
import type { Services } from '../services.ts'
import { needReconnect } from '../sync/reconnect.ts'
import { issuingApp } from './apps.ts'
import { GrantRejectedError, type TokenSet } from './atlassian.ts'

/** Atlassian ended the access: the person has to sign in again. The pages synced so far are kept. */
export class ReconnectNeededError extends Error {
  override name = 'ReconnectNeededError' as const
}

const context = (connectionId: number) => `connection/${connectionId}/tokens`

/** The columns that hold a connection's tokens. */
export function tokenColumns({ keyring }: Pick<Services, 'keyring'>, connectionId: number, tokens: TokenSet) {
  return {
    sealed_tokens: keyring.seal(
      JSON.stringify({ access: tokens.accessToken, refresh: tokens.refreshToken }),
      context(connectionId),
    ),
    token_issued_at: tokens.issuedAt,
    token_expires_at: tokens.expiresAt,
  }
}

/** How long a worker has the sole right to refresh; longer than a refresh may take. */
const CLAIM_MS = 30_000
/** The others look for what it stored soon, then less and less often. */
const FIRST_LOOK_MS = 5
const LAST_LOOK_MS = 250

/**
 * Access tokens of a connection: the stored one, or a new one from half its life on.
 *
 * Refresh tokens rotate, and using one twice ends the whole grant: a worker claims the refresh, the others wait for what
 * it stores, and nobody uses a token that is not stored. No transaction is open while Atlassian answers, and nothing
 * aborts a refresh that was sent: its answer is the only way on.
 */
export function connectionTokens(services: Services, connectionId: number, signal?: AbortSignal): TokenSource {
  const { db, keyring } = services

  const row = () =>
    db
      .selectFrom('connections')
      .select(['organization_id', 'client_id', 'status', 'sealed_tokens', 'token_issued_at', 'token_expires_at'])
      .where('id', '=', connectionId)
      .executeTakeFirstOrThrow()
  type Row = Awaited<ReturnType<typeof row>>

  const read = ({ status, sealed_tokens: sealed }: Row) => {
    if (status === 'reconnect_needed') throw new ReconnectNeededError('Atlassian ended this access. Connect again.')
    if (!sealed) throw new ReconnectNeededError('The connection has no tokens: it was disconnected.')
    return { sealed, ...(JSON.parse(keyring.open(sealed, context(connectionId))) as StoredTokens) }
  }

  /** The sole right to refresh these very tokens, or undefined when somebody else has it. */
  const claim = (sealed: string) =>
    db
      .updateTable('connections')
      .set({ token_claimed_until: new Date(Date.now() + CLAIM_MS) })
      .where('id', '=', connectionId)
      .where('sealed_tokens', '=', sealed)
      .where((eb) => eb.or([eb('token_claimed_until', 'is', null), eb('token_claimed_until', '<', new Date())]))
      .returning('id')
      .executeTakeFirst()

  /** Writes only where the tokens are still those that were refreshed: a new sign-in in the meantime wins. */
  const settle = (sealed: string, change: UpdateObject<Schema, 'connections'>) =>
    db
      .updateTable('connections')
      .set({ ...change, token_claimed_until: null })
      .where('id', '=', connectionId)
      .where('sealed_tokens', '=', sealed)
      .execute()

  async function refresh({ organization_id, client_id }: Row, { sealed, refresh }: SealedTokens): Promise<string> {
    const app = await issuingApp(services, organization_id, client_id)
    if (!app) {
      await settle(sealed, {})
      throw new AtlassianError(
        'not_refreshed',
        'The OAuth app that issued these tokens is not configured, so they cannot be refreshed: set ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET, or send its client id and secret to /white_label/update.',
      )
    }
    try {
      if (!refresh) throw new GrantRejectedError('Atlassian issued no refresh token.')
      const fresh = await services.atlassian.refresh(app, refresh)
      const kept = { ...fresh, refreshToken: fresh.refreshToken ?? refresh }
      await settle(sealed, tokenColumns(services, connectionId, kept))
      return fresh.accessToken
    } catch (error) {
      if (!(error instanceof GrantRejectedError)) {
        await settle(sealed, {})
        throw error instanceof AtlassianError && error.code !== 'rate_limited'
          ? new AtlassianError('not_refreshed', error.message, { status: error.status, cause: error })
          : error
      }
      await needReconnect(services, connectionId, sealed, error.message)
      throw new ReconnectNeededError(error.message, { cause: error })
    }
  }

  return {
    async get(rejected) {
      const deadline = Date.now() + 2 * CLAIM_MS
      for (let wait = FIRST_LOOK_MS; Date.now() < deadline; wait = Math.min(2 * wait, LAST_LOOK_MS)) {
        const current = await row()
        const tokens = read(current)
        if (rejected === undefined ? isFresh(current) : tokens.access !== rejected) return tokens.access
        if (await claim(tokens.sealed)) return refresh(current, tokens)
        await delay(wait, undefined, { signal })
      }
      throw new AtlassianError('not_refreshed', 'Another worker did not finish refreshing the tokens.')
    },
  }
}

type SealedTokens = { sealed: string } & StoredTokens

interface StoredTokens {
  access: string
  refresh: string | null
}

/** Whether tokens are in the first half of their life. */
const isFresh = (row: { token_issued_at: Date | null; token_expires_at: Date | null }) =>
  row.token_issued_at !== null &&
  row.token_expires_at !== null &&
  Date.now() < (row.token_issued_at.getTime() + row.token_expires_at.getTime()) / 2
