/** Options of {@link createTokenHandler}. */
export interface TokenHandlerOptions {
  /** Where the confluence-connect-server runs, as your backend reaches it. */
  serverUrl: string
  /** One of the server's API keys. It stays on your backend. */
  apiKey: string | undefined
  /**
   * Who is signed in to your app, from the request: the id under which the server keeps this customer's connections. Null
   * when nobody is signed in.
   */
  customerId: (request: Request) => string | null | undefined | Promise<string | null | undefined>
  /** Replaces the global `fetch`. */
  fetch?: typeof fetch
}

const timeoutMs = 10_000

const json = (status: number, body: unknown) =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store' } })

const failure = (status: number, code: string, message: string) => json(status, { error: { code, message } })

const upstream = (message: string) => failure(502, 'token_unavailable', message)

/**
 * The route of your backend that `tokenFetcher` calls: a standard `(Request) => Promise<Response>` for any framework.
 *
 * It answers `{ "access_token": … }` with 200, 401 when nobody is signed in, and 502 with a reason when the
 * confluence-connect-server did not give a token. No answer ever holds the API key.
 */
export function createTokenHandler(options: TokenHandlerOptions): (request: Request) => Promise<Response> {
  const url = `${options.serverUrl.replace(/\/+$/, '')}/auth/v1/access_token`
  if (!URL.canParse(url)) {
    throw new TypeError(
      `createTokenHandler: serverUrl must be an absolute URL such as http://localhost:8000, not "${options.serverUrl}".`,
    )
  }
  if (!options.apiKey) {
    throw new TypeError('createTokenHandler: apiKey is empty. Create one with "confluence-connect-server keys create".')
  }
  const send = options.fetch ?? fetch

  return async function handleTokenRequest(request) {
    const customerId = await options.customerId(request)
    if (!customerId) return failure(401, 'not_signed_in', 'Nobody is signed in.')
    if (!/^[ -~]+$/.test(customerId)) {
      return failure(
        500,
        'customer_id_invalid',
        'customerId holds characters that a header cannot. Use an opaque id, or encodeURIComponent it.',
      )
    }
    let response: Response
    try {
      response = await send(url, {
        headers: { authorization: `Bearer ${options.apiKey}`, 'customer-id': customerId },
        signal: AbortSignal.timeout(timeoutMs),
      })
    } catch {
      return upstream('The confluence-connect-server could not be reached. Check serverUrl and that the server runs.')
    }
    if (response.status === 401 || response.status === 403) {
      return upstream('The confluence-connect-server refused the API key. Check apiKey.')
    }
    if (!response.ok) return upstream(`The confluence-connect-server answered with status ${response.status}.`)
    const body: unknown = await response.json().catch(() => null)
    const token = typeof body === 'object' && body !== null && 'access_token' in body ? body.access_token : null
    if (typeof token !== 'string' || token === '') {
      return upstream('The confluence-connect-server answered without an access token. Check serverUrl.')
    }
    return json(200, { access_token: token })
  }
}
