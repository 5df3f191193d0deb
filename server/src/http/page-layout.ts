import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

// What the pages that a person sees have in common: one look, and not one request beyond the page itself.

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

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

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * Headers of a page that runs these scripts and no other. No Cross-Origin-Opener-Policy: it would cut a popup from the page
 * that opened it.
 *
 * @param styles beside the one that all pages share
 */
export const headersFor = (scripts: readonly string[], styles: readonly string[] = []): Record<string, string> => ({
  'content-security-policy': `default-src 'none'; script-src ${scripts.map(hash).join(' ')}; style-src ${[style, ...styles].map(hash).join(' ')}; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
})

interface Extras {
  script?: string
  style?: string
  /** Becomes `data-*` of the document, for the script. */
  data?: Record<string, string>
}

export const layout = (
  title: string,
  body: Html,
  { script, style: own, data = {} }: Extras = {},
) => html`<!doctype html>
<html lang="en"${Object.entries(data).map(([name, value]) => html` data-${raw(name)}="${value}"`)}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${raw(style)}</style>${own ? html`<style>${raw(own)}</style>` : ''}</head>
<body><main>${body}</main>${script ? html`<script>${raw(script)}</script>` : ''}</body>
</html>`
