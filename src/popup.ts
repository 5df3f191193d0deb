import type { SignInEvent, SignInWindow } from './backend.ts'
import type { PopupMessage } from './contract.ts'
import { isErrorCode } from './errors.ts'

const closedPollMs = 500
const unattendedAfterMs = 10_000

let opened = 0

/** A window in front of this page, null where the browser holds it back. Call it synchronously in a click. */
export function openWindow(url: string): Window | null {
  opened += 1
  return window.open(url, `cc_${opened}`, 'popup,width=560,height=720')
}

/** Brings a window to the front. False when it cannot be reached any more. */
export function focusWindow(popup: Window | null | undefined): boolean {
  if (!popup || popup.closed) return false
  popup.focus()
  return true
}

/** Tells when the person is back at this page, or ten seconds have passed. */
export function watchUnattended(onEvent: (event: SignInEvent) => void, signal: AbortSignal): void {
  const unattended = () => onEvent({ type: 'unattended' })
  const timer = setTimeout(unattended, unattendedAfterMs)
  window.addEventListener('focus', unattended, { signal })
  signal.addEventListener('abort', () => clearTimeout(timer))
}

/** Names of messages that the popup may send, so that anything else on the same channel is ignored. */
const isPopupMessage = (data: unknown): data is PopupMessage =>
  typeof data === 'object' &&
  data !== null &&
  'type' in data &&
  typeof data.type === 'string' &&
  data.type.startsWith('cc:')

/**
 * Opens the server's popup page and speaks the handshake of {@link PopupMessage} with it. Call it synchronously in a click.
 *
 * The secret goes only to the page's own origin. After `cc:started` the provider's pages may cut the window off from this
 * one, which then reads as closed though it is open: from there only the flow on the server tells what happens.
 *
 * @param url the popup page; its origin is the only one that is listened to
 */
export function openSignInWindow(url: string, onEvent: (event: SignInEvent) => void): SignInWindow {
  const { origin } = new URL(url)
  const stop = new AbortController()
  const { signal } = stop
  const first = openWindow(url)
  let popup: Window | null = first
  let secret: string | undefined
  let ready = false
  let started = false

  const answer = () => {
    if (ready && secret !== undefined) popup?.postMessage({ type: 'cc:start', secret } satisfies PopupMessage, origin)
  }

  const onStarted = () => {
    started = true
    clearInterval(closedPoll)
    watchUnattended(onEvent, signal)
    onEvent({ type: 'started' })
  }

  const onMessage = (event: MessageEvent<unknown>) => {
    if (event.origin !== origin || !isPopupMessage(event.data)) return
    // A window that a person opened by the link is known by nothing but its first word from the right origin.
    if (first === null && popup === null) popup = event.source as Window | null
    if (event.source !== popup) return
    if (event.data.type === 'cc:ready' && !started) {
      ready = true
      answer()
    } else if (event.data.type === 'cc:started' && !started) {
      onStarted()
    } else if (event.data.type === 'cc:failed') {
      onEvent({ type: 'failed', code: isErrorCode(event.data.code) ? event.data.code : 'unknown' })
    } else if (event.data.type === 'cc:done') {
      onEvent({ type: 'done' })
    }
  }

  const checkClosed = () => {
    if (!popup?.closed || started) return
    clearInterval(closedPoll)
    // It has spoken: it may have begun, and gone with the page whose word of that was still under way.
    if (ready) return onEvent({ type: 'unattended' })
    // Cut off at once while the person is still looking at it: this page isolates itself from the windows that it opens.
    onEvent(document.hasFocus() ? { type: 'closed' } : { type: 'failed', code: 'popup_no_opener' })
  }

  const closedPoll = setInterval(checkClosed, closedPollMs)
  window.addEventListener('message', onMessage, { signal })
  signal.addEventListener('abort', () => clearInterval(closedPoll))

  return {
    opened: first !== null,
    deliver: (value) => {
      secret = value
      answer()
    },
    focus: () => focusWindow(popup),
    release: () => stop.abort(),
    close: () => {
      stop.abort()
      popup?.close()
    },
  }
}
