import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { EncryptionKey } from '../oauth/encryption.ts'
import { LOOPBACK_NETWORKS, type Network, parseNetwork } from '../webhooks/networks.ts'

/** Everything the server reads from its environment, checked. */
export interface Config {
  host: string
  port: number
  /** What browsers and Atlassian reach, without a trailing slash. The callback is `${publicUrl}/integrations/confluence`. */
  publicUrl: string
  /** A PostgreSQL URL; undefined means the embedded database in `dataDir`. */
  databaseUrl: string | undefined
  dataDir: string
  /** A bootstrap API key. */
  apiKey: string | undefined
  /** Undefined means: generated into `dataDir`, which is allowed on loopback only. */
  encryptionKeys: EncryptionKey[] | undefined
  atlassian: {
    clientId: string | undefined
    clientSecret: string | undefined
    authUrl: string
    apiUrl: string
    /** Points that an OAuth app may use in an hour; undefined for as many as Atlassian allows. */
    pointsPerHour: number | undefined
  }
  /** Exact origins that may embed the component; undefined means any loopback origin. */
  allowedOrigins: string[] | undefined
  /** Where webhooks may go besides the internet; loopback in development, where nothing is set. */
  webhookAllowedNetworks: Network[]
  /** Hours between two syncs of a user who enabled auto sync. */
  syncIntervalHours: number
  /** Calls that one user, or an organisation for itself, may make in a minute; 0 is without a limit. */
  rateLimitPerMinute: number
  logLevel: (typeof logLevels)[number]
  /** Whether blog posts are synced beside pages. */
  syncBlogPosts: boolean
  /** Whether `/metrics` is there. */
  metrics: boolean
  /** Where it is; undefined means: beside the API, and nowhere for a process without one. */
  metricsPort: number | undefined
  /** Names the organisation on pages that an end customer sees without the component. */
  organizationName: string
}

type Env = Record<string, string | undefined>
export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] }

/** Carbon's limits were tight, and its client gives up after three refusals: ours are there for accidents. */
const DEFAULT_RATE_LIMIT = 6_000

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** True for the names and addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  return isIP(name) === 4 && name.startsWith('127.')
}

function parseUrl(value: string, protocols: string[]): URL | undefined {
  if (!URL.canParse(value)) return undefined
  const url = new URL(value)
  return protocols.includes(url.protocol) ? url : undefined
}

const isPort = (port: number) => Number.isInteger(port) && port >= 0 && port <= 65_535

const withoutSlash = (url: string) => url.replace(/\/+$/, '')

function parseKey(entry: string): EncryptionKey | undefined {
  const [, id, base64] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry.trim()) ?? []
  if (!id || !base64) return undefined
  const key = Buffer.from(base64, 'base64')
  return key.length === 32 ? { id, key } : undefined
}

/**
 * Reads the server's configuration.
 *
 * @param env usually `process.env`; an empty value counts as unset
 * @returns the configuration, or every problem at once, each saying what to set; no value of a secret is ever repeated
 */
