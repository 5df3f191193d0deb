import { describe, expect, test } from 'vitest'
import { convertStorage, convertToMarkdown } from '../../src/content/index.ts'
import { macro, options, parameter, plain, rich } from './cases/storage.ts'

const convert = (storage: string) => {
  const { html, text, warnings } = convertStorage(storage, options)
  return { html, text, ...convertToMarkdown(storage, options), warnings }
}

/** Macros whose content the server makes, and those of apps that keep theirs elsewhere. */
const EMPTY =
  'attachments blog-posts calendar change-history chart children content-by-label content-report-table contentbylabel contributors contributors-summary create-from-template detailssummary drawio drawio-sketch favpages gallery gliffy global-reports im inc-drawio index jiraissues labels listlabels livesearch loremipsum mermaid-cloud navmap network page-index pagetree pagetreesearch plantumlcloud popular-labels profile profile-picture recently-updated recently-updated-dashboard recently-used-labels related-labels roadmap rss search space-attachments space-details spaces spaces-list tasks-report tasks-report-macro userlister'.split(
    ' ',
  )

describe('a macro with nothing in it', () => {
  test.each(EMPTY)('%s: leaves a place in the HTML, and nothing to read', (name) => {
    expect(convert(`<p>a</p>${macro(name, parameter('max', '5') + parameter('', 'x'))}`)).toEqual({
      html: `<p>a</p><span data-macro="${name}"></span>`,
      text: 'a',
      markdown: 'a',
      warnings: [],
    })
  })
})

describe('a macro that is not known', () => {
  test.each([
    ['text', rich('<p>a</p>'), '<div data-macro="acme-app"><p>a</p></div>', 'a', 'a'],
    [
      'source',
      plain('a <b>'),
      '<div data-macro="acme-app"><pre><code>a &lt;b&gt;</code></pre></div>',
      'a <b>',
      '```\na <b>\n```',
    ],
    ['nothing', parameter('secret', 'x'), '<span data-macro="acme-app"></span>', '', ''],
    ['something without a body', '<p>a</p>', '<div data-macro="acme-app"><p>a</p></div>', 'a', 'a'],
  ])('keeps %s', (_what, inside, html, text, markdown) => {
    const warnings = [{ code: 'unknown_macro', detail: 'acme-app' }]
    expect(convert(macro('acme-app', inside))).toEqual({ html, text, markdown, warnings })
  })
})

/** What pages of Confluence Cloud were seen to hold, and what its documentation names. */
const ELEMENTS =
  'a ac:adf-attribute ac:adf-content ac:adf-extension ac:adf-fallback ac:adf-fragment-mark ac:adf-fragment-mark-detail ac:adf-mark ac:adf-node ac:adf-parameter ac:caption ac:default-parameter ac:emoticon ac:image ac:inline-comment-marker ac:layout ac:layout-cell ac:layout-section ac:link ac:link-body ac:parameter ac:placeholder ac:plain-text-body ac:plain-text-link-body ac:rich-text-body ac:task ac:task-body ac:task-id ac:task-list ac:task-status ac:task-uuid big blockquote br code col colgroup del em h1 h2 h3 h4 h5 h6 hr img li ol p pre ri:attachment ri:blog-post ri:content-entity ri:page ri:shortcut ri:space ri:url ri:user s small span strong sub sup table tbody td th thead time tr u ul'.split(
    ' ',
  )
const MACROS =
  'anchor code column details excerpt excerpt-include expand html iframe include info jira multimedia noformat note panel plantuml section status tip toc view-file viewdoc viewpdf viewppt viewxls warning widget'.split(
    ' ',
  )

describe('what Confluence writes is known', () => {
  test.each(ELEMENTS)('<%s>', (name) => {
    expect(convertStorage(`<${name}>a</${name}>`, options).warnings).toEqual([])
  })

  test.each([...MACROS, ...EMPTY])('the macro %s', (name) => {
    const bodies = ['', rich('<p>a</p>'), plain('a')]
    for (const body of bodies) expect(convertStorage(macro(name, body), options).warnings).toEqual([])
  })
})
