import type { ReactNode } from 'react'
import { useParts } from './parts.ts'
import { useTexts } from './texts.ts'

/**
 * The state of the connection, drawn: still and dashed, marching while a person is waited for, solid with a bead while
 * pages arrive, solid, or broken.
 */
export type LineState = 'idle' | 'waiting' | 'syncing' | 'connected' | 'broken'

/** A mark of Confluence in this project's own drawing: two ribbons that answer each other. */
export function ConfluenceMark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className="cc-mark">
      <path d="M3.6 17.2c2.9-5.3 5.7-5.6 9.6-3.7l6.6 3.2" className="cc-mark-near" />
      <path d="M20.4 6.8c-2.9 5.3-5.7 5.6-9.6 3.7L4.2 7.3" className="cc-mark-far" />
    </svg>
  )
}

/** The first letter of a name, where it has no mark. */
export const Initial = ({ name }: { name: string }) => (
  <span className="cc-initial">{[...name.trim()][0]?.toUpperCase()}</span>
)

/** A mark on a small sheet. */
export function Tile({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  const part = useParts()
  return (
    <span {...part('tile')}>
      {typeof icon === 'string' ? <img className="cc-icon" src={icon} alt="" /> : (icon ?? children)}
    </span>
  )
}

/** Two tiles, the host's and Confluence's, and the line between them. Decoration: the words say the same. */
export function ConnectionLine({
  state,
  brandIcon,
  confluenceIcon,
  logo = 'both',
}: {
  state: LineState
  logo?: 'app' | 'confluence' | 'both' | undefined
  brandIcon?: ReactNode
  confluenceIcon?: ReactNode
}) {
  const { orgName } = useTexts()
  const part = useParts()
  return (
    <div {...part('link', { state })} aria-hidden="true">
      {logo !== 'confluence' && (
        <Tile icon={brandIcon}>
          <Initial name={orgName} />
        </Tile>
      )}
      <span {...part('line', { state })}>
        {state === 'syncing' && <span className="cc-bead" />}
        {state === 'broken' && <span className="cc-knot">!</span>}
      </span>
      {logo !== 'app' && (
        <Tile icon={confluenceIcon}>
          <ConfluenceMark />
        </Tile>
      )}
    </div>
  )
}
