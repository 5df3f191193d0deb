import { useState, useSyncExternalStore } from 'react'
import type { Session } from '../api.ts'
import { Logo } from './Logo.tsx'
import { Notice } from './Notice.tsx'
import { request } from './request.ts'
import { createResource } from './resource.ts'
import { Workspace } from './Workspace.tsx'

/** Two visitors, so that one sees that neither gets at the other's pages. */
function VisitorSwitch({ session, onSwitch }: { session: Session; onSwitch: (id: string) => void }) {
  return (
    <fieldset className="visitors">
      <legend className="visitors-label">Signed in as</legend>
      {session.visitors.map(({ id, name }) => (
        <button
          type="button"
          key={id}
          className="visitor"
          aria-pressed={id === session.visitor.id}
          onClick={() => onSwitch(id)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  )
}

/** Acme Notes: the frame, and who is signed in. */
export function App() {
  const [resource] = useState(() => createResource<Session>('/api/session'))
  const { data: session, error } = useSyncExternalStore(resource.subscribe, resource.snapshot)
  const [problem, setProblem] = useState<string>()

  const switchTo = (visitor: string) => {
    setProblem(undefined)
    request<void>('/api/session', { body: { visitor } }).then(
      () => resource.ask(),
      (cause: Error) => setProblem(cause.message),
    )
  }
  const shown = problem ?? error

  return (
    <div className="app">
      <header className="header">
        <Logo />
        <h1 className="brand">Acme Notes</h1>
        {session && <VisitorSwitch session={session} onSwitch={switchTo} />}
      </header>
      {shown && <Notice text={shown} retry={() => resource.ask()} />}
      {session ? (
        // The key: another visitor gets a workspace of their own, with nothing left in it of the one before.
        <Workspace key={session.visitor.id} apiURL={session.confluenceConnectUrl} />
      ) : (
        !shown && <main className="skeleton" aria-busy="true" aria-label="Loading" />
      )}
    </div>
  )
}
