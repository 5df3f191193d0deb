import { Aside, Unreachable } from './Aside.tsx'
import type { SyncProgress } from './contract.ts'
import type { Message, MessageValues } from './messages.ts'
import { useParts } from './parts.ts'
import { shareOf } from './share.ts'
import { lasting } from './time.ts'
import { Text, useViewTexts } from './viewTexts.tsx'

interface Said {
  message: Message
  values?: MessageValues
}

type Texts = ReturnType<typeof useViewTexts>

function counted(progress: SyncProgress | null, { messages, locale }: Texts): Said {
  const words = messages.connection
  if (!progress || progress.phase === 'queued') return { message: words.queued }
  const { synced, failed, total } = progress.pages
  const arrived = synced + failed
  if (progress.phase === 'spaces' && arrived === 0) return { message: words.spaces }
  return total === null
    ? { message: words.counting, values: { count: arrived } }
    : { message: words.counted, values: { count: total, synced: new Intl.NumberFormat(locale).format(arrived) } }
}

function timed(progress: SyncProgress | null, { messages, locale }: Texts): Said | null {
  const words = messages.connection
  if (progress?.rateLimitedUntil) {
    const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(progress.rateLimitedUntil))
    return { message: words.rateLimited, values: { time } }
  }
  const seconds = progress?.secondsLeft ?? null
  if (seconds === null) return null
  if (seconds < 60) return { message: words.left.soon }
  return { message: words.left.about, values: { time: lasting(seconds, locale) } }
}

/** How far the sync has come, in real numbers; what is estimated says so. */
export function ProgressReport({ progress, unreachable }: { progress: SyncProgress | null; unreachable: boolean }) {
  const texts = useViewTexts()
  const { messages, say } = texts
  const part = useParts()
  const share = progress && shareOf(progress)
  const count = counted(progress, texts)
  const time = timed(progress, texts)
  const failed = progress?.pages.failed ?? 0
  return (
    <div {...part('progress')}>
      <progress
        {...part('bar')}
        aria-label={say(messages.connection.progress)}
        aria-valuetext={say(count.message, count.values)}
        {...(share !== null && { value: share })}
      />
      <p {...part('count')}>
        <span>
          <Text {...count} />
        </span>
        {time && <span>{say(time.message, time.values)}</span>}
      </p>
      {failed > 0 && <Aside kind="warning">{say(messages.connection.failedPages, { count: failed })}</Aside>}
      {unreachable && <Unreachable />}
    </div>
  )
}
