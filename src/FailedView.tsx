import { Button } from './Button.tsx'
import { type ErrorAction, errorTable } from './errors.ts'
import { useParts } from './parts.ts'
import type { StateOf } from './states.ts'
import { ViewHeader } from './ViewHeader.tsx'
import { Text, useViewTexts } from './viewTexts.tsx'

/** What is wrong, in the person's words, and the way on. The code and the flow are for whoever is asked for help. */
export function FailedView({ state, close }: { state: StateOf<'failed'>; close: () => void }) {
  const { messages, say } = useViewTexts()
  const part = useParts()
  const { error, site, flowId } = state
  const words = messages.errors[error.code]
  const { action, otherSite } = errorTable[error.code]
  const values = { site: site || say(messages.integration) }
  const act: Record<ErrorAction, () => void> = { signIn: state.retry, edit: state.edit, close }
  return (
    <>
      <ViewHeader title={say(words.title, values)}>
        <Text message={words.text} values={values} />
      </ViewHeader>
      <Button onClick={act[action]}>{say(words.action ?? messages.errorActions[action])}</Button>
      {otherSite && (
        <Button kind="secondary" onClick={state.edit}>
          {say(messages.errorActions.edit)}
        </Button>
      )}
      {!otherSite && action === 'signIn' && (
        <Button slot="quiet" onClick={state.edit}>
          {say(messages.cancel)}
        </Button>
      )}
      <p {...part('code')}>{[error.code, flowId].filter(Boolean).join(' · ')}</p>
    </>
  )
}
