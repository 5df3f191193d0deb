import { html, raw } from 'hono/html'

const styles = `
:root { color-scheme: light dark; --ink: #172b4d; --soft: #44546f; --line: #dcdfe4; --ground: #f7f8f9; --card: #fff; --accent: #0c66e4; --on-accent: #fff; --note: #fff7d6; --note-ink: #533f04; --bad: #ffeceb; --bad-ink: #5d1f1a }
@media (prefers-color-scheme: dark) { :root { --ink: #dee4ea; --soft: #a6b3c0; --line: #454f59; --ground: #161a1d; --card: #22272b; --accent: #579dff; --on-accent: #101214; --note: #332e1b; --note-ink: #f5cd47; --bad: #42221f; --bad-ink: #ffd5d2 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', sans-serif; -webkit-font-smoothing: antialiased }
header { background: var(--note); color: var(--note-ink); padding: 8px 16px; text-align: center; font-size: 13px }
main { max-width: 492px; margin: 0 auto; padding: 16px 16px 24px }
main.wide { max-width: 860px }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 24px; box-shadow: 0 8px 24px rgb(9 30 66 / .08) }
.card + .card { margin-top: 16px }
h1 { margin: 0 0 4px; font-size: 22px; line-height: 1.25; letter-spacing: -.01em }
h2 { margin: 0 0 8px; font-size: 16px }
p { margin: 0 0 12px } p:last-child { margin-bottom: 0 }
.soft { color: var(--soft) } .small { font-size: 13px }
fieldset { border: 0; margin: 0 0 16px; padding: 0; min-width: 0 } legend { padding: 0; margin-bottom: 8px; font-weight: 600 }
.choice { display: flex; gap: 12px; align-items: flex-start; padding: 9px 12px; border: 1px solid var(--line); border-radius: 8px; cursor: pointer }
.choice + .choice { margin-top: 8px }
.choice:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent) }
.choice input { margin: 4px 0 0; accent-color: var(--accent); flex: none } .choice span { min-width: 0; overflow-wrap: anywhere } .choice b { margin-right: 4px }
.field { display: block; margin-bottom: 20px; font-weight: 600 }
select { display: block; width: 100%; margin-top: 6px; padding: 9px 10px; font: inherit; font-weight: 400; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 6px }
ul.plain { list-style: none; margin: 0 0 20px; padding: 0 } ul.plain li { padding: 8px 0; border-top: 1px solid var(--line); display: flex; justify-content: space-between; gap: 4px 12px; flex-wrap: wrap }
.actions { display: flex; gap: 8px; justify-content: flex-end; flex-wrap: wrap }
button { font: inherit; font-weight: 600; padding: 9px 18px; border-radius: 6px; border: 1px solid var(--soft); background: none; color: inherit; cursor: pointer }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
button.full { width: 100% }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.alert { background: var(--bad); color: var(--bad-ink); border-radius: 8px; padding: 12px 14px; margin: 12px 0 16px; overflow-wrap: anywhere }
code { font: 13px/1.4 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px } dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere; min-width: 0 }
table { border-collapse: collapse; width: 100%; font-size: 14px } th { text-align: left; color: var(--soft); font-weight: 600 } td, th { padding: 6px 12px 6px 0; border-top: 1px solid var(--line); vertical-align: top }
@media (max-width: 480px) { .card { padding: 18px 16px } dl { grid-template-columns: 1fr } dd { margin-bottom: 8px } }
@media (max-width: 700px) { td, th { display: block; padding: 2px 0; border: 0 } tr { display: block; border-top: 1px solid var(--line); padding: 6px 0 } thead { display: none } }
`

/** The frame of all pages that the sandbox shows to people. It says on each that nothing here is Atlassian. */
export const screen = (title: string, content: unknown, wide = false) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Sandbox</title>
<link rel="icon" href="data:,">
<style>${raw(styles)}</style>
</head>
<body>
<header><strong>Sandbox.</strong> A stand-in for Atlassian on this machine. No real account is involved.</header>
<main${raw(wide ? ' class="wide"' : '')}>${content}</main>
</body>
</html>`

/** Pages run no script and load nothing. Forms must reach the app's callback, so that form-action stays open. */
export const screenHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
} as const
