import { AtlassianError } from '../confluence/errors.ts'
import { GrantRejectedError } from './atlassian.ts'

/** What a flow's error code means, in words for developers and for the pages that the server itself shows. */
export const flowErrors = {
  access_denied: 'Access was not allowed at Atlassian.',
  browser_mismatch: 'The sign-in was finished in another browser than it was started in. Start again in one browser.',
  flow_cancelled: 'The sign-in was cancelled.',
  flow_expired: 'The sign-in took too long. Start again.',
  flow_superseded: 'A newer sign-in has replaced this one.',
  no_confluence_access:
    'This Atlassian account has no Confluence site that the app may read. Ask a Confluence admin for access.',
  origin_not_allowed: 'The page that opened the sign-in is not allowed to: add its origin to ALLOWED_ORIGINS.',
  provider_unavailable: 'Atlassian did not answer as it should. Try again in a minute.',
  rate_limited: 'Atlassian asks to wait. Try again in a minute.',
  scope_missing:
    'The OAuth app lacks a permission: add read:page:confluence and read:space:confluence in the developer console.',
  session_invalid: 'The sign-in does not belong to this session.',
  state_invalid: 'This sign-in link is unknown or was used before. Start again.',
  token_exchange_failed:
    'Atlassian did not accept the sign-in code. Start again; if it stays so, check ATLASSIAN_CLIENT_SECRET.',
  unknown: 'Atlassian reported an error. Start again.',
} as const

export type FlowErrorCode = keyof typeof flowErrors

/** What an error while talking to Atlassian means for a flow. */
export function flowErrorOf(error: unknown): FlowErrorCode {
  if (error instanceof GrantRejectedError) return 'token_exchange_failed'
  if (!(error instanceof AtlassianError)) return 'unknown'
  const codes: Partial<Record<AtlassianError['code'], FlowErrorCode>> = {
    scope_missing: 'scope_missing',
    forbidden: 'no_confluence_access',
    rate_limited: 'rate_limited',
    unavailable: 'provider_unavailable',
    unexpected_answer: 'provider_unavailable',
  }
  return codes[error.code] ?? 'token_exchange_failed'
}
