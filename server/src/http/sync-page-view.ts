import { html, raw } from 'hono/html'
import type { ConnectionRow } from '../db/schema.ts'
import { headersFor, layout } from './page-layout.ts'
import { startSyncPage } from './sync-page-client.ts'
import type { ItemsAnswer } from './sync-page-items.ts'
import type { SyncPageState, Words } from './sync-page-state.ts'
import { syncPageStyle } from './sync-page-style.ts'
import { createTree } from './sync-page-tree.ts'

/** What the page hands to its script. */
export interface SyncPageStart {
  state: SyncPageState
  items: ItemsAnswer
}

// The script is checked like everything else here, and goes to the browser as the text of its two functions.
const script = `(${startSyncPage})(${createTree})`

export const syncPageHeaders = headersFor([script], [syncPageStyle])

const moment = (iso: string) => `${iso.slice(0, 10)}, ${iso.slice(11, 16)} UTC`
const words = (parts: Words) =>
  parts.map((part) => (typeof part === 'string' ? part : html`<time datetime="${part.at}">${moment(part.at)}</time>`))

const initials = (name: string) => {
  const all = name.trim().split(/\s+/)
  const chosen = all.length > 1 ? [all[0], all.at(-1)] : all
  return chosen.map((word = '') => [...word][0]?.toUpperCase()).join('')
}

/** The mark of Confluence in this project's own drawing, as the component has it. */
const confluence = html`<svg viewBox="0 0 24 24"><path class="near" d="M3.6 17.2c2.9-5.3 5.7-5.6 9.6-3.7l6.6 3.2"/><path class="far" d="M20.4 6.8c-2.9 5.3-5.7 5.6-9.6 3.7L4.2 7.3"/></svg>`

const link = (organization: string, line: SyncPageState['line']) =>
  html`<div class="link" aria-hidden="true"><span class="tile">${[...organization.trim()][0]?.toUpperCase()}</span><span class="line" id="line" data-state="${line}"><i class="bead"></i><b class="knot">!</b></span><span class="tile">${confluence}</span></div>`

const hidden = (is: boolean) => (is ? raw(' hidden') : '')

export interface SyncPage extends SyncPageStart {
  organization: string
  connection: Pick<ConnectionRow, 'account_name' | 'account_email' | 'site_name' | 'site_host'>
  /** Of the page; its forms post below it. */
  path: string
}

/** The page on which a person picks what is synced. */
export const syncPage = ({ organization, connection, path, state, items }: SyncPage) =>
  layout(
    `Sync Confluence to ${organization}`,
    html`
<header>
${link(organization, state.line)}
<h1 id="title" tabindex="-1">${state.title}</h1>
<p id="text">${words(state.text)}</p>
<progress id="bar" class="${state.progress ? '' : 'off'}" aria-label="How far the sync has come"${state.progress?.max ? html` value="${state.progress.value}" max="${state.progress.max}"` : ''}></progress>
</header>
<div class="who"><span class="avatar" aria-hidden="true">${initials(connection.account_name)}</span><span class="whose"><bdi>${connection.account_name}</bdi><small><bdi>${connection.site_name}</bdi> · <bdi>${connection.site_host}</bdi></small></span><small id="facts">${words(state.facts)}</small></div>
<div id="work"${hidden(!state.isActive)}>
<form class="whole" method="post" action="${path}/everything"><button id="everything">Sync everything</button><button id="check" type="button" hidden>Check for new spaces and pages</button></form>
<noscript><p>Your browser runs no scripts here, so only everything can be synced. Allow scripts to choose spaces and pages.</p></noscript>
<section id="picker" aria-labelledby="pick" hidden>
<h2 id="pick">Spaces and pages</h2>
<p class="hint">A space stands for all pages in it, a page for itself.</p>
<label class="search"><span class="unseen">Search spaces and pages</span><svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3 3"/></svg><input id="search" type="search" placeholder="Search by title" maxlength="200" autocomplete="off" spellcheck="false" enterkeyhint="search"></label>
<div class="found"><span id="found" role="status"></span><button id="refresh" type="button" hidden>Show what is new</button></div>
<ul class="rows" id="tree" aria-labelledby="pick"></ul>
<ul class="rows" id="results" aria-label="Search results" hidden></ul>
<div class="foot"><span id="chosen" role="status"></span><button id="clear" type="button" class="off">Clear</button><button id="sync" type="button" aria-disabled="true">Sync selected</button></div>
</section>
</div>
<p class="unseen" id="news" role="status"></p>`,
    { script, style: syncPageStyle, data: { start: JSON.stringify({ state, items } satisfies SyncPageStart) } },
  )

export const expiredPage = (organization: string) =>
  layout(
    'This link has expired',
    html`<div class="mark wait" aria-hidden="true"></div><h1>This link has expired</h1><p>A link to this page works for an hour. Go back to ${organization} and open it again from there.</p>`,
  )
