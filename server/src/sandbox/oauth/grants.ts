import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Account } from '../world/cast.ts'
import type { World } from '../world/world.ts'

const minute = 60_000
const codeLife = 10 * minute
const accessLife = 60 * minute
/** Within this time after its first use a refresh token may be used again. */
const reuseLeeway = 10 * minute
const inactivity = 90 * 24 * 60 * minute
const maxCodes = 10_000
const maxLiveTokens = 1_000
const maxFamilies = 10_000

/** A person's consent to the app: one per account, whatever the number of sites and sign-ins. */
interface Consent {
  id: string
  /** The scopes of the latest consent: they replace those of earlier ones. */
  scopes: readonly string[]
  /** Keys of all sites granted so far. */
  sites: Set<string>
}

/** The refresh tokens that descend from one sign-in. */
interface Family {
  id: string
  account: Account
  consentId: string
  /** The one site of a resource-level grant; null where the grant covers all sites of the consent. */
  site: string | null
  /** Refresh tokens that still work: by serial number, when each was first used. */
  live: Map<number, number | null>
  serial: number
  lastUsedAt: number
  /** Grows when the tests expire access tokens; older tokens are expired. */
  epoch: number
  dead: boolean
}

interface Code {
  account: Account
  clientId: string
  redirectUri: string
  site: string
  scopes: readonly string[]
  expiresAt: number
}

/** What a token says of itself. It carries its grant, so that tokens outlive a restart of the sandbox. */
interface Claims {
  use: 'access' | 'refresh'
  family: string
  account: string
  consent: string
  site: string | null
  scopes: readonly string[]
  sites: readonly string[]
  serial: number
  epoch: number
  issuedAt: number
}

/** What an access token opens, at this moment. */
export interface Access {
  account: Account
  scopes: readonly string[]
  /** Keys of the sites it reaches. */
  sites: ReadonlySet<string>
}

/** Why an access token does not open anything. */
export type AccessFailure = 'unknown' | 'expired'

/** A token answer of the token endpoint. */
export interface TokenSet {
  access_token: string
  expires_in: number
  token_type: 'Bearer'
  scope: string
  refresh_token?: string
}

/** Why a refresh token was refused: never heard of or too old, or ended by reuse or revocation. */
export type RefreshFailure = 'unknown' | 'ended'

/** Consents, codes and tokens. */
export interface Grants {
  /** Records a consent and gives the code for it. */
  consent(request: Omit<Code, 'expiresAt'>): string
  /** Trades a code for tokens: once, within ten minutes, by the client and for the address that it was made for. */
  exchange(code: string, clientId: string, redirectUri: string): TokenSet | null
  refresh(token: string): TokenSet | RefreshFailure
  access(token: string): Access | AccessFailure
  /** Ends a person's consent: all of the person's tokens stop working. */
  revoke(account: Account): void
  /** Makes all access tokens expired: one person's, or everybody's. Refresh tokens go on. */
  expireAccess(account: Account | null): void
}

/**
 * Keeps grants as Atlassian does: rotating refresh tokens with a leeway, and the two access types.
 *
 * @param world whose accounts and sites are granted
 */
