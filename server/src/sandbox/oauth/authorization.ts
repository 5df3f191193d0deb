/** The OAuth client that the sandbox knows. */
export const client = { id: 'sandbox-client', secret: 'sandbox-secret', name: 'Confluence Connect' } as const

/** Scopes that the client's console offers, with what the consent screen says of each. */
export const scopeTexts: Readonly<Record<string, string>> = {
  'read:me': 'View your profile details',
  'read:page:confluence': 'View pages',
  'read:space:confluence': 'View spaces',
  offline_access: 'Keep this access until you revoke it',
}

/** A checked request to `/authorize`. */
export interface AuthorizationRequest {
  clientId: string
  redirectUri: string
  state: string | null
  scopes: readonly string[]
}

/** Why a request ends on an error page, in Atlassian's words where they are known. */
export interface AuthorizationError {
  error: string
  description: string
  /** What the developer can do about it. */
  hint: string
}

/** Tells whether an address may receive codes. */
export type RedirectRule = (uri: string) => boolean

/** Loopback addresses on any port whose path ends in the connector's callback; or exactly the addresses given. */
export function createRedirectRule(allowed?: readonly string[]): RedirectRule {
  if (allowed) return (uri) => allowed.includes(uri)
  return (uri) => {
    if (!URL.canParse(uri)) return false
    const { protocol, hostname, pathname, hash } = new URL(uri)
    const loopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname.endsWith('.localhost')
    return /^https?:$/.test(protocol) && loopback && !hash && pathname.endsWith('/integrations/confluence')
  }
}

interface Rule {
  /** True where the request is in order. */
  holds(params: URLSearchParams, allows: RedirectRule): boolean
  problem(params: URLSearchParams): AuthorizationError
}

const fixed = (name: string, value: string): Rule => ({
  holds: (params) => params.get(name) === value,
  problem: (params) => ({
    error: 'invalid_request',
    description: `${name} must be ${value}${params.has(name) ? '' : ', it is missing'}`,
    hint: `Send ${name}=${value} to /authorize.`,
  }),
})

const scopesOf = (params: URLSearchParams) => (params.get('scope') ?? '').split(' ').filter(Boolean)

const rules: readonly Rule[] = [
  {
    holds: (params) => params.get('client_id') === client.id,
    problem: () => ({
      error: 'unauthorized_client',
      description: 'The client ID is unknown',
      hint: `The sandbox knows one app: client id ${client.id}, client secret ${client.secret}.`,
    }),
  },
  {
    holds: (params, allows) => allows(params.get('redirect_uri') ?? ''),
    problem: (params) => ({
      error: 'unauthorized_client',
      description: `Callback URL mismatch. ${params.get('redirect_uri') ?? '(none)'} is not in the list of allowed callback URLs`,
      hint: 'Allowed are loopback addresses that end in /integrations/confluence, or those listed in SANDBOX_REDIRECT_URIS.',
    }),
  },
  fixed('response_type', 'code'),
  fixed('audience', 'api.atlassian.com'),
  fixed('prompt', 'consent'),
  {
    holds: (params) =>
      scopesOf(params).length > 0 && scopesOf(params).every((scope) => Object.hasOwn(scopeTexts, scope)),
    problem: (params) => ({
      error: 'invalid_scope',
      description: `The scopes asked for are not those of the app: ${scopesOf(params).join(' ') || '(none)'}`,
      hint: `Ask for some of: ${Object.keys(scopeTexts).join(' ')}`,
    }),
  },
]

/** Checks the parameters of `/authorize`. No error of it is sent to the redirect address, as with Atlassian. */
export function readAuthorizationRequest(
  params: URLSearchParams,
  allows: RedirectRule,
): { ok: true; request: AuthorizationRequest } | { ok: false; error: AuthorizationError } {
  const broken = rules.find((rule) => !rule.holds(params, allows))
  if (broken) return { ok: false, error: broken.problem(params) }
  return {
    ok: true,
    request: {
      clientId: client.id,
      redirectUri: params.get('redirect_uri') as string,
      state: params.get('state'),
      scopes: scopesOf(params),
    },
  }
}

/** Where the browser goes after the consent screen. */
export function callbackUrl({ redirectUri, state }: AuthorizationRequest, answer: Record<string, string>): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value)
  if (state !== null) url.searchParams.set('state', state)
  // Atlassian writes blanks as %20; a plus sign of a value is %2B here already.
  url.search = url.search.replaceAll('+', '%20')
  return url.href
}
