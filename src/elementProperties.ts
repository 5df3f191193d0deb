import type { ConfluenceConnectProps } from './ConfluenceConnect.tsx'
import type { OnErrorData, OnSuccessData } from './callbacks.ts'
import type { ConnectEvent } from './connectEvents.ts'
import type { IgnoredOptions } from './options.ts'

/** Props that an element has no use for, or other means. */
type NotProperties = 'children' | 'open' | 'setOpen' | 'orgName' | 'brandIcon' | 'confluenceIcon'

/**
 * Properties of `<confluence-connect>`: the props of `ConfluenceConnect`, with the same names, types and meanings. Those with simple
 * values are attributes as well (`apiURL` is `api-url`); the property wins.
 */
export interface ElementProperties extends Omit<ConfluenceConnectProps, NotProperties> {
  /** The name of your product or organisation, as your customers know it. @default the page's host name */
  orgName?: string
  /** The URL of your logo. By default the first letter of `orgName`. */
  brandIcon?: string
  /** The URL of what replaces the mark of Confluence. */
  confluenceIcon?: string
  /**
   * A route of your backend in place of `tokenFetcher`: it gets a POST with the page's cookies, and answers `{ "access_token": … }`
   * (see `createTokenHandler`).
   */
  tokenURL?: string
  /** BCP 47: plurals, numbers, dates and the direction. `localization` has the texts, and wins. */
  locale?: string
  /** There is no button to open it: `show()` does. @default false */
  noTrigger?: boolean
}

/** What `<confluence-connect>` tells, by the names of its events: `detail` is what the callback of that name would get. */
export interface ElementEvents {
  /** A sign-in began, an account is connected, all of its pages have arrived, or a sign-in was cancelled. */
  'cc-success': CustomEvent<OnSuccessData>
  /** A sign-in or a sync has failed. `detail.data[0].code` is stable. */
  'cc-error': CustomEvent<OnErrorData>
  /** Each step a person takes, for your analytics. */
  'cc-event': CustomEvent<ConnectEvent>
  /** It was opened or closed, by whomever. */
  'cc-openchange': CustomEvent<{ open: boolean }>
}

/**
 * How each property is read from its attribute: `text` as it is, `flag` by being there, `none` not at all. The compiler sees that
 * none is missing. Options that change nothing need no place here.
 */
const kinds: {
  [Name in Exclude<keyof ElementProperties, keyof IgnoredOptions | 'zIndex'>]-?: 'text' | 'flag' | 'none'
} = {
  orgName: 'text',
  brandIcon: 'text',
  confluenceIcon: 'text',
  apiURL: 'text',
  tokenURL: 'text',
  environment: 'text',
  entryPoint: 'text',
  mode: 'text',
  theme: 'text',
  locale: 'text',
  tosURL: 'text',
  privacyPolicyURL: 'text',
  navigateBackURL: 'text',
  openFilesTabTo: 'text',
  signInMode: 'text',
  requireConfirmation: 'flag',
  incrementalSync: 'flag',
  useRequestIds: 'flag',
  alwaysOpen: 'flag',
  noTrigger: 'flag',
  tokenFetcher: 'none',
  backend: 'none',
  enabledIntegrations: 'none',
  tags: 'none',
  dataSourceTags: 'none',
  dataSourceTagsFilterQuery: 'none',
  dataSourcePollingInterval: 'none',
  fileSyncConfig: 'none',
  showFilesTab: 'none',
  filesTabColumns: 'none',
  sendDeletionWebhooks: 'none',
  appearance: 'none',
  localization: 'none',
  primaryBackgroundColor: 'none',
  primaryTextColor: 'none',
  secondaryBackgroundColor: 'none',
  secondaryTextColor: 'none',
  loadingIconColor: 'none',
  onSuccess: 'none',
  onError: 'none',
  onEvent: 'none',
  openUrl: 'none',
}

/** `privacyPolicyURL` is `privacy-policy-url`. */
const attributeOf = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()

const attributes = Object.entries(kinds).map(([name, kind]) => ({ name, kind, attribute: attributeOf(name) }))

/** The names of all properties. */
export const propertyNames = Object.keys(kinds)

/** The names of all attributes but `open`. */
export const attributeNames = attributes.filter(({ kind }) => kind !== 'none').map(({ attribute }) => attribute)

/** The properties that attributes say. Frameworks write flags that are off as `"false"`. */
export function readAttributes(element: Element): ElementProperties {
  const said = attributes.flatMap(({ name, kind, attribute }) => {
    const value = kind === 'none' ? null : element.getAttribute(attribute)
    return value === null ? [] : [[name, kind === 'flag' ? value !== 'false' : value]]
  })
  return Object.fromEntries(said)
}
