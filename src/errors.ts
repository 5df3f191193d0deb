import type { ErrorCode, WireError } from './contract.ts'

/**
 * What leads on from an error.
 *
 * - `signIn`: start the sign-in for the same site again
 * - `edit`: enter another site
 * - `close`: nothing that this person can do here
 */
export type ErrorAction = 'signIn' | 'edit' | 'close'

/** What is known about a kind of error besides its words, which are in {@link messages}. */
export interface ErrorTraits {
  /** The same attempt may succeed later, with nothing changed in the configuration. */
  retryable: boolean
  /** The main way on. */
  action: ErrorAction
  /** Another site may work where this one did not. */
  otherSite?: boolean
  /** The call may be repeated quietly: nobody has to do anything. */
  transient?: boolean
}

const again: ErrorTraits = { retryable: true, action: 'signIn' }
const here: ErrorTraits = { ...again, otherSite: true }
const elsewhere: ErrorTraits = { ...again, action: 'edit' }
const passing: ErrorTraits = { ...again, transient: true }

/** Every kind of error. Its texts are `messages.errors[code]`. */
export const errorTable: Record<ErrorCode, ErrorTraits> = {
  access_denied: here,
  admin_approval_required: here,
  browser_mismatch: again,
  flow_cancelled: again,
  flow_expired: again,
  flow_superseded: again,
  network: passing,
  no_confluence_access: here,
  origin_not_allowed: { retryable: false, action: 'close' },
  popup_blocked: again,
  popup_closed: again,
  popup_no_opener: again,
  provider_unavailable: passing,
  rate_limited: passing,
  reconnect_needed: again,
  scope_missing: again,
  session_expired: again,
  session_invalid: again,
  site_mismatch: elsewhere,
  site_not_found: elsewhere,
  state_invalid: again,
  sync_failed: again,
  token_exchange_failed: again,
  unknown: again,
}

/** Whether a value that came from outside is a code of this version. */
export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorTable, value)

/** Why connecting did not succeed. `code` is stable; `message` is for developers and is never shown to customers. */
export class ConnectError extends Error {
  override name = 'ConnectError' as const
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }

  /** The same attempt may succeed later. */
  get retryable(): boolean {
    return errorTable[this.code].retryable
  }
}

/** An error that the server reports. A code that this version does not know yet is `unknown`. */
export const fromWire = (error: WireError | null, fallback: WireError): ConnectError => {
  const { code, message } = error ?? fallback
  return new ConnectError(isErrorCode(code) ? code : 'unknown', message)
}

/** Told by its looks: the custom element has a class of its own, and a host's backend may come from elsewhere. */
const isConnectError = (error: unknown): error is ConnectError =>
  error instanceof Error && error.name === 'ConnectError' && 'code' in error && isErrorCode(error.code)

/** Any thrown value as a {@link ConnectError}: what a backend throws without a code is `unknown`. */
export const toConnectError = (error: unknown): ConnectError =>
  isConnectError(error)
    ? error
    : new ConnectError('unknown', error instanceof Error ? error.message : 'The backend failed without an Error.', {
        cause: error,
      })

/** Whether the call that threw this may be repeated quietly. */
export const isTransient = (error: unknown): boolean =>
  isConnectError(error) && errorTable[error.code].transient === true
