/** Why an attempt did not succeed; `status_404` and the like for the receiver's own answer. */
export type FailureCode =
  | 'url_invalid'
  | 'target_not_allowed'
  | 'name_not_found'
  | 'connection_failed'
  | 'tls_failed'
  | 'timeout'
  | 'too_many_redirects'
  | 'redirect_not_allowed'
  | 'key_unreadable'
  | 'no_success'
  | 'too_many_waiting'
  | `status_${number}`

const messages: Record<Exclude<FailureCode, `status_${number}`>, string> = {
  url_invalid: 'The URL, or the one that it redirects to, is not an http or https URL without a user name.',
  target_not_allowed:
    'The address is not on the public internet. An operator can allow its network with WEBHOOK_ALLOWED_NETWORKS.',
  name_not_found: 'The host name does not resolve.',
  connection_failed: 'The connection could not be made, or broke before the answer.',
  tls_failed: 'The certificate is not valid for this host, or TLS failed in another way.',
  timeout: 'There was no answer in time.',
  too_many_redirects: 'There were more than three redirects.',
  redirect_not_allowed: 'A redirect from https to http is not followed. Register the new URL.',
  key_unreadable: 'The signing key cannot be decrypted: ENCRYPTION_KEYS no longer holds the key it was sealed with.',
  no_success: 'The webhook took nothing for over a day.',
  too_many_waiting: 'More events waited for the webhook than are kept, and this was one of the oldest.',
}

/** What a failure means, for people. Never anything that the receiver wrote. */
export function failureMessage(code: string): string {
  const status = /^status_(\d+)$/.exec(code)?.[1]
  if (!status) return messages[code as keyof typeof messages] ?? 'The attempt failed.'
  if (status.startsWith('3'))
    return `The URL answered with the redirect ${status}, which is not followed. Register the URL that it leads to.`
  return `The URL answered with ${status}; only 200 to 299 count as received.`
}

/** Names and addresses that do not resolve, as `dns.lookup` reports them. */
const dnsErrors = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA'])
const certificateErrors =
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/

/** What an error of Node's connection means. */
export function connectionFailure(error: unknown): FailureCode {
  const { code = '' } = error as { code?: string }
  if (code === TARGET_NOT_ALLOWED) return 'target_not_allowed'
  if (dnsErrors.has(code)) return 'name_not_found'
  if (certificateErrors.test(code) || code === 'EPROTO') return 'tls_failed'
  return 'connection_failed'
}

/** The code of the error with which a lookup refuses what a name resolves to. */
export const TARGET_NOT_ALLOWED = 'ERR_TARGET_NOT_ALLOWED'
