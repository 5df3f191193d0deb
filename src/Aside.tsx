import type { ReactNode } from 'react'
import { useParts } from './parts.ts'
import { useViewTexts } from './viewTexts.tsx'

/** Something said beside the matter. */
export function Aside({ kind, role, children }: { kind?: 'warning' | 'error'; role?: 'alert'; children: ReactNode }) {
  const part = useParts()
  return (
    <p {...part('aside', { kind })} role={role}>
      {children}
    </p>
  )
}

/** The server does not answer at the moment. */
export function Unreachable() {
  const { messages, say } = useViewTexts()
  return <Aside>{say(messages.unreachable)}</Aside>
}
