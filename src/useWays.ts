import { type RefObject, useRef } from 'react'
import type { Backend } from './backend.ts'
import { notify } from './callbacks.ts'
import type { StepEvent } from './flow.ts'
import type { ConnectOptions } from './options.ts'
import { isWholeTab, type Way } from './returnTo.ts'
import type { Attempt, Ways } from './signIn.ts'

/** How a sign-in can be opened, by what the host wants and what this page has learnt of its windows. */
export function useWays(backend: Backend | null, latest: RefObject<ConnectOptions>) {
  const cutOff = useRef(globalThis.crossOriginIsolated ?? false)
  const held = useRef(false)
  const returns = backend?.completeFlow !== undefined
  const here = returns && isWholeTab()

  const wanted = ({ openUrl, signInMode }: ConnectOptions): Way => {
    if (openUrl) return 'link'
    if (here && signInMode === 'redirect') return 'here'
    return returns && cutOff.current ? 'window' : 'popup'
  }

  return {
    /** Whether this tab can leave for the sign-in and come back. */
    here,
    /** @param way one that the person chose */
    of(way: Way = wanted(latest.current)): Ways {
      const insists = way === 'window' || held.current
      return { way, ifBlocked: here && insists ? 'here' : null, openUrl: (url) => notify(latest.current.openUrl, url) }
    },
    onOpened({ blocked }: Attempt) {
      held.current = blocked
    },
    onEvent(event: StepEvent) {
      // A window that reads as closed before it spoke is, as a rule, one that this page is cut off from.
      if (event.type === 'failed' && ['popup_closed', 'popup_no_opener'].includes(event.error.code))
        cutOff.current = true
    },
  }
}
