import { isIP } from 'node:net'
import { isAllowedAddress, type Network } from './networks.ts'

/** Why a request is not even sent. */
type TargetProblem = 'url_invalid' | 'target_not_allowed'

const MAX_URL = 2_000

/**
 * Checks what can be checked of a webhook's URL without asking the network. A name is resolved and checked at each
 * request: what it leads to can change at any time.
 */
export function checkTarget(text: string, allowed: readonly Network[]): URL | TargetProblem {
  if (text.length > MAX_URL || !URL.canParse(text)) return 'url_invalid'
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'url_invalid'
  if (url.username || url.password) return 'url_invalid'
  // The parser has brought `0x7f.1` and the like into the usual form.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 || isAllowedAddress(host, allowed) ? url : 'target_not_allowed'
}

/** Where a redirect leads, checked in the same way; what was encrypted stays encrypted. */
export function redirectTarget(
  from: URL,
  location: string,
  allowed: readonly Network[],
): URL | TargetProblem | 'redirect_not_allowed' {
  const to = URL.canParse(location, from.href) ? checkTarget(new URL(location, from).href, allowed) : 'url_invalid'
  return to instanceof URL && from.protocol === 'https:' && to.protocol === 'http:' ? 'redirect_not_allowed' : to
}
