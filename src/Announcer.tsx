import { shareOf } from './share.ts'
import type { ConnectState } from './states.ts'
import { useViewTexts } from './viewTexts.tsx'

const stepPercent = 10

/** Tells screen readers what changes inside a view: progress in tenths, and that something is being waited for. */
export function Announcer({ state }: { state: ConnectState }) {
  const { messages, say } = useViewTexts()
  const parts: string[] = []
  if (state.name === 'waiting' && state.window === 'unattended') parts.push(say(messages.waiting.unattended))
  if (state.name === 'syncing' && state.progress) {
    const share = shareOf(state.progress)
    const percent = share === null ? 0 : Math.floor((share * 100) / stepPercent) * stepPercent
    if (percent > 0) parts.push(say(messages.connection.percent, { count: percent }))
  }
  if ('unreachable' in state && state.unreachable) parts.push(say(messages.unreachable))
  return (
    <p className="cc-hidden" role="status">
      {parts.join(' ')}
    </p>
  )
}
