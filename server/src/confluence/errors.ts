/** What to do about a failed request to Atlassian, one value per reaction. */
export type AtlassianErrorCode =
  /** The token is expired, revoked or unknown: refresh it once. */
  | 'unauthorized'
  /** The token lacks a scope: only a new sign-in helps. */
  | 'scope_missing'
  /** The app is not installed, or the person has no access to Confluence. */
  | 'forbidden'
  | 'not_found'
  /** A parameter was refused, an expired cursor among them. */
  | 'bad_request'
  /** Wait; `retryAt` tells until when. */
  | 'rate_limited'
  /** Network, time-out or 5xx: try again later. */
  | 'unavailable'
  /** The answer is not what Atlassian documents. */
  | 'unexpected_answer'

export class AtlassianError extends Error {
  override name = 'AtlassianError' as const
  readonly code: AtlassianErrorCode
  readonly status: number | undefined
  /** For `rate_limited`: when to try again. */
  readonly retryAt: Date | undefined

  constructor(
    code: AtlassianErrorCode,
    message: string,
    details: { status?: number; retryAt?: Date; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause })
    this.code = code
    this.status = details.status
    this.retryAt = details.retryAt
  }
}