export function parseConfig(env: Env): ConfigResult {
  const problems: string[] = []
  const read = (name: string) => env[name]?.trim() || undefined

  const port = Number(read('PORT') ?? 8000)
  if (!isPort(port)) problems.push('PORT must be a whole number from 0 to 65535, like PORT=8000.')
  const host = read('HOST') ?? '127.0.0.1'

  const givenPublicUrl = read('PUBLIC_URL') ?? `http://localhost:${port}`
  const parsedPublicUrl = parseUrl(givenPublicUrl, ['http:', 'https:'])
  const publicUrl = parsedPublicUrl?.origin ?? givenPublicUrl
  if (port === 0 && !read('PUBLIC_URL'))
    problems.push('PUBLIC_URL must be set when PORT is 0: the callback has to be known before a port is picked.')
  if (!parsedPublicUrl || withoutSlash(parsedPublicUrl.href) !== parsedPublicUrl.origin)
    problems.push(
      'PUBLIC_URL must be a scheme and a host without path or user, like PUBLIC_URL=https://connect.example.com.',
    )
  else if (parsedPublicUrl.protocol === 'http:' && !isLoopback(parsedPublicUrl.hostname))
    problems.push(
      'PUBLIC_URL must start with https:// because sign-ins and page contents pass through it; http:// is accepted for localhost only.',
    )

  const databaseUrl = read('DATABASE_URL')
  if (
    databaseUrl &&
    !parseUrl(databaseUrl, ['postgres:', 'postgresql:']) &&
    !/^postgres(ql)?:\/\/[^/]*@?\//.test(databaseUrl)
  )
    problems.push(
      'DATABASE_URL must be a PostgreSQL URL, like DATABASE_URL=postgres://user:password@host:5432/database; leave it unset for the embedded database.',
    )

  const keyEntries = read('ENCRYPTION_KEYS')?.split(',')
  const encryptionKeys = keyEntries?.map(parseKey).filter((key) => key !== undefined)
  if (keyEntries && encryptionKeys && encryptionKeys.length < keyEntries.length)
    problems.push(
      'ENCRYPTION_KEYS must be a list of id:base64 with 32 bytes each, newest first, like ENCRYPTION_KEYS=k1:$(openssl rand -base64 32).',
    )
  if (new Set(encryptionKeys?.map(({ id }) => id)).size < (encryptionKeys?.length ?? 0))
    problems.push(
      'ENCRYPTION_KEYS must have a different id for each key: the id says which key a secret was sealed with.',
    )
  if (!keyEntries && !isLoopback(host))
    problems.push(
      'ENCRYPTION_KEYS must be set when HOST is not loopback, like ENCRYPTION_KEYS=k1:$(openssl rand -base64 32); tokens are encrypted with it, so keep it safe.',
    )

  const apiKey = read('API_KEY')
  if (apiKey && apiKey.length < 16)
    problems.push('API_KEY must have at least 16 characters, like API_KEY=$(openssl rand -hex 24).')

  const clientId = read('ATLASSIAN_CLIENT_ID')
  const clientSecret = read('ATLASSIAN_CLIENT_SECRET')
  if (!clientId !== !clientSecret)
    problems.push(
      `${clientId ? 'ATLASSIAN_CLIENT_SECRET' : 'ATLASSIAN_CLIENT_ID'} must be set too: both come from your app's Settings page on developer.atlassian.com.`,
    )

  const atlassianUrl = (name: string, fallback: string) => {
    const value = withoutSlash(read(name) ?? fallback)
    const url = parseUrl(value, ['http:', 'https:'])
    if (!url || (url.protocol === 'http:' && !isLoopback(url.hostname)))
      problems.push(`${name} must be an https:// URL (http:// on localhost only), like ${name}=${fallback}.`)
    return value
  }

  const pointsPerHour = read('ATLASSIAN_POINTS_PER_HOUR')
  if (pointsPerHour && !/^[1-9]\d{0,8}$/.test(pointsPerHour))
    problems.push('ATLASSIAN_POINTS_PER_HOUR must be a whole number above 0, like ATLASSIAN_POINTS_PER_HOUR=65000.')

  const allowedOrigins = read('ALLOWED_ORIGINS')
    ?.split(',')
    .map((origin) => origin.trim())
    .filter(Boolean)
  for (const origin of allowedOrigins ?? [])
    if (parseUrl(origin, ['http:', 'https:'])?.origin !== origin)
      problems.push(
        'ALLOWED_ORIGINS must be a list of origins without path, like ALLOWED_ORIGINS=https://app.example.com,https://staging.example.com.',
      )

  const networks = read('WEBHOOK_ALLOWED_NETWORKS')?.split(',').map(parseNetwork)
  if (networks?.includes(undefined))
    problems.push(
      'WEBHOOK_ALLOWED_NETWORKS must be a list of networks or addresses, like WEBHOOK_ALLOWED_NETWORKS=10.0.0.0/8,fd00::/8.',
    )
  const developmentNetworks = parsedPublicUrl && isLoopback(parsedPublicUrl.hostname) ? LOOPBACK_NETWORKS : []

  const syncIntervalHours = Number(read('SYNC_INTERVAL_HOURS') ?? 24)
  if (![3, 6, 12, 24].includes(syncIntervalHours)) problems.push('SYNC_INTERVAL_HOURS must be 3, 6, 12 or 24.')

  const rateLimitPerMinute = Number(read('RATE_LIMIT_PER_MINUTE') ?? DEFAULT_RATE_LIMIT)
  if (!Number.isInteger(rateLimitPerMinute) || rateLimitPerMinute < 0)
    problems.push(
      'RATE_LIMIT_PER_MINUTE must be a whole number of calls, like RATE_LIMIT_PER_MINUTE=6000; 0 is without a limit.',
    )

  const level = read('LOG_LEVEL') ?? 'info'
  const logLevel = logLevels.find((known) => known === level)
  if (!logLevel) problems.push(`LOG_LEVEL must be one of ${logLevels.join(', ')}.`)

  const metrics = read('METRICS') ?? 'on'
  if (metrics !== 'on' && metrics !== 'off') problems.push('METRICS must be on or off.')
  const metricsPort = read('METRICS_PORT') === undefined ? undefined : Number(read('METRICS_PORT'))
  if (metricsPort !== undefined && !isPort(metricsPort))
    problems.push('METRICS_PORT must be a whole number from 0 to 65535, like METRICS_PORT=9464.')

  const blogPosts = read('SYNC_BLOG_POSTS') ?? 'off'
  if (blogPosts !== 'on' && blogPosts !== 'off') problems.push('SYNC_BLOG_POSTS must be on or off.')

  const config: Config = {
    host,
    port,
    publicUrl,
    databaseUrl,
    dataDir: resolve(read('DATA_DIR') ?? '.confluence-connect'),
    apiKey,
    encryptionKeys,
    atlassian: {
      clientId,
      clientSecret,
      authUrl: atlassianUrl('ATLASSIAN_AUTH_URL', 'https://auth.atlassian.com'),
      apiUrl: atlassianUrl('ATLASSIAN_API_URL', 'https://api.atlassian.com'),
      pointsPerHour: pointsPerHour === undefined ? undefined : Number(pointsPerHour),
    },
    allowedOrigins,
    webhookAllowedNetworks: networks?.filter((network) => network !== undefined) ?? developmentNetworks,
    syncIntervalHours,
    rateLimitPerMinute,
    logLevel: logLevel ?? 'info',
    syncBlogPosts: blogPosts === 'on',
    metrics: metrics === 'on',
    metricsPort,
    organizationName: read('ORGANIZATION_NAME') ?? 'this application',
  }
  return problems.length > 0 ? { ok: false, problems: [...new Set(problems)] } : { ok: true, config }
}
