import type { ReactNode } from 'react'
import { useParts } from './parts.ts'

/** The title of a view, which gets the focus when the view comes, and what is said below it. */
export function ViewHeader({ title, children }: { title: ReactNode; children?: ReactNode }) {
  const part = useParts()
  return (
    <>
      <h2 {...part('title')} tabIndex={-1} data-cc-focus="">
        {title}
      </h2>
      {children && <p {...part('text')}>{children}</p>}
    </>
  )
}
