import { AtlassianError, type AtlassianErrorCode } from './errors.ts'

const TIMEOUT_MS = 60_000
/** 250 pages of storage format are a few megabytes; a response beyond this is refused rather than held in memory. */
export const MAX_BODY_BYTES = 40 * 1024 * 1024

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
  /** How large the body was. */
  bytes: number
}

/**
 * One request to Atlassian.
 *
 * @throws AtlassianError `unavailable` when no answer came, `too_large` when it is larger than is held
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
    const { text, bytes } = await readBounded(response)
    return { status: response.status, headers: response.headers, body: parse(text), bytes }
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

async function readBounded(response: Response): Promise<{ text: string; bytes: number }> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_BODY_BYTES)
      throw new AtlassianError(
        'too_large',
        `An answer of Atlassian's is larger than ${MAX_BODY_BYTES / 1024 / 1024} MB.`,
      )
    chunks.push(chunk)
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks, bytes)), bytes }
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
    ...((status === 429 || status === 503) && { retryAt: retryAt(headers, now) }),
    ...(status === 429 && { limit: isQuota(headers) ? 'app' : 'site' }),
  })
}

/** The reasons of the app's quota vary: `confluence-quota-global-based`, `conf-global-based`. A tenant's own is the site's. */
const isQuota = (headers: Headers) => /^(?!.*tenant).*(quota|global)/i.test(headers.get('ratelimit-reason') ?? '')

/** `Retry-After` is authoritative; without it, the quota's reset. */
function retryAt(headers: Headers, now: number): Date | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  const reset = Date.parse(headers.get('x-ratelimit-reset') ?? '')
  const at = Number.isFinite(seconds) ? now + seconds * 1000 : reset
  return Number.isFinite(at) ? new Date(Math.max(at, now + 1_000)) : undefined
}

/** What an answer says of the app's hourly points. */
export interface QuotaState {
  limit: number
  used: number
  /** When the hour ends. */
  resetAt: Date
}

/** Undefined where the headers say nothing, or speak of a limit that is not enforced yet. */
export function quotaState(headers: Headers): QuotaState | undefined {
  const number = (name: string) => Number.parseInt(headers.get(name) ?? '', 10)
  const limit = number('x-ratelimit-limit')
  const remaining = number('x-ratelimit-remaining')
  const resetAt = new Date(headers.get('x-ratelimit-reset') ?? '')
  return limit > 0 && remaining >= 0 && !Number.isNaN(resetAt.getTime())
    ? { limit, used: Math.max(0, limit - remaining), resetAt }
    : undefined
}

/** Atlassian's time when it answered, to the second. Undefined where a proxy has taken the header away. */
export function answeredAt(headers: Headers): Date | undefined {
  const at = new Date(headers.get('date') ?? '')
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** Less than a fifth of the points is left. */
export const isNearLimit = (headers: Headers) => headers.get('x-ratelimit-nearlimit')?.toLowerCase() === 'true'
