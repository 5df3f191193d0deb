/** Why an input cannot be a Confluence site. `host` is what was recognised in it, for the explanation. */
export type SiteProblem =
  | { kind: 'empty' }
  | { kind: 'email' }
  | { kind: 'malformed'; input: string }
  | { kind: 'foreign'; host: string }

/** The host name of a Confluence Cloud site, or why there is none. */
export type ParsedSite = { ok: true; host: string } | { ok: false; problem: SiteProblem }

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const bareName = new RegExp(`^${label}$`)

// `jira.com` hosts are real ones of Atlassian's first customers; `confluence.com` is how Carbon's users wrote a site.
const siteHost = new RegExp(`^(${label})\\.(atlassian\\.net|jira\\.com|confluence\\.com)$`)

const maxLength = 2048

const fail = (problem: SiteProblem): ParsedSite => ({ ok: false, problem })

function hostnameOf(input: string): string | undefined {
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(input) ? input : `https://${input}`).hostname.replace(/\.$/, '')
  } catch {
    return undefined
  }
}

/**
 * Reads a Confluence site from what a person types or pastes: `acme`, `ACME`, `acme.atlassian.net`, or any link into that
 * Confluence.
 */
export function parseSite(input: string): ParsedSite {
  const text = input.trim()
  if (text === '') return fail({ kind: 'empty' })
  if (/^[^\s@/:]+@[^\s@/]+$/.test(text)) return fail({ kind: 'email' })
  // Before anything reads it as a URL: there a name of digits is an address.
  if (bareName.test(text.toLowerCase())) return { ok: true, host: `${text.toLowerCase()}.atlassian.net` }
  const hostname = text.length <= maxLength ? hostnameOf(text) : undefined
  const host = hostname?.replace(/^www\./, '')
  if (!host) return fail({ kind: 'malformed', input: text.slice(0, 60) })
  if (bareName.test(host)) return { ok: true, host: `${host}.atlassian.net` }
  const [, name, domain] = siteHost.exec(host) ?? []
  if (name) return { ok: true, host: domain === 'jira.com' ? host : `${name}.atlassian.net` }
  return host.includes('.') && !/^[\d.]+$/.test(host)
    ? fail({ kind: 'foreign', host })
    : fail({ kind: 'malformed', input: text.slice(0, 60) })
}
