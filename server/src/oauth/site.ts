/**
 * The host name of a Confluence site, from what clients send: `acme`, `acme.atlassian.net`, a pasted link, any case, and
 * Carbon's old `acme.confluence.com`.
 *
 * @returns undefined when it cannot be a host name
 */
export function siteHost(input: string): string | undefined {
  const host = input
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/^www\./, '')
    .replace(/\.confluence\.com$/, '')
  const full = host.includes('.') ? host : `${host}.atlassian.net`
  return /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(full) ? full : undefined
}
