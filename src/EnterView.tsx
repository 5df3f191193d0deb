import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { Connection } from './contract.ts'
import { Text, useTexts } from './texts.tsx'
import type { ConnectState } from './useConfluenceConnect.ts'
import { ViewHeader } from './ViewHeader.tsx'

type Enter = Extract<ConnectState, { name: 'enter' }>

/** The links to the host's own pages about terms and privacy. */
export interface LegalLinks {
  tosURL?: string
  privacyPolicyURL?: string
}

const suffix = '.atlassian.net'
const example = `acme${suffix}`

function Connections({ connections, show }: { connections: Connection[]; show: Enter['show'] }) {
  const { messages, say } = useTexts()
  const titleId = useId()
  return (
    <section className="cc-existing" aria-labelledby={titleId}>
      <h3 className="cc-label" id={titleId}>
        {say(messages.enter.connections)}
      </h3>
      <ul className="cc-list">
        {connections.map((connection) => (
          <li className="cc-item" key={connection.id}>
            <button type="button" className="cc-row" onClick={() => show(connection)}>
              <bdi className="cc-row-name">{connection.site.host}</bdi>
              <span className="cc-status" data-status={connection.status}>
                {say(messages.enter.status[connection.status])}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Legal({ tosURL, privacyPolicyURL }: LegalLinks) {
  const { messages, say } = useTexts()
  const links = [
    { href: tosURL, label: messages.terms },
    { href: privacyPolicyURL, label: messages.privacy },
  ].filter(({ href }) => href)
  return (
    <p className="cc-note">
      {say(messages.enter.note)}
      {links.map(({ href, label }, index) => (
        <span key={href}>
          {index === 0 ? ' ' : ` ${messages.and} `}
          <a className="cc-note-link" href={href} target="_blank" rel="noreferrer">
            {say(label)}
          </a>
        </span>
      ))}
    </p>
  )
}

/** Asks for the site: one field, and what the person gets. */
export function EnterView({ state, ...legal }: { state: Enter } & LegalLinks) {
  const { messages, say } = useTexts()
  const [site, setSite] = useState(state.site)
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const problem = site === state.site ? state.problem : null
  useEffect(() => {
    if (state.problem) input.current?.focus()
  }, [state.problem])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // The host may have put the component into a form of its own.
    event.stopPropagation()
    state.start(site)
  }
  return (
    <form className="cc-form" onSubmit={submit} noValidate>
      <ViewHeader title={say(messages.enter.title)}>{say(messages.enter.text)}</ViewHeader>
      <label className="cc-label" htmlFor={id}>
        {say(messages.enter.label)}
      </label>
      <div className="cc-field" data-invalid={problem ? '' : undefined}>
        <input
          className="cc-input"
          ref={input}
          id={id}
          data-cc-focus="first"
          value={site}
          onChange={(event) => setSite(event.target.value)}
          aria-invalid={problem ? true : undefined}
          aria-describedby={`${id}-hint`}
          inputMode="url"
          autoCapitalize="none"
          autoCorrect="off"
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
        />
        {!/[.:/@]/.test(site) && <span className="cc-suffix">{suffix}</span>}
      </div>
      <p
        className="cc-hint"
        id={`${id}-hint`}
        role={problem ? 'alert' : undefined}
        data-kind={problem ? 'error' : undefined}
      >
        {problem ? (
          <Text message={messages.problems[problem.kind]} values={{ example, ...problem }} />
        ) : (
          say(messages.enter.hint)
        )}
      </p>
      <button type="submit" className="cc-button">
        {say(messages.enter.submit)}
      </button>
      {state.connections.length > 0 && <Connections connections={state.connections} show={state.show} />}
      <Legal {...legal} />
    </form>
  )
}
