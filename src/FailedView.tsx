import { type ErrorAction, errorTable } from './errors.ts'
import { Text, useTexts } from './texts.tsx'
import type { ConnectState } from './useConfluenceConnect.ts'
import { ViewHeader } from './ViewHeader.tsx'

type Failed = Extract<ConnectState, { name: 'failed' }>

/** What is wrong, in the person's words, and the way on. The code and the flow are for whoever is asked for help. */
export function FailedView({ state, close }: { state: Failed; close: () => void }) {
  const { messages, say } = useTexts()
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
      <button type="button" className="cc-button" onClick={act[action]}>
        {say(words.action ?? messages.errorActions[action])}
      </button>
      {otherSite && (
        <button type="button" className="cc-button" data-kind="secondary" onClick={state.edit}>
          {say(messages.errorActions.edit)}
        </button>
      )}
      {!otherSite && action === 'signIn' && (
        <button type="button" className="cc-quiet" onClick={state.edit}>
          {say(messages.cancel)}
        </button>
      )}
      <p className="cc-code">{[error.code, flowId].filter(Boolean).join(' · ')}</p>
    </>
  )
}
