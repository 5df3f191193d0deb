import { AtlassianError, type AtlassianErrorCode } from './errors.ts'

const TIMEOUT_MS = 60_000
/** 250 pages of storage format are a few megabytes; a response beyond this is refused rather than held in memory. */
const MAX_BODY_BYTES = 64 * 1024 * 1024
const DEFAULT_WAIT_MS = 5_000
const MAX_WAIT_MS = 60 * 60_000

export interface JsonRequest {
  method?: 'GET' | 'POST'
  token?: string
  body?: unknown
  signal?: AbortSignal | undefined
}

/** An answer of Atlassian's, read but not judged. */
export interface JsonAnswer {
  status: number
  headers: Headers
  /** Undefined when the body is not JSON. */
  body: unknown
}

/**
 * One request to Atlassian.
 *
 * @throws AtlassianError `unavailable` when no answer came
 */
export async function requestJson(url: string, request: JsonRequest = {}): Promise<JsonAnswer> {
  const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(request.signal ? [request.signal] : [])])
  const where = `${request.method ?? 'GET'} ${new URL(url).host}`
  try {
    const response = await fetch(url, {
      method: request.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...(request.token && { authorization: `Bearer ${request.token}` }),
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      redirect: 'error',
      signal,
    })
    const text = await readBounded(response)
    return { status: response.status, headers: response.headers, body: parse(text) }
  } catch (error) {
    request.signal?.throwIfAborted()
    if (error instanceof AtlassianError) throw error
    throw new AtlassianError('unavailable', `${where}: no answer from Atlassian (${reason(error)}).`, { cause: error })
  }
}

const reason = (error: unknown) => {
  const { name, message, cause } = error as { name?: string; message?: string; cause?: { code?: string } }
  return cause?.code ?? (name === 'TimeoutError' ? `nothing within ${TIMEOUT_MS / 1000} s` : message)
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_BODY_BYTES)
      throw new AtlassianError(
        'unavailable',
        `An answer of Atlassian's is larger than ${MAX_BODY_BYTES / 1024 / 1024} MB.`,
      )
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const byStatus: Record<number, AtlassianErrorCode> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  429: 'rate_limited',
}

/** A 403 or 404 that Atlassian's edge made up under load: it says nothing about the site, and passes within minutes. */
export const isFlap = ({ status, headers }: JsonAnswer) =>
  (status === 403 || status === 404) && /^error/i.test(headers.get('x-cache') ?? '')

/**
 * The body of a successful answer.
 *
 * @throws AtlassianError that tells what to do about any other
 * @see atlassian error shapes: the gateway's `{code, message}` and v2's `{errors: [{status, code, title}]}`
 */
export function successBody(answer: JsonAnswer, what: string, now = Date.now()): unknown {
  const { status, headers, body } = answer
  if (status >= 200 && status < 300) {
    if (body === undefined)
      throw new AtlassianError('unexpected_answer', `${what}: Atlassian's answer is not JSON.`, { status })
    return body
  }
  const { message, errors } = (body ?? {}) as { message?: string; errors?: { title?: string }[] }
  const title = errors?.[0]?.title ?? message ?? 'no reason given'
  if (status === 401 && /scope does not match/i.test(title))
    throw new AtlassianError('scope_missing', `${what}: the sign-in lacks a permission.`, { status })
  const code = isFlap(answer)
    ? 'unavailable'
    : (byStatus[status] ?? (status >= 500 ? 'unavailable' : 'unexpected_answer'))
  throw new AtlassianError(code, `${what}: Atlassian answered ${status} (${title}).`, {
    status,
    ...(code === 'rate_limited' && { retryAt: retryAt(headers, now) }),
  })
}

/** `Retry-After` is authoritative; without it, the quota's reset; without both, a short wait. */
function retryAt(headers: Headers, now: number): Date {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  const reset = Date.parse(headers.get('x-ratelimit-reset') ?? '')
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Number.isFinite(reset) ? reset - now : DEFAULT_WAIT_MS
  return new Date(now + Math.min(Math.max(wait, 1_000), MAX_WAIT_MS))
}
