import type { ErrorCode } from './contract.ts'
import type { Message } from './messages.ts'

/** A title and what is said below it. */
export interface Announcement {
  title: Message
  text: Message
}

/** What an error says to the person, and the label of its main button where the general one does not fit. */
export interface ErrorMessage extends Announcement {
  action?: Message
}

/** English: the texts of the views, loaded with them. */
export const viewMessages = {
  cancel: 'Cancel',
  done: 'Done',
  terms: 'Terms',
  privacy: 'Privacy',
  and: '·',
  integration: 'Confluence',
  unreachable: 'No answer from {org} right now. Trying again by itself.',
  integrations: { title: 'What should be connected to {org}?', text: 'Choose where your content is.' },
  enter: {
    text: 'Your Confluence pages become available in {org}.',
    label: 'Your Confluence site',
    hint: 'Or paste any link from your Confluence.',
    submit: 'Continue to Atlassian',
    note: '{org} can read the pages and spaces that you can see. It can never change them.',
  },
  problems: {
    empty: 'Enter the name of your Confluence site, such as {example}.',
    email: 'That is an e-mail address. A Confluence site looks like {example}.',
    malformed: '“{input}” cannot be a site. A Confluence site looks like {example}.',
    foreign: 'That is a link to {host}. A Confluence site looks like {example}.',
  },
  resuming: { title: 'Picking up where you left off', text: 'One moment.' },
  waiting: {
    title: 'Finish signing in with Atlassian',
    opening: 'The sign-in window for {site} is opening.',
    text: 'A sign-in window is open for {site}. This page goes on by itself when you are done.',
    unattended: 'Finish in the other window; this page goes on by itself. Closed it?',
    focus: 'Bring the window back',
    reopen: 'Open it again',
  },
  blocked: {
    title: 'Your browser held back the sign-in window',
    text: 'Open it yourself; it is one click.',
    open: 'Open sign-in window',
    here: 'Continue in this tab',
  },
  choosing: {
    title: 'Which site should be connected?',
    titleOne: 'Connect {site} to {org}?',
    several: 'All pages of the one you choose will sync.',
    missing: 'You gave access to other sites, but not to {site}.',
    otherSite: 'You asked for {requested}, but gave access to {site}.',
    confirm: 'All of its pages will sync to {org}.',
    sites: 'Sites',
    submit: 'Connect {name}',
    busy: 'Connecting {name}',
  },
  connection: {
    account: 'Connected account',
    syncing: { title: 'Confluence is connected', text: 'All pages are syncing to {org}.' },
    queued: 'Waiting to start',
    spaces: 'Looking for spaces',
    counting: { one: '{count} page so far', other: '{count} pages so far' },
    counted: { one: '{synced} of about {count} page', other: '{synced} of about {count} pages' },
    rateLimited: 'Atlassian asked to wait until {time}',
    left: {
      soon: 'less than a minute left',
      about: 'about {time} left',
    },
    failedPages: {
      one: '{count} page could not be converted.',
      other: '{count} pages could not be converted.',
    },
    progress: 'Sync progress',
    percent: 'About {count} percent of the pages have arrived.',
    closable: 'You can close this; syncing goes on.',
    notYou: 'Not you? Disconnect',
    disconnect: 'Disconnect',
    keep: 'Keep',
    disconnectQuestion: 'End access to {site}?',
    synced: {
      title: { one: '{count} page is in {org}', other: '{count} pages are in {org}' },
      text: 'Every page that {name} can see on {site} has arrived.',
      emptyTitle: 'Confluence is connected',
      emptyText: 'There are no pages on {site} that {name} can see.',
      idleText: '{org} can read the pages that {name} can see on {site}.',
    },
    another: 'Connect another site',
    pages: 'Look at the pages',
    pick: 'Choose pages',
    stopped: {
      kept: { one: '{count} page is in {org} and stays there.', other: '{count} pages are in {org} and stay there.' },
    },
    disconnected: {
      title: 'Confluence is disconnected',
      text: '{org} can no longer read {site}.',
      again: 'Connect a site',
    },
  },
  errorActions: { signIn: 'Try again', edit: 'Enter another site', close: 'Close' },
  errors: {
    access_denied: {
      title: 'Access was not given',
      text: 'On Atlassian’s page, choose Accept to let {org} read your pages.',
    },
    admin_approval_required: {
      title: 'A site admin must approve this first',
      text: 'Ask a Confluence admin of {site} to approve {org}, or to connect it. Then try again.',
    },
    browser_mismatch: {
      title: 'The sign-in ended in another browser',
      text: 'It has to end where it began, to keep your pages safe. Start again here.',
    },
    flow_cancelled: { title: 'The sign-in was cancelled', text: 'Nothing was connected.' },
    flow_expired: {
      title: 'The sign-in took too long',
      text: 'It has to be finished within 15 minutes. Nothing was connected.',
      action: 'Start again',
    },
    flow_superseded: {
      title: 'A newer sign-in took over',
      text: 'Go on in the newest window, or start again here.',
      action: 'Start again',
    },
    network: {
      title: '{org} cannot be reached',
      text: 'Check your internet connection. If that is fine, try again later.',
    },
    no_confluence_access: {
      title: 'This account has no Confluence',
      text: 'Sign in with the Atlassian account that you use on {site}.',
      action: 'Sign in with another account',
    },
    origin_not_allowed: {
      title: 'This page is not allowed to connect Confluence',
      text: 'The people who run {org} have to allow its address first.',
    },
    popup_blocked: {
      title: 'Your browser held back the sign-in window',
      text: 'Allow windows for this page, then try again.',
    },
    popup_closed: {
      title: 'The sign-in window was closed',
      text: 'Nothing was connected.',
      action: 'Open it again',
    },
    popup_no_opener: {
      title: 'The sign-in window lost touch with this page',
      text: 'Close it and open it again from here.',
      action: 'Open it again',
    },
    provider_unavailable: {
      title: 'Atlassian does not answer',
      text: 'It is usually back within minutes.',
    },
    rate_limited: { title: 'Atlassian is busy', text: 'It asked to wait a little.' },
    reconnect_needed: {
      title: 'Atlassian ended the access to {site}',
      text: 'Sign in again so that new pages keep coming.',
      action: 'Reconnect',
    },
    scope_missing: {
      title: 'A permission is missing',
      text: 'Sign in again and leave all permissions on.',
      action: 'Sign in again',
    },
    session_expired: {
      title: 'Your session in {org} has ended',
      text: 'Sign in to {org} again, then go on here.',
    },
    session_invalid: {
      title: '{org} did not recognise you',
      text: 'Sign in to {org} again, then go on here.',
    },
    site_mismatch: {
      title: 'You gave access to another site',
      text: 'On Atlassian’s page, choose {site}, or enter the site that you want here.',
    },
    site_not_found: {
      title: 'There is no Confluence at {site}',
      text: 'Check the spelling, or paste a link from your Confluence.',
    },
    state_invalid: {
      title: 'The sign-in could not be verified',
      text: 'It was opened twice, or from an old link. Start again here.',
      action: 'Start again',
    },
    sync_failed: {
      title: 'The sync stopped',
      text: 'What has arrived from {site} stays. Sync again to get the rest.',
      action: 'Sync again',
    },
    token_exchange_failed: {
      title: 'Atlassian did not complete the sign-in',
      text: 'It refused the last step. Nothing was connected.',
    },
    unknown: {
      title: 'Something unexpected happened',
      text: 'If it happens again, tell the people at {org} the line below.',
    },
  } satisfies Record<ErrorCode, ErrorMessage> as Record<ErrorCode, ErrorMessage>,
}
