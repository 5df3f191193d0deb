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
  /** The tokens could not be refreshed at present: try again later. */
  | 'not_refreshed'
  /** The answer is larger than is held in memory: ask for less. */
  | 'too_large'
  /** As many requests as the site bears are under way: come again soon. Nothing was sent. */
  | 'busy'
  /** The site has failed so often that it is left alone for a while: try again later. Nothing was sent. */
  | 'paused'
  /** The answer is not what Atlassian documents. */
  | 'unexpected_answer'

/** The hourly quota of the app, over all its sites; or what one site bears. */
export type RateLimit = 'app' | 'site'

export class AtlassianError extends Error {
  override name = 'AtlassianError' as const
  readonly code: AtlassianErrorCode
  readonly status: number | undefined
  /** When to try again, where Atlassian says so. */
  readonly retryAt: Date | undefined
  /** For `rate_limited`: whose patience is at an end. A site's own passes soon. */
  readonly limit: RateLimit | undefined

  constructor(
    code: AtlassianErrorCode,
    message: string,
    details: {
      status?: number | undefined
      retryAt?: Date | undefined
      limit?: RateLimit | undefined
      cause?: unknown
    } = {},
  ) {
    super(message, { cause: details.cause })
    this.code = code
    this.status = details.status
    this.retryAt = details.retryAt
    this.limit = details.limit
  }
}
