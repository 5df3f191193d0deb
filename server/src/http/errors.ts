import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ZodError } from 'zod'

/** An answer other than success. `detail` is fixed text: Carbon's component writes it into a window as HTML. */
export class HttpError extends Error {
  override name = 'HttpError' as const
  readonly status: ContentfulStatusCode
  readonly code: string
  /** Seconds after which it may work. */
  readonly retryAfter: number | undefined

  constructor(status: ContentfulStatusCode, code: string, detail: string, retryAfter?: number) {
    super(detail)
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

/** Our own API, whose errors have a code; everything else speaks FastAPI's shapes, as Carbon did. */
const isOurs = (c: Context) => c.req.path.startsWith('/v1/') || c.req.path.startsWith('/oauth/')

export function errorAnswer(c: Context, error: HttpError): Response {
  if (error.retryAfter !== undefined) c.header('retry-after', String(error.retryAfter))
  return isOurs(c)
    ? c.json({ error: { code: error.code, message: error.message } }, error.status)
    : c.json({ detail: error.message }, error.status)
}

/** A body or query that does not fit: FastAPI's 422, or our own. */
export function validationAnswer(c: Context, error: ZodError, where: string): Response {
  if (isOurs(c)) {
    const fields = error.issues.map((issue) => issue.path.join('.') || 'body').join(', ')
    return c.json(
      { error: { code: 'unknown', message: `The request does not fit: check ${fields}. /openapi.json describes it.` } },
      422,
    )
  }
  const detail = error.issues.map((issue) => ({
    loc: [where, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))],
    msg: issue.message,
    type: `value_error.${issue.code}`,
  }))
  return c.json({ detail }, 422)
}

/** A body that is none: the same shapes. */
export function bodyAnswer(c: Context, message: string): Response {
  return isOurs(c)
    ? c.json({ error: { code: 'unknown', message } }, 422)
    : c.json({ detail: [{ loc: ['body'], msg: message, type: 'value_error.body' }] }, 422)
}
