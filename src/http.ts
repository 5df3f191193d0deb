import type { Backend, CallOptions } from './backend.ts'
import type { ErrorCode } from './contract.ts'
import { ConnectError, isErrorCode, toConnectError } from './errors.ts'
import { openSignInWindow } from './popup.ts'

/** Gets a token for the customer who is signed in to the host's app. Called when the first one is needed and after a 401. */
export type TokenFetcher = () => Promise<{ access_token: string }>

/** Options of {@link createHttpBackend}. */
export interface HttpBackendOptions {
  /** The base URL of the confluence-connect-server, with or without a path prefix. */
  apiURL: string
  tokenFetcher: TokenFetcher
  /** Replaces the global `fetch`. */
  fetch?: typeof fetch
}

const timeoutMs = 30_000
const tokenTimeoutMs = 15_000

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

const within = <T>(signal: AbortSignal, work: Promise<T>) => Promise.race([work, aborted(signal)])

/** Tokens of one customer: fetched once for all who ask at the same time, and again when one was refused. */
function createTokens(tokenFetcher: TokenFetcher) {
  let current: Promise<string> | undefined

  const fetchToken = async () => {
    const slow = AbortSignal.timeout(tokenTimeoutMs)
    const answer = await within(slow, Promise.resolve().then(tokenFetcher)).catch((cause: unknown) => {
      const failed = (code: ErrorCode, what: string) => new ConnectError(code, `tokenFetcher ${what}.`, { cause })
      if (slow.aborted) throw failed('network', `gave no token within ${tokenTimeoutMs / 1000} s`)
      // What fetch throws when there is no connection: the person may well be signed in.
      throw cause instanceof TypeError
        ? failed('network', 'could not reach your backend')
        : failed('session_invalid', 'failed')
    })
    if (typeof answer?.access_token !== 'string' || answer.access_token === '') {
      throw new ConnectError('session_invalid', 'tokenFetcher gave no { access_token }.')
    }
    return answer.access_token
  }

  return {
    /** @param refused a token that the server did not accept */
    async get(refused?: string): Promise<string> {
      if (refused !== undefined && current && (await current.catch(() => refused)) === refused) current = undefined
      if (!current) {
        const next = fetchToken()
        current = next
        next.catch(() => {
          if (current === next) current = undefined
        })
      }
      return current
    },
  }
}

async function errorOf(response: Response): Promise<ConnectError> {
  const body: unknown = await response.json().catch(() => null)
  const { code, message } = (body as { error?: Record<string, unknown> } | null)?.error ?? {}
  if (isErrorCode(code)) return new ConnectError(code, String(message ?? code))
  const { status } = response
  const kind = [408, 425, 429].includes(status) ? 'rate_limited' : status >= 500 ? 'network' : 'unknown'
  return new ConnectError(kind, `The server answered with status ${status}. Check apiURL.`)
}

/** A {@link Backend} that talks to a confluence-connect-server. Creating it sends nothing. */
export function createHttpBackend(options: HttpBackendOptions): Backend {
  const base = options.apiURL.replace(/\/+$/, '')
  if (!URL.canParse(base)) {
    throw new TypeError(`apiURL must be an absolute URL such as http://localhost:8000, not "${options.apiURL}".`)
  }
  const tokens = createTokens(options.tokenFetcher)
  const send = options.fetch ?? ((...request: Parameters<typeof fetch>) => fetch(...request))

  const sendWith = (token: string, path: string, init: RequestInit) =>
    send(`${base}${path}`, { ...init, headers: { ...init.headers, authorization: `Token ${token}` } })

  /** The server's answer, whatever its status; with a fresh token where the first was refused. */
  async function call(path: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    const token = await within(signal, tokens.get())
    try {
      const response = await sendWith(token, path, { ...init, signal })
      if (response.status !== 401) return response
      await response.body?.cancel()
      const again = await sendWith(await within(signal, tokens.get(token)), path, { ...init, signal })
      if (again.status === 401) throw new ConnectError('session_expired', 'The server refused two tokens in a row.')
      return again
    } catch (cause) {
      if (cause instanceof ConnectError || signal.aborted) throw cause
      throw new ConnectError(
        'network',
        'The server could not be reached. Check apiURL, CORS and that the server runs.',
        { cause },
      )
    }
  }

  async function request<T>(
    method: 'GET' | 'POST',
    path: string,
    { signal }: CallOptions = {},
    input?: unknown,
  ): Promise<T | null> {
    const timeout = AbortSignal.timeout(timeoutMs)
    const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout
    try {
      const body =
        input === undefined ? {} : { body: JSON.stringify(input), headers: { 'content-type': 'application/json' } }
      const response = await call(path, { method, ...body }, bounded)
      if (response.status === 404 && method === 'GET') return null
      if (!response.ok) throw await errorOf(response)
      return await response.json().catch((cause: unknown) => {
        if (bounded.aborted) throw cause
        throw new ConnectError('network', 'The server did not answer with JSON. Check apiURL.', {
          cause,
        })
      })
    } catch (cause) {
      if (signal?.aborted) throw cause
      if (timeout.aborted)
        throw new ConnectError('network', `The server did not answer within ${timeoutMs / 1000} s.`, { cause })
      throw toConnectError(cause)
    }
  }

  async function requestSome<T>(method: 'GET' | 'POST', path: string, call?: CallOptions, input?: unknown): Promise<T> {
    const answer = await request<T>(method, path, call, input)
    if (answer === null) throw new ConnectError('unknown', `The server does not know ${path}. Check apiURL.`)
    return answer
  }

  const query = (values: object) => {
    const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '' && value !== false)
    return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : ''
  }
  const flow = (id: string, action = '') => `/v1/flows/${encodeURIComponent(id)}${action}`
  const connection = (id: number, action: string) => `/v1/connections/${id}${action}`

  return {
    signInUrl: `${base}/oauth/popup`,
    openSignIn: (onEvent) => openSignInWindow(`${base}/oauth/popup`, onEvent),
    createFlow: (input, call) => requestSome('POST', '/v1/flows', call, input),
    getFlow: (id, call) => request('GET', flow(id), call),
    completeFlow: (id, input, call) => requestSome('POST', flow(id, '/complete'), call, input),
    confirmFlow: (id, input, call) => requestSome('POST', flow(id, '/confirm'), call, input),
    cancelFlow: (id, call) => requestSome('POST', flow(id, '/cancel'), call),
    listConnections: async ({ tags, ...call } = {}) =>
      (
        await requestSome<{ connections: Awaited<ReturnType<Backend['listConnections']>> }>(
          'GET',
          `/v1/connections${query({ tags: tags && JSON.stringify(tags) })}`,
          call,
        )
      ).connections,
    getSync: (id, call) => request('GET', connection(id, '/sync'), call),
    disconnect: (id, call) => requestSome('POST', connection(id, '/disconnect'), call),
    startSync: (id, input, call) => requestSome('POST', connection(id, '/sync'), call, input),
    cancelSync: (id, call) => requestSome('POST', connection(id, '/sync/cancel'), call),
    refreshItems: (id, call) => requestSome('POST', connection(id, '/items/sync'), call),
    listItems: (id, input, call) => requestSome('GET', connection(id, `/items${query(input)}`), call),
    listPages: (input, call) => requestSome('GET', `/v1/pages${query(input)}`, call),
    resyncPages: (id, selection, call) => requestSome('POST', connection(id, '/pages/resync'), call, selection),
    deletePages: (id, selection, { sendWebhook = false, ...call } = {}) =>
      requestSome('POST', connection(id, '/pages/delete'), call, { ...selection, sendWebhook }),
  }
}
