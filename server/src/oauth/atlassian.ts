import { z } from 'zod'
import { AtlassianError } from '../confluence/errors.ts'
import { requestJson, successBody } from '../confluence/request.ts'
import { me, resources } from '../confluence/types.ts'
import type { StoredAccount, StoredSite } from '../db/schema.ts'

/** The OAuth 2.0 (3LO) app that a flow runs under. */
export interface OAuthApp {
  clientId: string
  clientSecret: string
  redirectUri: string
}

/** Tokens as Atlassian issues them. A refresh token works once: store the new one before using the access token. */
export interface TokenSet {
  accessToken: string
  refreshToken: string | null
  issuedAt: Date
  expiresAt: Date
}

/** The scope that lets a site's pages be read. */
const PAGE_SCOPE = 'read:page:confluence'
/** Always the same set: a new grant's scopes replace the old grant's. */
const SCOPES = ['read:me', PAGE_SCOPE, 'read:space:confluence', 'offline_access']

/** Atlassian refused the code or the refresh token: only a new sign-in helps. */
export class GrantRejectedError extends Error {
  override name = 'GrantRejectedError' as const
}

export interface AtlassianOAuth {
  /**
   * @param scopes wanted beside those that a sync cannot do without
   * @see https://developer.atlassian.com/cloud/confluence/oauth-2-3lo-apps/ step 1
   */
  authorizeUrl(app: OAuthApp, state: string, scopes?: string[]): string
  /** @throws GrantRejectedError, AtlassianError */
  exchangeCode(app: OAuthApp, code: string, signal?: AbortSignal): Promise<TokenSet>
  /** @throws GrantRejectedError, AtlassianError */
  refresh(app: OAuthApp, refreshToken: string, signal?: AbortSignal): Promise<TokenSet>
  /** The Confluence sites whose pages the token may read. @throws AtlassianError */
  sites(accessToken: string, signal?: AbortSignal): Promise<{ sites: StoredSite[]; scopeMissing: boolean }>
  /** @throws AtlassianError */
  account(accessToken: string, signal?: AbortSignal): Promise<StoredAccount>
}

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  expires_in: z.number().positive(),
})
const tokenError = z.object({ error: z.string() })

/**
 * What the token endpoint answers when the grant will never work again. Anything else about a refresh passes: a wrong
 * secret, above all, is the operator's to mend, and no reason to make every customer sign in again.
 */
const REJECTIONS: Record<string, string[]> = {
  authorization_code: ['invalid_grant', 'unauthorized_client', 'invalid_request', 'invalid_client'],
  refresh_token: ['invalid_grant', 'unauthorized_client'],
}
/** Refreshing happens under a claim that others wait for. */
const TOKEN_TIMEOUT_MS = 20_000

export function createAtlassianOAuth(urls: { authUrl: string; apiUrl: string }): AtlassianOAuth {
  async function token(app: OAuthApp, grant: Record<string, string>, signal?: AbortSignal): Promise<TokenSet> {
    const issuedAt = new Date()
    const answer = await requestJson(`${urls.authUrl}/oauth/token`, {
      method: 'POST',
      body: { client_id: app.clientId, client_secret: app.clientSecret, ...grant },
      signal: AbortSignal.any([AbortSignal.timeout(TOKEN_TIMEOUT_MS), ...(signal ? [signal] : [])]),
    })
    const refused = tokenError.safeParse(answer.body).data?.error ?? `status ${answer.status}`
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
      if (REJECTIONS[grant.grant_type ?? '']?.includes(refused))
        throw new GrantRejectedError(
          `Atlassian refused the sign-in's ${grant.grant_type === 'refresh_token' ? 'refresh token' : 'code'} (${refused}).`,
        )
      throw new AtlassianError(
        'unavailable',
        `Atlassian refused this app's token request (${refused}). Check ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET.`,
        {
          status: answer.status,
        },
      )
    }
    const parsed = tokenAnswer.safeParse(successBody(answer, 'Exchanging tokens'))
    if (!parsed.success)
      throw new AtlassianError('unexpected_answer', "Exchanging tokens: Atlassian's answer holds no access token.")
    const { access_token, refresh_token, expires_in } = parsed.data
    return {
      accessToken: access_token,
      refreshToken: refresh_token ?? null,
      issuedAt,
      expiresAt: new Date(issuedAt.getTime() + expires_in * 1000),
    }
  }

  return {
    authorizeUrl(app, state, scopes = []) {
      const url = new URL(`${urls.authUrl}/authorize`)
      url.search = Object.entries({
        audience: 'api.atlassian.com',
        client_id: app.clientId,
        scope: [...new Set([...SCOPES, ...scopes])].join(' '),
        redirect_uri: app.redirectUri,
        state,
        response_type: 'code',
        prompt: 'consent',
      })
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join('&')
      return url.href
    },
    exchangeCode: (app, code, signal) =>
      token(app, { grant_type: 'authorization_code', code, redirect_uri: app.redirectUri }, signal),
    refresh: (app, refreshToken, signal) =>
      token(app, { grant_type: 'refresh_token', refresh_token: refreshToken }, signal),
    async sites(accessToken, signal) {
      const answer = await requestJson(`${urls.apiUrl}/oauth/token/accessible-resources`, {
        token: accessToken,
        signal,
      })
      const parsed = resources.safeParse(successBody(answer, 'Listing sites'))
      if (!parsed.success)
        throw new AtlassianError('unexpected_answer', "Listing sites: Atlassian's answer is not a list of sites.")
      const readable = parsed.data.filter((resource) => resource.scopes.includes(PAGE_SCOPE))
      // The same id comes once per product; the order means nothing.
      const byCloudId = new Map(
        readable.map(({ id, name, url }) => [id, { cloudId: id, name, host: new URL(url).host }]),
      )
      const sites = [...byCloudId.values()].sort((a, b) => a.host.localeCompare(b.host))
      const confluence = parsed.data.some((resource) => resource.scopes.some((scope) => scope.includes('confluence')))
      return { sites, scopeMissing: sites.length === 0 && confluence }
    },
    async account(accessToken, signal) {
      const parsed = me.safeParse(
        successBody(await requestJson(`${urls.apiUrl}/me`, { token: accessToken, signal }), 'Reading the account'),
      )
      if (!parsed.success)
        throw new AtlassianError('unexpected_answer', "Reading the account: Atlassian's answer holds no account id.")
      const { account_id, name, nickname, email, picture } = parsed.data
      return {
        id: account_id,
        name: name ?? nickname ?? email ?? 'Atlassian account',
        email: email ?? null,
        avatarUrl: picture?.startsWith('https://') ? picture : null,
      }
    },
  }
}
