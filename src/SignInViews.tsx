import { Text, useTexts } from './texts.tsx'
import type { ConnectState } from './useConfluenceConnect.ts'
import { ViewHeader } from './ViewHeader.tsx'

type Of<Name extends ConnectState['name']> = Extract<ConnectState, { name: Name }>

function Unreachable() {
  const { messages, say } = useTexts()
  return <p className="cc-aside">{say(messages.unreachable)}</p>
}

function Cancel({ cancel }: { cancel: () => void }) {
  const { messages, say } = useTexts()
  return (
    <button type="button" className="cc-quiet" onClick={cancel}>
      {say(messages.cancel)}
    </button>
  )
}

/** After a reload, until it is known where the sign-in stands: the place of what comes. */
export function ResumingView({ state }: { state: Of<'resuming'> }) {
  const { messages, say } = useTexts()
  return (
    <>
      <ViewHeader title={say(messages.resuming.title)}>{say(messages.resuming.text)}</ViewHeader>
      <div className="cc-skeleton" />
      {state.unreachable && <Unreachable />}
      <Cancel cancel={state.cancel} />
    </>
  )
}

// The sign-in page speaks with this page before it goes on to Atlassian, so it keeps its opener.
const newWindow = { target: '_blank', rel: 'opener' }

/** The browser held the window back: a real link, which it does not hold back. */
export function BlockedView({ state }: { state: Of<'blocked'> }) {
  const { messages, say } = useTexts()
  return (
    <>
      <ViewHeader title={say(messages.blocked.title)}>{say(messages.blocked.text)}</ViewHeader>
      <a className="cc-button" href={state.signInUrl} {...newWindow}>
        {say(messages.blocked.open)}
      </a>
      {state.unreachable && <Unreachable />}
      <Cancel cancel={state.cancel} />
    </>
  )
}

const waitingText = { opening: 'opening', open: 'text', unattended: 'unattended' } as const

/** The person is signing in, in another window. */
export function WaitingView({ state }: { state: Of<'waiting'> }) {
  const { messages, say } = useTexts()
  const unattended = state.window === 'unattended'
  return (
    <>
      <ViewHeader title={say(messages.waiting.title)}>
        <Text message={messages.waiting[waitingText[state.window]]} values={{ site: state.site }} />
      </ViewHeader>
      <button
        type="button"
        className="cc-button"
        data-kind="secondary"
        onClick={unattended ? state.reopen : state.focus}
      >
        {say(unattended ? messages.waiting.reopen : messages.waiting.focus)}
      </button>
      {state.unreachable && <Unreachable />}
      <Cancel cancel={state.cancel} />
    </>
  )
}
