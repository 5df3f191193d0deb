import { type Context, Hono } from 'hono'
import { screenHeaders } from '../screens.ts'
import type { Settings } from '../settings.ts'
import type { World } from '../world/world.ts'
import {
  type AuthorizationError,
  type AuthorizationRequest,
  callbackUrl,
  client,
  createRedirectRule,
  readAuthorizationRequest,
} from './authorization.ts'
import type { Grants, RefreshFailure } from './grants.ts'
import { consentScreen, errorScreen, signInScreen, unapprovedScreen } from './screens.ts'

/** What the sign-in and consent pages and the token endpoint work on. */
export interface OAuthParts {
  world: World
  grants: Grants
  settings: Settings
  redirectUris?: readonly string[]
}

/** The error bodies of the token endpoint, as documented or as seen in the field. */
const tokenErrors = {
  badCode: [400, 'invalid_request', 'authorization_code is invalid'],
  badClient: [400, 'invalid_client', 'Client authentication failed'],
  badGrantType: [400, 'unsupported_grant_type', 'Unsupported grant type'],
  badBody: [400, 'invalid_request', 'The request body is not valid JSON'],
  unknown: [403, 'invalid_grant', 'Unknown or invalid refresh token.'],
  ended: [403, 'unauthorized_client', 'refresh_token is invalid'],
} as const satisfies Record<string, readonly [400 | 403, string, string]> & Record<RefreshFailure, unknown>

async function readFields(c: Context): Promise<Record<string, unknown> | null> {
  if (!c.req.header('content-type')?.includes('json')) return c.req.parseBody()
  const body: unknown = await c.req.json().catch(() => null)
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null
}

const textOf = (fields: Record<string, unknown>, name: string) => (typeof fields[name] === 'string' ? fields[name] : '')

/** `/authorize`, the pages behind it, `/oauth/token`, accessible-resources and `/me`. */
export function createOAuthRoutes({ world, grants, settings, redirectUris }: OAuthParts): Hono {
  const app = new Hono()
  const allows = createRedirectRule(redirectUris)

  const page = (c: Context, content: ReturnType<typeof errorScreen>, status: 200 | 400 = 200) =>
    c.html(content, status, {
      ...screenHeaders,
      ...(settings.coop && { 'Cross-Origin-Opener-Policy': settings.coop }),
    })

  const failed = (c: Context, error: AuthorizationError) => page(c, errorScreen(error), 400)

  const unknownAccount: AuthorizationError = {
    error: 'invalid_request',
    description: 'The form was sent without an account or site of the sandbox',
    hint: 'Go back to the app and start again.',
  }

  /** The pages keep nothing: each form carries the whole request, and each step checks it again. */
  const readForm = async (c: Context) => {
    const fields = await c.req.parseBody()
    const query = textOf(fields, 'request')
    const read = readAuthorizationRequest(new URLSearchParams(query), allows)
    const account = world.accounts.find((each) => each.key === textOf(fields, 'account'))
    return { fields, query, read, account }
  }

  const tokenError = (c: Context, kind: keyof typeof tokenErrors) => {
    const [status, error, error_description] = tokenErrors[kind]
    return c.json({ error, error_description }, status)
  }

  const bearer = (c: Context) => grants.access(/^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '')

  app.get('/authorize', (c) => {
    const query = new URL(c.req.url).searchParams
    const read = readAuthorizationRequest(query, allows)
    return read.ok ? page(c, signInScreen(world.accounts, query.toString())) : failed(c, read.error)
  })

  app.post('/login', async (c) => {
    const { query, read, account } = await readForm(c)
    if (!read.ok) return failed(c, read.error)
    if (!account) return failed(c, unknownAccount)
    const sites = world.sites.filter((site) => account.sites.includes(site.key))
    const [first] = sites
    if (!first) return failed(c, unknownAccount)
    return page(
      c,
      account.approved ? consentScreen(account, sites, read.request, query) : unapprovedScreen(account, first),
    )
  })

  const answers: Record<
    string,
    (request: AuthorizationRequest, account: string, site: string) => Record<string, string> | null
  > = {
    accept(request, accountKey, siteKey) {
      const account = world.accounts.find(
        (each) => each.key === accountKey && each.approved && each.sites.includes(siteKey),
      )
      return account ? { code: grants.consent({ ...request, account, site: siteKey }) } : null
    },
    deny: () => ({ error: 'access_denied', error_description: 'User did not authorize the request' }),
  }

  app.post('/oauth2/authorize/server/consent', async (c) => {
    const { fields, read, account } = await readForm(c)
    if (!read.ok) return failed(c, read.error)
    const decision = textOf(fields, 'decision')
    const answer =
      account &&
      Object.hasOwn(answers, decision) &&
      answers[decision]?.(read.request, account.key, textOf(fields, 'site'))
    return answer ? c.redirect(callbackUrl(read.request, answer), 302) : failed(c, unknownAccount)
  })

  app.post('/oauth/token', async (c) => {
    const fields = await readFields(c)
    c.header('Cache-Control', 'no-store')
    if (!fields) return tokenError(c, 'badBody')
    const of = (name: string) => textOf(fields, name)
    if (of('client_id') !== client.id || of('client_secret') !== client.secret) return tokenError(c, 'badClient')
    if (of('grant_type') === 'authorization_code') {
      const tokens = grants.exchange(of('code'), of('client_id'), of('redirect_uri'))
      return tokens ? c.json(tokens) : tokenError(c, 'badCode')
    }
    if (of('grant_type') !== 'refresh_token') return tokenError(c, 'badGrantType')
    const tokens = grants.refresh(of('refresh_token'))
    return typeof tokens === 'string' ? tokenError(c, tokens) : c.json(tokens)
  })

  app.get('/oauth/token/accessible-resources', (c) => {
    const access = bearer(c)
    if (typeof access === 'string') return c.json({ code: 401, message: 'Unauthorized' }, 401)
    // By cloud id: an order that has nothing to do with what was just granted.
    const sites = world.sites
      .filter((site) => site.installed && access.sites.has(site.key))
      .sort((a, b) => (a.cloudId < b.cloudId ? -1 : 1))
    const scopes = access.scopes.filter((scope) => scope.endsWith(':confluence'))
    const resource = (site: (typeof sites)[number], granted: readonly string[]) => ({
      id: site.cloudId,
      url: site.url,
      name: site.key,
      scopes: granted,
      avatarUrl: 'https://site-admin-avatar-cdn.prod.public.atl-paas.net/avatars/240/site.png',
    })
    const [first] = sites
    const jira = access.account.jira && first ? [resource(first, ['read:jira-work', 'read:jira-user'])] : []
    return c.json([...jira, ...sites.map((site) => resource(site, scopes))])
  })

  app.get('/me', (c) => {
    const access = bearer(c)
    if (typeof access === 'string') return c.json({ code: 401, message: 'Unauthorized' }, 401)
    if (!access.scopes.includes('read:me'))
      return c.json({ code: 401, message: 'Unauthorized; scope does not match' }, 401)
    const { id, email, name, key } = access.account
    return c.json({
      account_type: 'atlassian',
      account_id: id,
      email,
      name,
      picture: `https://secure.gravatar.com/avatar/${key}?d=mp`,
      account_status: 'active',
      nickname: key,
      zoneinfo: 'Europe/Zurich',
      locale: 'en-US',
      extended_profile: { job_title: 'Tester', organization: 'Acme', department: 'Quality', location: 'Zurich' },
    })
  })

  return app
}
