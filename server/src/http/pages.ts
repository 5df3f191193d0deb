import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

// The pages that a person sees on this server: small, without any request beyond the page itself.

type Html = HtmlEscapedString | Promise<HtmlEscapedString>

const style = `
:root { color-scheme: light dark; --ink: #16191d; --soft: #5b6470; --surface: #fff; --ground: #f4f5f7; --edge: #dfe2e7; --strong: #8a929e; --primary: #1f2937; --on-primary: #fff; --ring: #3b6fe0; --good: #137a4b; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #eef0f3; --soft: #a3abb7; --surface: #1b1f24; --ground: #0d1013; --edge: #343b45; --strong: #7d8794; --primary: #f2f4f7; --on-primary: #14171b; --ring: #7fa4ff; --good: #5fd39b; --bad: #ff8f87 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--ground); color: var(--ink); font: 400 14px/1.5 Inter, ui-sans-serif, system-ui, sans-serif }
main { width: min(26rem, 100%); padding: 24px; background: var(--surface); border: 1px solid var(--edge); border-radius: 14px; text-align: center; overflow-wrap: anywhere }
h1 { margin: 0 0 8px; font-size: 18px; line-height: 1.3; font-weight: 650; text-wrap: balance }
p { margin: 0 0 16px; color: var(--soft); text-wrap: pretty } p:last-child { margin: 0 }
b { color: var(--ink); font-weight: 600 }
.mark { width: 40px; height: 40px; margin: 0 auto 16px; border: 2px solid currentColor; border-radius: 50%; display: grid; place-items: center; font-size: 18px; font-weight: 700 }
.good { color: var(--good) } .bad { color: var(--bad) } .wait { color: var(--strong); border-style: dashed }
dl { margin: 0 0 16px; padding: 12px 14px; border: 1px solid var(--edge); border-radius: 12px; text-align: start } dt { color: var(--soft); font-size: 13px } dd { margin: 0 0 8px; font-weight: 600 } dd:last-child { margin: 0 }
fieldset { margin: 0 0 16px; padding: 0; border: 0; text-align: start } legend { padding: 0; margin: 0 0 8px; font-weight: 550 }
label { display: flex; gap: 12px; align-items: center; min-height: 44px; padding: 10px 14px; border: 1px solid var(--strong); border-radius: 9px; margin: 0 0 8px } input { width: 18px; height: 18px; margin: 0; accent-color: var(--primary) }
button { width: 100%; min-height: 44px; border: 1px solid transparent; border-radius: 9px; background: var(--primary); color: var(--on-primary); font: inherit; font-weight: 600; cursor: pointer }
button + button { margin-top: 10px; background: transparent; color: inherit; border-color: var(--strong) }
:focus-visible { outline: 2px solid var(--ring); outline-offset: 2px }
small { display: block; margin-top: 16px; color: var(--soft); font-size: 13px }
`

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

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Headers of every page here. No Cross-Origin-Opener-Policy: it would cut the popup from the page that opened it. */
export const pageHeaders: Record<string, string> = {
  'content-security-policy': `default-src 'none'; script-src ${hash(popupScript)} ${hash(doneScript)}; style-src ${hash(style)}; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

const layout = (
  title: string,
  body: Html,
  { script, origin, close }: { script?: string; origin?: string | null; close?: boolean } = {},
) => html`<!doctype html>
<html lang="en" data-origin="${origin ?? ''}" data-close="${close ? 'yes' : ''}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${raw(style)}</style></head>
<body><main>${body}</main>${script ? html`<script>${raw(script)}</script>` : ''}</body>
</html>`

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
    { script: doneScript, origin, close: true },
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
    { script: doneScript, origin, close: code === 'access_denied' && origin !== null },
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

export const connectedPage = (organization: string, host: string) =>
  layout(
    'Connected',
    html`<div class="mark good" aria-hidden="true">✓</div><h1>Confluence is connected</h1><p>All pages of <b>${host}</b> are being synced to ${organization}. You can close this window.</p>`,
  )

export const declinedPage = () =>
  layout(
    'Not connected',
    html`<div class="mark wait" aria-hidden="true"></div><h1>Nothing was connected</h1><p>You can close this window.</p>`,
  )
