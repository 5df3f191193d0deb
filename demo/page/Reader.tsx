import { type KeyboardEvent, useState, useSyncExternalStore } from 'react'
import type { Page } from '../api.ts'
import { frameDocument } from './frameDocument.ts'
import { Notice } from './Notice.tsx'
import { createResource } from './resource.ts'

const tabs = { html: 'HTML', text: 'Text' } as const
type Tab = keyof typeof tabs
const tabNames = Object.keys(tabs) as Tab[]

const keys: Record<string, (at: number) => number> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: () => -1,
}

function Tabs({ tab, onSelect }: { tab: Tab; onSelect: (tab: Tab) => void }) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const move = keys[event.key]
    if (!move) return
    event.preventDefault()
    const next = tabNames.at(move(tabNames.indexOf(tab)) % tabNames.length) ?? tab
    onSelect(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label="Format" onKeyDown={onKeyDown}>
      {tabNames.map((name) => (
        <button
          type="button"
          key={name}
          id={`tab-${name}`}
          className="tab"
          role="tab"
          aria-selected={name === tab}
          aria-controls="content"
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onSelect(name)}
        >
          {tabs[name]}
        </button>
      ))}
    </div>
  )
}

/** One page in one of its formats. */
function Content({ page, tab }: { page: Page; tab: Tab }) {
  const content = page[tab]
  if (content === null)
    return <p className="none">This page could not be converted{page.problem ? `: ${page.problem}` : '.'}</p>
  if (tab === 'text')
    return (
      <div className="text" dir="auto">
        {content.trim() || 'This page is empty.'}
      </div>
    )
  // What customers wrote is not yours: an empty sandbox lets nothing in it run, submit, open or reach your origin.
  return <iframe className="frame" sandbox="" srcDoc={frameDocument(content)} title={page.title} />
}

/** A page, as the server keeps it: HTML for people, plain text for search. */
export function Reader({ id, onBack }: { id: number; onBack: () => void }) {
  const [resource] = useState(() => createResource<Page>(`/api/pages/${id}`))
  const { data: page, error } = useSyncExternalStore(resource.subscribe, resource.snapshot)
  const [tab, setTab] = useState<Tab>('html')
  return (
    <article className="reader">
      <button type="button" className="button back" onClick={onBack}>
        All pages
      </button>
      {!page && !error && <div className="skeleton" role="status" aria-label="Loading the page" />}
      {error && <Notice text={error} retry={() => resource.ask()} />}
      {page && (
        <>
          <header className="reader-head">
            <h2 className="reader-title" dir="auto">
              {page.title.trim() || 'Untitled'}
            </h2>
            <a className="reader-link" href={page.url} target="_blank" rel="noreferrer">
              Open in Confluence
            </a>
            <Tabs tab={tab} onSelect={setTab} />
          </header>
          <div className="content" id="content" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            <Content page={page} tab={tab} />
          </div>
        </>
      )}
    </article>
  )
}
