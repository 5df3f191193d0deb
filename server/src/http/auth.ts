import { createMiddleware } from 'hono/factory'
import type { User } from '../db/schema.ts'
import type { AccessTokens } from '../oauth/access-tokens.ts'
import { sha256 } from '../oauth/encryption.ts'
import type { Services } from '../services.ts'
import { findOrCreateUser } from '../users.ts'
import { HttpError } from './errors.ts'
import type { RateLimit } from './rate-limit.ts'

/** What a request's variables hold after a user was authenticated. */
export interface Authenticated {
  Variables: { user: User }
}

/** The same for an organisation. */
export interface AuthenticatedOrganization {
  Variables: { organizationId: number }
}

const wrong = (detail: string) => new HttpError(401, 'session_invalid', detail)

interface Credential {
  scheme: 'bearer' | 'token'
  value: string
}

/**
 * The credentials of an `Authorization` header, last one first.
 *
 * Carbon's component sends `Token old, Token new` after a refresh, because fetch joins the two headers it sets.
 */
export function parseCredentials(header: string | undefined): Credential[] {
  return (header ?? '')
    .split(',')
    .map((part) => /^\s*(bearer|token)\s+(\S+)\s*$/i.exec(part))
    .filter((match) => match !== null)
    .map(([, scheme = '', value = '']) => ({ scheme: scheme.toLowerCase() as Credential['scheme'], value }))
    .reverse()
}

/** Longest customer id, in characters. */
export const MAX_CUSTOMER_ID = 500

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A header as its sender meant it: bytes beyond ASCII arrive as Latin-1, and most clients sent UTF-8. */
function headerText(value: string): string {
  try {
    return utf8.decode(Buffer.from(value, 'latin1'))
  } catch {
    return value
  }
}

/** Checks who is calling. */
export interface Authenticator {
  /** An API key with a customer id, or an access token: Carbon's "K+C or T". */
  user: ReturnType<typeof createMiddleware<Authenticated>>
  /** An API key with a customer id only: "K+C". */
  customer: ReturnType<typeof createMiddleware<Authenticated>>
  /** An API key: Carbon's "K". A customer id beside it says nothing. */
  organization: ReturnType<typeof createMiddleware<AuthenticatedOrganization>>
}

export function createAuthenticator(
  { db }: Pick<Services, 'db'>,
  accessTokens: AccessTokens,
  limit: RateLimit,
): Authenticator {
  const organizationOf = async (key: string): Promise<number | undefined> =>
    (
      await db
        .selectFrom('api_keys')
        .select('organization_id')
        .where('hash', '=', sha256(key))
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
    )?.organization_id

  /** What nearly every call needs, in one query. */
  const knownUser = (key: string, customerId: string): Promise<User | undefined> =>
    db
      .selectFrom('api_keys')
      .innerJoin('users', 'users.organization_id', 'api_keys.organization_id')
      .selectAll('users')
      .where('api_keys.hash', '=', sha256(key))
      .where('api_keys.revoked_at', 'is', null)
      .where('users.customer_id', '=', customerId)
      .where('users.deleted_at', 'is', null)
      .executeTakeFirst()

  async function byApiKey(key: string, customerId: string | undefined): Promise<User | undefined> {
    const id = customerId && headerText(customerId).trim()
    const known = id && id.length <= MAX_CUSTOMER_ID && (await knownUser(key, id))
    if (known) return known
    const organizationId = await organizationOf(key)
    if (organizationId === undefined) return undefined
    if (!id) throw wrong('The customer-id header is missing: send the id by which you know this customer.')
    if (id.length > MAX_CUSTOMER_ID)
      throw new HttpError(400, 'unknown', `The customer-id header is longer than ${MAX_CUSTOMER_ID} characters.`)
    return findOrCreateUser(db, organizationId, id)
  }

  async function byToken(token: string): Promise<User | undefined> {
    const userId = await accessTokens.verify(token)
    return userId === undefined
      ? undefined
      : db.selectFrom('users').selectAll().where('id', '=', userId).where('deleted_at', 'is', null).executeTakeFirst()
  }

  async function find(header: string | undefined, customerId: string | undefined, schemes: Credential['scheme'][]) {
    const credentials = parseCredentials(header).filter(({ scheme }) => schemes.includes(scheme))
    for (const { scheme, value } of credentials) {
      const user = scheme === 'bearer' ? await byApiKey(value, customerId) : await byToken(value)
      if (user) return user
    }
    throw credentials[0]?.scheme === 'token'
      ? new HttpError(
          401,
          'session_expired',
          'The access token is expired or not valid. Fetch a new one from /auth/v1/access_token.',
        )
      : wrong(
          schemes.includes('token')
            ? 'Send "Authorization: Bearer {API key}" with a customer-id header, or "Authorization: Token {access token}".'
            : 'Send "Authorization: Bearer {API key}" with a valid key and a customer-id header.',
        )
  }

  const middleware = (schemes: Credential['scheme'][]) =>
    createMiddleware<Authenticated>(async function authenticate(c, next) {
      const user = await find(c.req.header('authorization'), c.req.header('customer-id'), schemes)
      await limit.count(`user ${user.id}`)
      c.set('user', user)
      await next()
    })

  return {
    user: middleware(['bearer', 'token']),
    customer: middleware(['bearer']),
    organization: createMiddleware<AuthenticatedOrganization>(async function authenticate(c, next) {
      for (const { scheme, value } of parseCredentials(c.req.header('authorization'))) {
        const organizationId = scheme === 'bearer' ? await organizationOf(value) : undefined
        if (organizationId === undefined) continue
        await limit.count(`organization ${organizationId}`)
        c.set('organizationId', organizationId)
        return next()
      }
      throw wrong(
        'This call is for your backend: send "Authorization: Bearer {API key}" with a valid key. Access tokens do not open it.',
      )
    }),
  }
}
