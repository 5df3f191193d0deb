import type { ReactNode } from 'react'

/** The title of a view, which gets the focus when the view comes, and what is said below it. */
export function ViewHeader({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <>
      <h2 className="cc-title" tabIndex={-1} data-cc-focus="">
        {title}
      </h2>
      {children && <p className="cc-text">{children}</p>}
    </>
  )
}
