import type { ReactNode } from 'react'
import { useTexts } from './texts.tsx'

/**
 * The state of the connection, drawn: still and dashed, marching while a person is waited for, solid with a bead while
 * pages arrive, solid, or broken.
 */
export type LineState = 'idle' | 'waiting' | 'syncing' | 'connected' | 'broken'

/** A mark of Confluence in this project's own drawing: two ribbons that answer each other. */
function ConfluenceMark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className="cc-mark">
      <path d="M3.6 17.2c2.9-5.3 5.7-5.6 9.6-3.7l6.6 3.2" className="cc-mark-near" />
      <path d="M20.4 6.8c-2.9 5.3-5.7 5.6-9.6 3.7L4.2 7.3" className="cc-mark-far" />
    </svg>
  )
}

function Tile({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <span className="cc-tile">
      {typeof icon === 'string' ? <img className="cc-icon" src={icon} alt="" /> : (icon ?? children)}
    </span>
  )
}

/** Two tiles, the host's and Confluence's, and the line between them. Decoration: the words say the same. */
export function ConnectionLine({
  state,
  brandIcon,
  confluenceIcon,
}: {
  state: LineState
  brandIcon?: ReactNode
  confluenceIcon?: ReactNode
}) {
  const { orgName } = useTexts()
  return (
    <div className="cc-link" aria-hidden="true" data-state={state}>
      <Tile icon={brandIcon}>
        <span className="cc-initial">{[...orgName.trim()][0]?.toUpperCase()}</span>
      </Tile>
      <span className="cc-line" data-state={state}>
        {state === 'syncing' && <span className="cc-bead" />}
        {state === 'broken' && <span className="cc-knot">!</span>}
      </span>
      <Tile icon={confluenceIcon}>
        <ConfluenceMark />
      </Tile>
    </div>
  )
}
