import { Unreachable } from './Aside.tsx'
import { Button } from './Button.tsx'
import { Skeleton } from './Lazy.tsx'
import { useParts } from './parts.ts'
import type { StateOf } from './states.ts'
import { ViewHeader } from './ViewHeader.tsx'
import { Text, useViewTexts } from './viewTexts.tsx'

function Cancel({ cancel }: { cancel: () => void }) {
  const { messages, say } = useViewTexts()
  return (
    <Button slot="quiet" onClick={cancel}>
      {say(messages.cancel)}
    </Button>
  )
}

/** After a reload, until it is known where the sign-in stands: the place of what comes. */
export function ResumingView({ state }: { state: StateOf<'resuming'> }) {
  const { messages, say } = useViewTexts()
  return (
    <>
      <ViewHeader title={say(messages.resuming.title)}>{say(messages.resuming.text)}</ViewHeader>
      <Skeleton />
      {state.unreachable && <Unreachable />}
      <Cancel cancel={state.cancel} />
    </>
  )
}

// The sign-in page speaks with this page before it goes on to Atlassian, so it keeps its opener.
const newWindow = { target: '_blank', rel: 'opener' }

/** The browser held the window back: a real link, which it does not hold back. */
export function BlockedView({ state }: { state: StateOf<'blocked'> }) {
  const { messages, say } = useViewTexts()
  const part = useParts()
  return (
    <>
      <ViewHeader title={say(messages.blocked.title)}>{say(messages.blocked.text)}</ViewHeader>
      <a {...part('button')} href={state.signInUrl} {...newWindow}>
        {say(messages.blocked.open)}
      </a>
      {state.continueHere && (
        <Button kind="secondary" onClick={state.continueHere}>
          {say(messages.blocked.here)}
        </Button>
      )}
      {state.unreachable && <Unreachable />}
      <Cancel cancel={state.cancel} />
    </>
  )
}

const waitingText = { opening: 'opening', open: 'text', unattended: 'unattended' } as const

/** The person is signing in, in another window. */
export function WaitingView({ state }: { state: StateOf<'waiting'> }) {
  const { messages, say } = useViewTexts()
  const unattended = state.window === 'unattended'
  return (
    <>
      <ViewHeader title={say(messages.waiting.title)}>
        <Text message={messages.waiting[waitingText[state.window]]} values={{ site: state.site }} />
      </ViewHeader>
      <Button kind="secondary" onClick={unattended ? state.reopen : state.focus}>
        {say(unattended ? messages.waiting.reopen : messages.waiting.focus)}
      </Button>
      {state.unreachable && <Unreachable />}
      <Cancel cancel={state.cancel} />
    </>
  )
}
