import { useRef, useState, useSyncExternalStore } from 'react'
import type { PageList as Pages } from '../api.ts'
import { ConfluenceCard } from './ConfluenceCard.tsx'
import { Notice } from './Notice.tsx'
import { PageList } from './PageList.tsx'
import { Reader } from './Reader.tsx'
import { type Asked, createResource } from './resource.ts'
import { isSyncing } from './sources.ts'
import { Welcome } from './Welcome.tsx'

const pollMs = { syncing: 1500, failed: 5000 }

/** Pages arrive while a sync runs; otherwise nothing changes by itself, and nothing is asked. */
function pollAfter({ data, error }: Asked<Pages>): number | undefined {
  if (error) return pollMs.failed
  return data?.sources.some(isSyncing) ? pollMs.syncing : undefined
}

const pathOf = (search: string) => `/api/pages?${new URLSearchParams({ search })}`

/** What one visitor sees: the integration, the pages that came through it, and the one being read. */
export function Workspace({ apiURL }: { apiURL: string }) {
  const [resource] = useState(() => createResource<Pages>(pathOf(''), pollAfter))
  const { data: list, error } = useSyncExternalStore(resource.subscribe, resource.snapshot)
  const [search, setSearch] = useState('')
  const [selected, setSelected] = useState<number | null>(null)
  const reader = useRef<HTMLElement>(null)
  const rows = useRef<HTMLUListElement>(null)

  const searchFor = (text: string) => {
    setSearch(text)
    resource.ask(pathOf(text))
  }
  const select = (id: number) => {
    setSelected(id)
    // On a narrow screen the reader takes the place of the list, and with it the focus.
    requestAnimationFrame(() => {
      if (rows.current && !rows.current.checkVisibility()) reader.current?.focus()
    })
  }
  const backToList = () => {
    const row = rows.current?.querySelector<HTMLElement>('[aria-current]')
    setSelected(null)
    requestAnimationFrame(() => row?.focus())
  }

  const isEmpty = list?.count === 0 && (search === '' || list.sources.length === 0)
  // What is being read goes with its Confluence.
  const reading = isEmpty ? null : selected
  return (
    <main className="workspace" data-reading={reading !== null} data-filled={list && !isEmpty}>
      <div className="side">
        {(list || error) && (
          <ConfluenceCard apiURL={apiURL} sources={list?.sources ?? []} onChange={() => resource.ask()} />
        )}
        {error && <Notice text={error} retry={() => resource.ask()} />}
        {list && !isEmpty && (
          <PageList
            list={list}
            search={search}
            onSearch={searchFor}
            selected={selected}
            onSelect={select}
            rows={rows}
          />
        )}
        {!list && !error && <div className="skeleton" role="status" aria-label="Loading pages" />}
      </div>
      <section className="main" aria-label="Reader" ref={reader} tabIndex={-1}>
        {reading !== null && <Reader key={reading} id={reading} onBack={backToList} />}
        {reading === null && list && <Welcome sources={list.sources} isEmpty={isEmpty} />}
      </section>
    </main>
  )
}
