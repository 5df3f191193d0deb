import type { Source } from '../api.ts'
import { isSyncing } from './sources.ts'

interface Props {
  sources: Source[]
  /** There is no page yet. */
  isEmpty: boolean
}

function wordsFor({ sources, isEmpty }: Props): [title: string, text: string] {
  if (!isEmpty) return ['Choose a page to read', 'Each one is kept as HTML for people and as plain text for search.']
  if (sources.some(isSyncing)) return ['The first pages are on their way', 'They appear here by themselves.']
  if (sources.length > 0)
    return ['No page has arrived from this Confluence', 'Those that the account can see appear here.']
  return [
    'Bring in what your team already wrote',
    'Connect Confluence, and every page that you can see there becomes readable and searchable in Acme Notes.',
  ]
}

/** What is in the place of the reader while no page is chosen. */
export function Welcome(props: Props) {
  const [title, text] = wordsFor(props)
  return (
    <div className="welcome">
      <svg className="welcome-drawing" viewBox="0 0 160 96" aria-hidden="true">
        <rect className="sheet" x="52" y="6" width="64" height="84" rx="8" transform="rotate(7 84 48)" />
        <rect className="sheet" x="44" y="6" width="64" height="84" rx="8" transform="rotate(-4 76 48)" />
        <path className="lines" d="M58 28h28M58 42h38M58 54h34M58 66h22" transform="rotate(-4 76 48)" />
      </svg>
      <h2 className="welcome-title">{title}</h2>
      <p className="welcome-text">{text}</p>
      {props.isEmpty && props.sources.length === 0 && (
        <p className="tip">
          This demo signs in to a stand-in for Atlassian on your own machine. Enter <b>acme</b> as your site; the
          account is filled in already.
        </p>
      )}
    </div>
  )
}
