import { Avatar } from './AccountCard.tsx'
import { Unreachable } from './Aside.tsx'
import { Button } from './Button.tsx'
import type { Connection } from './contract.ts'
import { useListTexts } from './listTexts.ts'
import type { ListMessages } from './messages.ts'
import { useParts } from './parts.ts'
import { shareOf } from './share.ts'
import type { StateOf } from './states.ts'
import { since } from './time.ts'
import { type AccountProgress, useAccountProgress } from './useAccountProgress.ts'
import { useAction } from './useAction.tsx'
import { useKeptFocus } from './useKeptFocus.ts'
import { ViewHeader } from './ViewHeader.tsx'
import { Text } from './viewTexts.tsx'

type Accounts = StateOf<'accounts'>
type Standing = keyof ListMessages['accounts']['status']

const kinds: Record<Standing, 'error' | 'warning' | 'muted' | undefined> = {
  queued: 'muted',
  syncing: 'muted',
  ready: undefined,
  stopped: 'warning',
  failed: 'error',
  reconnect_needed: 'error',
  disconnected: 'muted',
}

/** How an account stands, in one word. */
function standingOf({ status, syncStatus }: Connection, { progress, syncing }: AccountProgress): Standing {
  if (status !== 'active') return status
  if (syncing) return progress && progress.phase !== 'queued' ? 'syncing' : 'queued'
  if (progress?.phase === 'cancelled') return 'stopped'
  return progress?.phase === 'failed' || syncStatus === 'SYNC_ERROR' ? 'failed' : 'ready'
}

/** What an account has given so far: pages and, when nothing goes on, since when. */
function Yield({ connection, progress, syncing }: AccountProgress & { connection: Connection }) {
  const { words, messages, say, locale } = useListTexts()
  const part = useParts()
  const { synced = 0, failed = 0, total = null } = progress?.pages ?? {}
  const count = synced + failed
  if (connection.status === 'reconnect_needed') return say(words.accounts.kept)
  if (connection.status === 'disconnected') return null
  if (syncing && progress) {
    const share = shareOf(progress)
    return (
      <>
        <Text
          message={total === null ? messages.connection.counting : messages.connection.counted}
          values={{ count: total ?? count, synced: new Intl.NumberFormat(locale).format(count) }}
        />
        <progress
          {...part('bar')}
          aria-label={say(words.accounts.progress)}
          {...(share !== null && { value: share })}
        />
      </>
    )
  }
  if (progress?.phase === 'failed')
    return say(messages.errors[progress.error?.code ?? 'sync_failed'].title, { site: connection.site.host })
  if (!connection.lastSyncedAt) return say(words.accounts.never)
  return [
    say(words.accounts.count, { count }),
    say(words.accounts.synced, { time: since(connection.lastSyncedAt, locale) }),
  ]
    .slice(count > 0 ? 0 : 1)
    .join(' · ')
}

function Account({ state, connection }: { state: Accounts; connection: Connection }) {
  const { words, say } = useListTexts()
  const part = useParts()
  const account = useAccountProgress(state.source, connection)
  const { busy, asking, ask, run, problem } = useAction(connection.site.host)
  const standing = standingOf(connection, account)
  const { site, account: person, status } = connection

  const act = (action: (connection: Connection) => Promise<void>) => run(() => action(connection))
  const small = (label: string, onClick: () => void) => (
    <Button kind="text" busy={busy} label={`${label}: ${site.host}, ${person.name}`} onClick={onClick}>
      {label}
    </Button>
  )

  return (
    <li {...part('account', { state: standing })}>
      <div className="cc-account-head">
        <Avatar name={person.name} />
        <span className="cc-who-text">
          <bdi {...part('value')}>{site.host}</bdi>
          <bdi className="cc-small">{person.email ? `${person.name} · ${person.email}` : person.name}</bdi>
        </span>
        <span {...part('status', { kind: kinds[standing] })}>{say(words.accounts.status[standing])}</span>
      </div>
      <div className="cc-small">
        <Yield connection={connection} {...account} />
      </div>
      {asking && (
        <p {...part('aside')}>
          <Text message={words.accounts.question} values={{ site: site.host }} />
        </p>
      )}
      {problem}
      <div {...part('actions', { kind: asking ? 'question' : undefined })}>
        {asking ? (
          <Button kind="danger" busy={busy} onClick={act(state.disconnect)}>
            {say(words.accounts.disconnect)}
          </Button>
        ) : (
          <>
            {status !== 'active' && small(say(words.accounts.reconnect), () => state.reconnect(connection))}
            {status === 'active' &&
              (account.syncing
                ? small(say(words.accounts.cancelSync), act(state.cancelSync))
                : small(say(words.accounts.sync), act(state.sync)))}
            {state.pages && small(say(words.accounts.pages), () => state.pages?.(connection))}
            {state.pick && status === 'active' && small(say(words.accounts.pick), () => state.pick?.(connection))}
          </>
        )}
        {status !== 'disconnected' && (
          // One button asks and takes back, so that the focus stays on it, and on the harmless answer.
          <Button
            kind={asking ? 'small' : 'text'}
            label={
              asking ? say(words.accounts.keep) : `${say(words.accounts.disconnect)}: ${site.host}, ${person.name}`
            }
            onClick={ask}
          >
            {say(asking ? words.accounts.keep : words.accounts.disconnect)}
          </Button>
        )}
      </div>
    </li>
  )
}

/** Who is connected with which site, how each of them stands, and what can be done about it. */
export function AccountsView({ state }: { state: Accounts }) {
  const { words, say } = useListTexts()
  const part = useParts()
  const { connections } = state
  const count = connections.filter(({ status }) => status === 'active').length
  return (
    <div {...useKeptFocus()}>
      <ViewHeader title={say(words.accounts.title)}>{say(words.accounts.text, { count })}</ViewHeader>
      {state.unreachable && <Unreachable />}
      <ul {...part('accounts')} aria-label={say(words.accounts.list)}>
        {connections.map((connection) => (
          <Account key={connection.id} state={state} connection={connection} />
        ))}
      </ul>
      <Button onClick={state.add}>{say(words.accounts.add)}</Button>
    </div>
  )
}
