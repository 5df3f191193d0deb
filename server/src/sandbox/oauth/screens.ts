import { html } from 'hono/html'
import { screen } from '../screens.ts'
import type { Account, SiteProfile } from '../world/cast.ts'
import { type AuthorizationError, type AuthorizationRequest, client, scopeTexts } from './authorization.ts'

/** The sign-in page: every account with what it shows, the first one filled in. */
export const signInScreen = (accounts: readonly Account[], query: string) =>
  screen(
    'Log in',
    html`<div class="card">
<h1>Log in to continue</h1>
<p class="soft">${client.name} wants to connect to your Confluence.</p>
<form method="post" action="/login">
<input type="hidden" name="request" value="${query}">
<fieldset><legend>Account</legend>
${accounts.map(
  (
    account,
    index,
  ) => html`<label class="choice"><input type="radio" name="account" value="${account.key}" required${index === 0 ? html` checked` : ''}>
<span><b>${account.name}</b> <span class="soft small">${account.email}</span><br><span class="small">${account.shows}</span></span></label>`,
)}
</fieldset>
<button class="primary full" type="submit">Log in</button>
</form></div>`,
  )

const signedInAs = (account: Account) =>
  html`<p class="soft">Signed in as <strong>${account.name}</strong> (${account.email})</p>`

const scopeList = ({ scopes }: AuthorizationRequest) => html`<h2>It will be able to</h2>
<ul class="plain">${scopes.map((scope) => html`<li>${scopeTexts[scope]} <code class="soft">${scope}</code></li>`)}</ul>`

/** The consent screen with the choice of one site. */
export const consentScreen = (
  account: Account,
  sites: readonly SiteProfile[],
  request: AuthorizationRequest,
  query: string,
) =>
  screen(
    'Consent',
    html`<div class="card">
<h1>${client.name} is requesting access to your Atlassian account</h1>
${signedInAs(account)}
${scopeList(request)}
<form method="post" action="/oauth2/authorize/server/consent">
<input type="hidden" name="request" value="${query}">
<input type="hidden" name="account" value="${account.key}">
<label class="field">Site
<select name="site" required>${sites.map((site) => html`<option value="${site.key}">${new URL(site.url).host}</option>`)}</select></label>
${account.grant === 'account' ? html`<p class="small">All of these sites are granted already. The app gets access to every one of them.</p>` : ''}
<p class="soft small">This app has not yet been reviewed by Atlassian. You can revoke its access at any time.</p>
<div class="actions"><button type="submit" name="decision" value="deny" formnovalidate>Deny</button><button class="primary" type="submit" name="decision" value="accept">Accept</button></div>
</form></div>`,
  )

/** What a person sees whose admin has not approved the app: a dead end, as with Atlassian. */
export const unapprovedScreen = (account: Account, site: SiteProfile) =>
  screen(
    'Admin approval needed',
    html`<div class="card">
<h1>${client.name} cannot be connected yet</h1>
${signedInAs(account)}
<p class="alert" role="alert">Your site admin must authorize this app for the site "${new URL(site.url).host}" before the app can access your account.</p>
<p class="soft small">From here the browser never returns to the app. You can close this window.</p></div>`,
  )

/** Atlassian's error page: the app never hears of it. */
export const errorScreen = ({ error, description, hint }: AuthorizationError) =>
  screen(
    'Something went wrong',
    html`<div class="card">
<h1>Something went wrong</h1>
<p class="alert" role="alert">${description}</p>
<dl><dt>Error</dt><dd><code>${error}</code></dd><dt>What to do</dt><dd>${hint}</dd></dl></div>`,
  )
