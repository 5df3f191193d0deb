import { useState } from 'react'
import { AccountCard } from './AccountCard.tsx'
import type { Connection } from './contract.ts'
import { ProgressReport } from './ProgressReport.tsx'
import { Text, useTexts } from './texts.tsx'
import type { ConnectState, DisconnectAction } from './useConfluenceConnect.ts'
import { ViewHeader } from './ViewHeader.tsx'

type Of<Name extends ConnectState['name']> = Extract<ConnectState, { name: Name }>

/** What closes the dialog. */
type Close = () => void

function Disconnect({ connection, disconnect, disconnecting }: DisconnectAction & { connection: Connection }) {
  const { messages, say } = useTexts()
  const [asking, ask] = useState(false)
  const words = messages.connection
  const busy = disconnecting === true
  // One button asks and takes back, so that the focus stays on it, and on the harmless answer.
  return (
    <span className={asking ? 'cc-question' : undefined}>
      {typeof disconnecting === 'object' && `${say(messages.errors[disconnecting.code].title)}. `}
      {asking && (
        <>
          <Text message={words.disconnectQuestion} values={{ site: connection.site.host }} />{' '}
          <button type="button" className="cc-inline" aria-disabled={busy || undefined} onClick={disconnect}>
            {say(words.disconnect)}
          </button>
        </>
      )}
      <button type="button" className="cc-inline" onClick={() => ask(!asking)}>
        {say(asking ? words.keep : words.notYou)}
      </button>
    </span>
  )
}

/** Connected; all pages are on their way. Confirmation and progress in one place. */
export function SyncingView({ state, close }: { state: Of<'syncing'>; close: Close }) {
  const { messages, say } = useTexts()
  const { connection, progress } = state
  return (
    <>
      <ViewHeader title={say(messages.connection.syncing.title)}>
        <Text message={messages.connection.syncing.text} />
      </ViewHeader>
      <AccountCard account={connection.account} host={connection.site.host} />
      <ProgressReport progress={progress} unreachable={state.unreachable} />
      <button type="button" className="cc-button" onClick={close}>
        {say(messages.done)}
      </button>
      <button type="button" className="cc-button" data-kind="secondary" onClick={state.restart}>
        {say(messages.connection.another)}
      </button>
      <p className="cc-note">
        {say(messages.connection.closable)}{' '}
        <Disconnect connection={connection} disconnect={state.disconnect} disconnecting={state.disconnecting} />
      </p>
    </>
  )
}

/** Every page has arrived. */
export function SyncedView({ state, close }: { state: Of<'synced'>; close: Close }) {
  const { messages, say } = useTexts()
  const { connection, progress } = state
  const { synced, failed } = progress?.pages ?? { synced: 0, failed: 0 }
  const count = synced + failed
  const values = { count, name: connection.account.name, site: connection.site.host }
  const words = messages.connection.synced
  return (
    <>
      <ViewHeader title={say(count > 0 ? words.title : words.emptyTitle, values)}>
        <Text message={count > 0 ? words.text : progress ? words.emptyText : words.idleText} values={values} />
      </ViewHeader>
      <AccountCard account={connection.account} host={connection.site.host} />
      {failed > 0 && (
        <p className="cc-aside" data-kind="warning">
          {say(messages.connection.failedPages, { count: failed })}
        </p>
      )}
      <button type="button" className="cc-button" onClick={close}>
        {say(messages.done)}
      </button>
      <button type="button" className="cc-button" data-kind="secondary" onClick={state.restart}>
        {say(messages.connection.another)}
      </button>
      <p className="cc-note">
        <Disconnect connection={connection} disconnect={state.disconnect} disconnecting={state.disconnecting} />
      </p>
    </>
  )
}

/** Connected, but pages stopped coming. */
export function StoppedView({ state, close }: { state: Of<'stopped'>; close: Close }) {
  const { messages, say } = useTexts()
  const { connection, progress, error } = state
  const words = messages.errors[error.code]
  const values = { site: connection.site.host }
  const count = progress?.pages.synced ?? 0
  return (
    <>
      <ViewHeader title={say(words.title, values)}>
        <Text message={words.text} values={values} />
      </ViewHeader>
      <AccountCard account={connection.account} host={connection.site.host} />
      {count > 0 && <p className="cc-aside">{say(messages.connection.stopped.kept, { count })}</p>}
      <button type="button" className="cc-button" onClick={state.retry}>
        {say(words.action ?? messages.errors.sync_failed.action ?? messages.errorActions.signIn)}
      </button>
      <button type="button" className="cc-button" data-kind="secondary" onClick={close}>
        {say(messages.close)}
      </button>
      <p className="cc-code">{error.code}</p>
    </>
  )
}

/** The access was ended. */
export function DisconnectedView({ state, close }: { state: Of<'disconnected'>; close: Close }) {
  const { messages, say } = useTexts()
  const words = messages.connection.disconnected
  return (
    <>
      <ViewHeader title={say(words.title)}>
        <Text message={words.text} values={{ site: state.connection.site.host }} />
      </ViewHeader>
      <button type="button" className="cc-button" onClick={close}>
        {say(messages.done)}
      </button>
      <button type="button" className="cc-button" data-kind="secondary" onClick={state.restart}>
        {say(words.again)}
      </button>
    </>
  )
}
