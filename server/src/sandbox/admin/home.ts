import { html } from 'hono/html'
import { client } from '../oauth/authorization.ts'
import { screen } from '../screens.ts'
import type { World } from '../world/world.ts'

const calls = [
  ['GET /sandbox/world', 'accounts, sites, spaces'],
  ['GET /sandbox/truth?site=acme', 'every page: id, version, title, status, parent, space'],
  ['POST /sandbox/pages', 'create a page: {site, space, title, body?, parentId?}'],
  ['GET · PATCH · DELETE /sandbox/pages/{id}', 'read, edit {title?, body?, minorEdit?, keepVersion?}, delete for good'],
  ['POST /sandbox/pages/{id}/move', '{parentId?, space?}'],
  [
    'POST /sandbox/pages/{id}/archive · trash · restore · restrict · unrestrict',
    'what people do; children of a trashed page move up',
  ],
  ['POST /sandbox/revoke', 'end the consent of {account?}, or of everybody'],
  ['POST /sandbox/expire-tokens', '{account?, answer?: 401 | 404}'],
  ['POST /sandbox/uninstall · install', '{site}'],
  ['POST /sandbox/block-space', 'a data security policy keeps apps out: {site?, space, blocked?}'],
  ['POST /sandbox/archive-space', 'what a space’s admin can do: {site?, space, archived?}'],
  [
    'GET · POST · DELETE /sandbox/faults',
    '{match?: {method, route, site, pageId}, kind, status, retryAfter, delayMs, after, times}',
  ],
  ['GET · DELETE /sandbox/counters', 'requests by route and status, points by site, quota'],
  ['GET · POST /sandbox/clock', 'set forward by {advanceMs}'],
  ['POST /sandbox/quota', '{limit?, used?}'],
  ['POST /sandbox/latency', '{latencyMs?, latencyPerPageMs?, held?}'],
  ['POST /sandbox/rows', '{max}: answers hold fewer rows than asked for'],
  ['POST /sandbox/coop', '{value}: Cross-Origin-Opener-Policy of the sign-in pages'],
] as const

/** The page at `/`: what this is, and how to use it. */
export const homeScreen = (world: World, url: string) =>
  screen(
    'What this is',
    html`<div class="card">
<h1>Confluence sandbox</h1>
<p class="soft">It speaks Atlassian's OAuth 2.0 (3LO) and Confluence's REST API v2 as a connector sees them, with content that is the same at every start. Nothing leaves this machine.</p>
<dl>
<dt>ATLASSIAN_AUTH_URL</dt><dd><code>${url}</code></dd>
<dt>ATLASSIAN_API_URL</dt><dd><code>${url}</code></dd>
<dt>ATLASSIAN_CLIENT_ID</dt><dd><code>${client.id}</code></dd>
<dt>ATLASSIAN_CLIENT_SECRET</dt><dd><code>${client.secret}</code></dd>
</dl></div>
<div class="card"><h2>Sites</h2><table><thead><tr><th>Site</th><th>Cloud id</th><th>Content</th></tr></thead><tbody>
${world.sites.map((site) => html`<tr><td><strong>${new URL(site.url).host}</strong></td><td><code>${site.cloudId}</code></td><td>${site.pages.size} pages, spaces: ${site.spaces.size}</td></tr>`)}
</tbody></table></div>
<div class="card"><h2>Accounts</h2><table><thead><tr><th>Name</th><th>Key</th><th>What signing in shows</th></tr></thead><tbody>
${world.accounts.map((account) => html`<tr><td><strong>${account.name}</strong></td><td><code>${account.key}</code></td><td>${account.shows}</td></tr>`)}
</tbody></table></div>
<div class="card"><h2>Admin calls</h2><table><thead><tr><th>Call</th><th>Does</th></tr></thead><tbody>
${calls.map(([call, does]) => html`<tr><td><code>${call}</code></td><td>${does}</td></tr>`)}
</tbody></table></div>`,
    true,
  )
