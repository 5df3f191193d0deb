import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Button } from './Button.tsx'
import { useParts } from './parts.ts'
import type { StateOf } from './states.ts'
import { ViewHeader } from './ViewHeader.tsx'
import { Text, useViewTexts } from './viewTexts.tsx'

/** The links to the host's own pages about terms and privacy. */
export interface LegalLinks {
  tosURL?: string
  privacyPolicyURL?: string
}

const suffix = '.atlassian.net'
const example = `acme${suffix}`

function Legal({ tosURL, privacyPolicyURL }: LegalLinks) {
  const { messages, say } = useViewTexts()
  const part = useParts()
  const links = [
    { href: tosURL, label: messages.terms },
    { href: privacyPolicyURL, label: messages.privacy },
  ].filter(({ href }) => href)
  return (
    <p {...part('note')}>
      {say(messages.enter.note)}
      {links.map(({ href, label }, index) => (
        <span key={href}>
          {index === 0 ? ' ' : ` ${messages.and} `}
          <a {...part('note-link')} href={href} target="_blank" rel="noreferrer">
            {say(label)}
          </a>
        </span>
      ))}
    </p>
  )
}

/** Asks for the site: one field, and what the person gets. */
export function EnterView({ state, ...legal }: { state: StateOf<'enter'> } & LegalLinks) {
  const { messages, say } = useViewTexts()
  const [site, setSite] = useState(state.site)
  const part = useParts()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const problem = site === state.site ? state.problem : null
  useEffect(() => {
    if (state.problem) input.current?.focus()
  }, [state.problem])
  // No form: the host may have put the component into one of its own, and forms cannot nest.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    state.start(site)
  }
  return (
    <>
      <ViewHeader title={say(messages.title)}>{say(messages.enter.text)}</ViewHeader>
      <label {...part('label')} htmlFor={id}>
        {say(messages.enter.label)}
      </label>
      <div {...part('field')} data-invalid={problem ? '' : undefined}>
        <input
          {...part('input')}
          ref={input}
          id={id}
          data-cc-focus="first"
          form=""
          enterKeyHint="go"
          onKeyDown={onKeyDown}
          value={site}
          onChange={(event) => setSite(event.target.value)}
          aria-invalid={problem ? true : undefined}
          aria-describedby={`${id}-hint`}
          inputMode="url"
          autoCapitalize="none"
          autoCorrect="off"
          autoComplete="off"
          spellCheck="false"
          dir="ltr"
        />
        {!/[.:/@]/.test(site) && <span {...part('suffix')}>{suffix}</span>}
      </div>
      <p
        {...part('hint', { kind: problem ? 'error' : undefined })}
        id={`${id}-hint`}
        role={problem ? 'alert' : undefined}
      >
        {problem ? (
          <Text message={messages.problems[problem.kind]} values={{ example, ...problem }} />
        ) : (
          say(messages.enter.hint)
        )}
      </p>
      <Button onClick={() => state.start(site)}>{say(messages.enter.submit)}</Button>
      <Legal {...legal} />
    </>
  )
}
