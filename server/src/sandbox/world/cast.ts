import { stableUuid } from '../random.ts'

/** A Confluence Cloud site as the sandbox knows it. */
export interface SiteProfile {
  /** The subdomain: `acme` of `acme.atlassian.net`. */
  key: string
  name: string
  cloudId: string
  /** `https://acme.atlassian.net`, without a slash at the end. */
  url: string
}

/** A person who can sign in. */
export interface Account {
  /** A short name for the admin API. */
  key: string
  /** Atlassian account id. */
  id: string
  name: string
  email: string
  /** The keys of the sites that the person belongs to. */
  sites: readonly string[]
  /**
   * Atlassian's two access types: `resource`, a token reaches the one site picked at consent; `account`, all sites granted so far,
   * later ones included.
   */
  grant: 'resource' | 'account'
  /** False: the site knows the person, its Confluence does not. */
  confluence: boolean
  /** False: the site's admin has not approved the app, so consent is impossible. */
  approved: boolean
  /** True: accessible-resources names a site a second time, for its Jira. */
  jira: boolean
  /** What signing in with this account shows, for the people who test with it. */
  shows: string
}

const siteNames = [
  ['acme', 'Acme'],
  ['globex', 'Globex Corporation'],
  ['initech', 'Initech'],
] as const

/** The sites of the sandbox; `acme` comes first. */
export const sitesOf = (seed: number): SiteProfile[] =>
  siteNames.map(([key, name]) => ({
    key,
    name,
    cloudId: stableUuid('cloud', key, seed),
    url: `https://${key}.atlassian.net`,
  }))

const everyday = { grant: 'resource', confluence: true, approved: true, jira: false } as const

/** The accounts of the sandbox; the first one is filled in on the sign-in page. */
export const accountsOf = (seed: number): Account[] =>
  [
    {
      ...everyday,
      key: 'jane',
      name: 'Jane Doe',
      sites: ['acme', 'globex'],
      shows: 'The usual case: access to acme and globex, and consent covers the one site that she picks.',
    },
    {
      ...everyday,
      key: 'sam',
      name: 'Sam Rivera',
      sites: ['acme', 'globex', 'initech'],
      grant: 'account' as const,
      jira: true,
      shows:
        'Several sites at once: all three are granted already, so the app is given all of them and has to ask which one.',
    },
    {
      ...everyday,
      key: 'lee',
      name: 'Lee Wong',
      sites: ['acme'],
      confluence: false,
      shows: 'No Confluence: the consent works and the site is listed, but Confluence refuses every request.',
    },
    {
      ...everyday,
      key: 'noor',
      name: 'Noor Haddad',
      sites: ['acme'],
      approved: false,
      shows: 'Not approved: an admin has to allow the app first. The consent screen says so and never returns.',
    },
  ].map((account) => ({
    ...account,
    id: `712020:${stableUuid('account', account.key, seed)}`,
    email: `${account.key}@acme.example`,
  }))
