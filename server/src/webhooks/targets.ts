import { isIP } from 'node:net'
import { isAllowedAddress, type Network } from './networks.ts'

/** Why a request is not even sent. */
export type TargetProblem = 'url_invalid' | 'target_not_allowed'

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
