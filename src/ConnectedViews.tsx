import { useState } from 'react'
import { AccountCard } from './AccountCard.tsx'
import { Aside } from './Aside.tsx'
import { Button } from './Button.tsx'
import type { Connection } from './contract.ts'
import { ProgressReport } from './ProgressReport.tsx'
import { useParts } from './parts.ts'
import type { ConnectionLinks, DisconnectAction, StateOf } from './states.ts'
import { ViewHeader } from './ViewHeader.tsx'
import { Text, useViewTexts } from './viewTexts.tsx'

/** What closes the component. */
type Close = () => void

function Disconnect({ connection, disconnect, disconnecting }: DisconnectAction & { connection: Connection }) {
  const { messages, say } = useViewTexts()
  const [asking, ask] = useState(false)
  const words = messages.connection
  // One button asks and takes back, so that the focus stays on it, and on the harmless answer.
  return (
    <span className={asking ? 'cc-question' : undefined}>
      {typeof disconnecting === 'object' && `${say(messages.errors[disconnecting.code].title)}. `}
      {asking && (
        <>
          <Text message={words.disconnectQuestion} values={{ site: connection.site.host }} />{' '}
          <Button slot="inline" busy={disconnecting === true} onClick={disconnect}>
            {say(words.disconnect)}
          </Button>
        </>
      )}
      <Button slot="inline" onClick={() => ask(!asking)}>
        {say(asking ? words.keep : words.notYou)}
      </Button>
    </span>
  )
}

function Links({ pages, pick, restart }: ConnectionLinks & { restart: () => void }) {
  const { messages, say } = useViewTexts()
  const words = messages.connection
  const onward = pick ?? pages
  return (
    <>
      {onward && (
        <Button kind="secondary" onClick={onward}>
          {say(pick ? words.pick : words.pages)}
        </Button>
      )}
      <Button kind="secondary" onClick={restart}>
        {say(words.another)}
      </Button>
    </>
  )
}

/** Connected; all pages are on their way. Confirmation and progress in one place. */
export function SyncingView({ state, close }: { state: StateOf<'syncing'>; close: Close }) {
  const { messages, say } = useViewTexts()
  const part = useParts()
  const { connection, progress } = state
  return (
    <>
      <ViewHeader title={say(messages.connection.syncing.title)}>
        <Text message={messages.connection.syncing.text} />
      </ViewHeader>
      <AccountCard account={connection.account} host={connection.site.host} />
      <ProgressReport progress={progress} unreachable={state.unreachable} />
      <Button onClick={close}>{say(messages.done)}</Button>
      <Links {...state} pages={null} />
      <p {...part('note')}>
        {say(messages.connection.closable)} <Disconnect {...state} />
      </p>
    </>
  )
}

/** Every page has arrived. */
export function SyncedView({ state, close }: { state: StateOf<'synced'>; close: Close }) {
  const { messages, say } = useViewTexts()
  const part = useParts()
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
      {failed > 0 && <Aside kind="warning">{say(messages.connection.failedPages, { count: failed })}</Aside>}
      <Button onClick={close}>{say(messages.done)}</Button>
      <Links {...state} pages={count > 0 ? state.pages : null} />
      <p {...part('note')}>
        <Disconnect {...state} />
      </p>
    </>
  )
}

/** Connected, but pages stopped coming. */
export function StoppedView({ state, close }: { state: StateOf<'stopped'>; close: Close }) {
  const { messages, say } = useViewTexts()
  const part = useParts()
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
      {count > 0 && <Aside>{say(messages.connection.stopped.kept, { count })}</Aside>}
      <Button onClick={state.retry}>{say(words.action ?? messages.errorActions.signIn)}</Button>
      <Button kind="secondary" onClick={close}>
        {say(messages.close)}
      </Button>
      <p {...part('code')}>{error.code}</p>
    </>
  )
}

/** The access was ended. */
export function DisconnectedView({ state, close }: { state: StateOf<'disconnected'>; close: Close }) {
  const { messages, say } = useViewTexts()
  const words = messages.connection.disconnected
  return (
    <>
      <ViewHeader title={say(words.title)}>
        <Text message={words.text} values={{ site: state.connection.site.host }} />
      </ViewHeader>
      <Button onClick={close}>{say(messages.done)}</Button>
      <Button kind="secondary" onClick={state.restart}>
        {say(words.again)}
      </Button>
    </>
  )
}