export function createGrants(world: World, clock: Clock): Grants {
  const key = `sandbox ${world.seed}`
  const consents = new Map<string, Consent>()
  const codes = new Map<string, Code>()
  const families = new Map<string, Family>()

  const sign = (payload: string) => createHmac('sha256', key).update(payload).digest('base64url')

  const encode = (claims: Claims) => {
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
    return `${payload}.${sign(payload)}`
  }

  const decode = (token: string): Claims | null => {
    const [payload = '', signature = ''] = token.split('.')
    const [given, right] = [Buffer.from(signature), Buffer.from(sign(payload))]
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims
  }

  const grantedBefore = (account: Account) => (account.grant === 'account' ? account.sites : [])

  const issue = (family: Family, consent: Consent): TokenSet => {
    family.serial += 1
    const claims: Claims = {
      use: 'access',
      family: family.id,
      account: family.account.id,
      consent: consent.id,
      site: family.site,
      scopes: consent.scopes,
      sites: [...consent.sites],
      serial: family.serial,
      epoch: family.epoch,
      issuedAt: clock.now(),
    }
    const offline = consent.scopes.includes('offline_access')
    if (offline) family.live.set(family.serial, null)
    while (family.live.size > maxLiveTokens) family.live.delete(family.live.keys().next().value as number)
    return {
      access_token: encode(claims),
      expires_in: accessLife / 1000,
      token_type: 'Bearer',
      scope: consent.scopes.join(' '),
      ...(offline && { refresh_token: encode({ ...claims, use: 'refresh' }) }),
    }
  }

  /** Keeps the newest families; one that was dropped is taken up again from its tokens. */
  const remember = (family: Family): Family => {
    if (families.size >= maxFamilies) families.delete(families.keys().next().value as string)
    families.set(family.id, family)
    return family
  }

  /** The family that a token belongs to; one from before a restart is taken up again. */
  const familyOf = (claims: Claims): Family | null => {
    const known = families.get(claims.family)
    if (known) return known
    const account = world.accounts.find((each) => each.id === claims.account)
    if (!account) return null
    if (!consents.has(account.id)) {
      consents.set(account.id, { id: claims.consent, scopes: claims.scopes, sites: new Set(claims.sites) })
    }
    return remember({
      id: claims.family,
      account,
      consentId: claims.consent,
      site: claims.site,
      live: new Map([[claims.serial, null]]),
      serial: claims.serial,
      lastUsedAt: claims.issuedAt,
      epoch: claims.epoch,
      dead: false,
    })
  }

  const consentOf = (family: Family): Consent | null => {
    const consent = consents.get(family.account.id)
    return consent && consent.id === family.consentId && !family.dead ? consent : null
  }

  return {
    consent(request) {
      const consent = consents.get(request.account.id) ?? {
        id: randomUUID(),
        scopes: [],
        sites: new Set(grantedBefore(request.account)),
      }
      consent.scopes = request.scopes
      consent.sites.add(request.site)
      consents.set(request.account.id, consent)
      for (const [old, { expiresAt }] of codes)
        if (expiresAt <= clock.now() || codes.size >= maxCodes) codes.delete(old)
      const code = randomBytes(24).toString('base64url')
      codes.set(code, { ...request, expiresAt: clock.now() + codeLife })
      return code
    },

    exchange(code, clientId, redirectUri) {
      const request = codes.get(code)
      codes.delete(code)
      if (!request || request.expiresAt <= clock.now()) return null
      if (request.clientId !== clientId || request.redirectUri !== redirectUri) return null
      const consent = consents.get(request.account.id)
      if (!consent) return null
      const family = remember({
        id: randomUUID(),
        account: request.account,
        consentId: consent.id,
        site: request.account.grant === 'resource' ? request.site : null,
        live: new Map(),
        serial: 0,
        lastUsedAt: clock.now(),
        epoch: 0,
        dead: false,
      })
      return issue(family, consent)
    },

    refresh(token) {
      const claims = decode(token)
      const family = claims?.use === 'refresh' ? familyOf(claims) : null
      if (!claims || !family) return 'unknown'
      const consent = consentOf(family)
      if (!consent) return 'ended'
      const now = clock.now()
      if (now - family.lastUsedAt > inactivity) return 'unknown'
      for (const [serial, usedAt] of family.live)
        if (usedAt !== null && now - usedAt > reuseLeeway) family.live.delete(serial)
      const usedAt = family.live.get(claims.serial)
      if (usedAt === undefined) {
        // A token that was used up long ago is in somebody else's hands: the whole family ends.
        family.dead = true
        return 'ended'
      }
      family.live.set(claims.serial, usedAt ?? now)
      family.lastUsedAt = now
      return issue(family, consent)
    },

    access(token) {
      const claims = decode(token)
      const family = claims?.use === 'access' ? familyOf(claims) : null
      const consent = family && consentOf(family)
      if (!claims || !family || !consent) return 'unknown'
      if (claims.epoch < family.epoch || clock.now() >= claims.issuedAt + accessLife) return 'expired'
      return {
        account: family.account,
        scopes: consent.scopes,
        sites: family.site === null ? consent.sites : new Set([family.site]),
      }
    },

    revoke(account) {
      consents.delete(account.id)
      for (const family of families.values()) if (family.account === account) family.dead = true
    },

    expireAccess(account) {
      for (const family of families.values()) if (account === null || family.account === account) family.epoch += 1
    },
  }
}
