import type { RefObject } from 'react'
import type { PageList as Pages } from '../api.ts'

const numbers = new Intl.NumberFormat('en')
const dates = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

const counted = (count: number) => `${numbers.format(count)} ${count === 1 ? 'page' : 'pages'}`

interface Props {
  list: Pages
  search: string
  onSearch: (text: string) => void
  /** The id of the page being read. */
  selected: number | null
  onSelect: (id: number) => void
  rows: RefObject<HTMLUListElement | null>
}

/** The synced pages, by title, and a search in their titles. */
export function PageList({ list, search, onSearch, selected, onSelect, rows }: Props) {
  const { pages, count } = list
  return (
    <section className="pages" aria-labelledby="pages">
      <div className="pages-head">
        <h2 className="pages-title" id="pages">
          Pages
        </h2>
        <span className="count">{counted(count)}</span>
      </div>
      <input
        className="search"
        type="search"
        aria-label="Search titles"
        placeholder="Search titles"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
      />
      {count === 0 && (
        <p className="none" role="status">
          No page has “<bdi>{search}</bdi>” in its title.
        </p>
      )}
      <ul className="rows" ref={rows}>
        {pages.map(({ id, title, updatedAt, failed }) => (
          <li key={id}>
            <button
              type="button"
              className="row"
              aria-current={id === selected ? 'true' : undefined}
              onClick={() => onSelect(id)}
            >
              <span className="row-title" dir="auto">
                {title.trim() || 'Untitled'}
              </span>
              <span className="row-detail">
                {failed ? 'Not readable' : <time dateTime={updatedAt}>{dates.format(new Date(updatedAt))}</time>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {count > pages.length && (
        <p className="none">The first {counted(pages.length)} are shown. Search to find the others.</p>
      )}
    </section>
  )
}
