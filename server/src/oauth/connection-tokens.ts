import type { TokenSource } from '../confluence/client.ts'
import { AtlassianError } from '../confluence/errors.ts'
import { oauthApp, type Services } from '../services.ts'
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

/**
 * Access tokens of a connection: the stored one, or a new one from half its life on.
 *
 * Refresh tokens rotate, and using one twice ends the whole grant: the row is locked while one worker refreshes, and the
 * new pair is stored before anybody uses it.
 */
export function connectionTokens(services: Services, connectionId: number, signal?: AbortSignal): TokenSource {
  const { db, keyring, atlassian } = services

  const read = (row: { sealed_tokens: string | null }) => {
    if (!row.sealed_tokens) throw new ReconnectNeededError('The connection has no tokens: it was disconnected.')
    return JSON.parse(keyring.open(row.sealed_tokens, context(connectionId))) as {
      access: string
      refresh: string | null
    }
  }

  const isFresh = (row: { token_issued_at: Date | null; token_expires_at: Date | null }) =>
    row.token_issued_at !== null &&
    row.token_expires_at !== null &&
    Date.now() < (row.token_issued_at.getTime() + row.token_expires_at.getTime()) / 2

  const columns = ['sealed_tokens', 'token_issued_at', 'token_expires_at'] as const

  async function refreshed(rejected: string | undefined): Promise<string> {
    const outcome = await db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('connections')
        .select(columns)
        .where('id', '=', connectionId)
        .forUpdate()
        .executeTakeFirstOrThrow()
      const tokens = read(row)
      // Another worker was faster: its token is the new one.
      if (rejected === undefined ? isFresh(row) : tokens.access !== rejected) return tokens.access
      const app = oauthApp(services)
      if (!app)
        throw new AtlassianError(
          'unavailable',
          'ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET are not set, so tokens cannot be refreshed.',
        )
      if (!tokens.refresh) return new ReconnectNeededError('Atlassian issued no refresh token.')
      try {
        const fresh = await atlassian.refresh(app, tokens.refresh, signal)
        const kept = { ...fresh, refreshToken: fresh.refreshToken ?? tokens.refresh }
        await trx
          .updateTable('connections')
          .set(tokenColumns(services, connectionId, kept))
          .where('id', '=', connectionId)
          .execute()
        return fresh.accessToken
      } catch (error) {
        if (!(error instanceof GrantRejectedError)) throw error
        await trx
          .updateTable('connections')
          .set({ status: 'reconnect_needed', updated_at: new Date() })
          .where('id', '=', connectionId)
          .execute()
        return new ReconnectNeededError(error.message, { cause: error })
      }
    })
    if (outcome instanceof ReconnectNeededError) throw outcome
    return outcome
  }

  return {
    async get(rejected) {
      const row = await db
        .selectFrom('connections')
        .select(columns)
        .where('id', '=', connectionId)
        .executeTakeFirstOrThrow()
      const tokens = read(row)
      return isFresh(row) && tokens.access !== rejected ? tokens.access : refreshed(rejected)
    },
  }
}
