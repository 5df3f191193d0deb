interface Props {
  connected: boolean
  syncing: boolean
  /** There is no page yet. */
  empty: boolean
}

function wordsFor({ connected, syncing, empty }: Props): [title: string, text: string] {
  if (!connected && empty)
    return [
      'Bring in what your team already wrote',
      'Connect Confluence, and every page that you can see there becomes readable and searchable in Acme Notes.',
    ]
  if (empty && syncing) return ['The first pages are on their way', 'They appear here by themselves.']
  if (empty) return ['There is no page in this Confluence yet', 'Pages that you can see there appear here.']
  return ['Choose a page to read', 'Each one is kept as HTML for people and as plain text for search.']
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
      {!props.connected && props.empty && (
        <p className="tip">
          This demo signs in to a stand-in for Atlassian on your own machine. Enter <b>acme</b> as your site; the
          account is filled in already.
        </p>
      )}
    </div>
  )
}
