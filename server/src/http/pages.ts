import { html, raw } from 'hono/html'
import { headersFor, layout } from './page-layout.ts'

// The pages of a sign-in: small, without any request beyond the page itself.

/** The popup's half of the handshake: repeat "ready" until the app hands over the secret, then go to Atlassian. */
const popupScript = `
const say = (title, text) => { document.querySelector('h1').textContent = title; document.querySelector('p').textContent = text }
const opener = window.opener
if (!opener) say('Open this from your app', 'This window completes a sign-in that was started in another page. Go back there and start again.')
else {
  const ready = setInterval(() => opener.postMessage({ type: 'cc:ready' }, '*'), 250)
  const giveUp = setTimeout(() => { clearInterval(ready); say('The app does not answer', 'Close this window and start again.') }, 60000)
  opener.postMessage({ type: 'cc:ready' }, '*')
  let started = false
  addEventListener('message', async (event) => {
    if (event.source !== opener || event.data?.type !== 'cc:start' || started) return
    started = true
    clearInterval(ready)
    clearTimeout(giveUp)
    let answer
    try {
      const response = await fetch('/oauth/begin', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ secret: event.data.secret, origin: event.origin }) })
      answer = await response.json()
    } catch { answer = { error: { code: 'network', message: 'The server does not answer. Close this window and try again.' } } }
    if (answer.error) {
      opener.postMessage({ type: 'cc:failed', code: answer.error.code }, event.origin)
      return say('The sign-in could not start', answer.error.message)
    }
    opener.postMessage({ type: 'cc:started' }, event.origin)
    location.replace(answer.url)
  })
}
`

/** After the callback: a hint to the page that opened this window, which asks the server itself; then close. */
const doneScript = `
const origin = document.documentElement.dataset.origin
if (origin) window.opener?.postMessage({ type: 'cc:done' }, origin)
if (document.documentElement.dataset.close) setTimeout(() => window.close(), 100)
`

/** Headers of every page here. */
export const pageHeaders = headersFor([popupScript, doneScript])

export const popupPage = () =>
  layout(
    'Connecting to Atlassian',
    html`<div class="mark wait" aria-hidden="true"></div><h1>Connecting to Atlassian</h1><p role="status">One moment.</p>`,
    { script: popupScript },
  )

export const authorizedPage = (origin: string | null) =>
  layout(
    'Signed in',
    html`<div class="mark good" aria-hidden="true">✓</div><h1>You are signed in</h1><p>The app goes on by itself. You can close this window.</p>`,
    { script: doneScript, data: { origin: origin ?? '', close: 'yes' } },
  )

export const failedPage = ({
  text,
  code,
  flowId,
  origin,
}: {
  text: string
  code: string
  flowId: string | undefined
  origin: string | null
}) =>
  layout(
    'Not connected',
    html`<div class="mark bad" aria-hidden="true">!</div><h1>Confluence was not connected</h1><p>${text}</p><p>You can close this window.</p><small>${code}${flowId ? ` · ${flowId}` : ''}</small>`,
    // Failures stay open, to be read; the app is told all the same.
    { script: doneScript, data: { origin: origin ?? '', close: code === 'access_denied' && origin ? 'yes' : '' } },
  )

export interface Recipient {
  organization: string
  customerId: string
  site: string
}

const recipientList = ({ organization, customerId, site }: Recipient) =>
  html`<dl><dt>Receives access</dt><dd>${organization}</dd><dt>For the customer</dt><dd>${customerId}</dd><dt>Asked for</dt><dd>${site}</dd></dl>`

export const askPage = (recipient: Recipient, ticket: string) =>
  layout(
    'Connect Confluence?',
    html`<h1>Let ${recipient.organization} read your Confluence?</h1>
<p>It will be able to read the pages and spaces that you can see. It can never change them.</p>
${recipientList(recipient)}
<form method="post" action="/oauth/approve"><input type="hidden" name="ticket" value="${ticket}"><button>Connect</button><button formaction="/oauth/decline">Do not connect</button></form>
<small>Someone sent you here? Connect only if you know this customer to be you.</small>`,
  )

export const choosePage = (
  recipient: Recipient,
  ticket: string,
  sites: { cloudId: string; name: string; host: string }[],
) => {
  const asked = sites.findIndex(({ host }) => host === recipient.site)
  return layout(
    'Choose a site',
    html`<h1>Which site should be connected?</h1><p>${
      asked === -1
        ? html`You asked for <b>${recipient.site}</b>, but gave access to ${sites.length === 1 ? 'another site' : 'other sites'}.`
        : html`You asked for <b>${recipient.site}</b>, and gave access to several sites.`
    }</p>
<form method="post" action="/oauth/choose"><input type="hidden" name="ticket" value="${ticket}">
<fieldset><legend>Site</legend>${sites.map((site, index) => html`<label><input type="radio" name="cloudId" value="${site.cloudId}" ${index === Math.max(asked, 0) ? raw('checked') : ''}><span>${site.name} · ${site.host}</span></label>`)}</fieldset>
<button>Connect</button><button formaction="/oauth/decline">Do not connect</button></form>`,
  )
}

/** @param all whether every page is being synced, or they are still to be picked */
export const connectedPage = (organization: string, host: string, all: boolean) =>
  layout(
    'Connected',
    html`<div class="mark good" aria-hidden="true">✓</div><h1>Confluence is connected</h1><p>${all ? html`All pages of <b>${host}</b> are being synced to ${organization}.` : html`Choose in ${organization} what to sync from <b>${host}</b>.`} You can close this window.</p>`,
  )

export const declinedPage = () =>
  layout(
    'Not connected',
    html`<div class="mark wait" aria-hidden="true"></div><h1>Nothing was connected</h1><p>You can close this window.</p>`,
  )
