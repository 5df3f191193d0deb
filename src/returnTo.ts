import type { Backend, CallOptions, SignInEvent, SignInWindow } from './backend.ts'
import type { CreateFlowInput, Flow } from './contract.ts'
import { focusWindow, openWindow, watchUnattended } from './popup.ts'
import type { createSession, FlowRecord } from './session.ts'

// Sign-ins without a handshake between windows: what opens only goes to an address, and for three of the four ways the
// browser comes back to this page with `cc_flow` in its address.

/**
 * How a sign-in is opened.
 *
 * - `popup`: in a window that speaks with this page
 * - `window`: in a window that cannot; the sign-in comes back to this page in it, and it closes
 * - `here`: in this tab, which comes back
 * - `link`: by the host, in a browser outside
 */
export type Way = 'popup' | 'window' | 'here' | 'link'

const channelName = 'confluence-connect'
/** The longest address that the server takes, in characters. */
const longestUrl = 2000
/** How long a window that was told to close may take, in milliseconds. */
const closingMs = 1000

/** What a flow needs to know of its way. */
export function completionOf(way: Way): Pick<CreateFlowInput, 'completion' | 'returnUrl'> {
  if (way === 'popup') return {}
  if (way === 'link') return { completion: 'link' }
  const { href, origin, pathname } = location
  return { completion: 'return', returnUrl: href.length > longestUrl ? origin + pathname : href }
}

/** Whether this tab may go to Atlassian, whose pages refuse to be in a frame. */
export const isWholeTab = () => globalThis.top === globalThis.self

/** Opens a sign-in in any way but `popup`. What is delivered to it is the address that it goes to. */
export function openAddress(
  way: Exclude<Way, 'popup'>,
  openUrl: (url: string) => void,
  onEvent: (event: SignInEvent) => void,
): SignInWindow {
  const stop = new AbortController()
  const { signal } = stop
  const popup = way === 'window' ? openWindow('') : undefined
  if (popup) {
    // The window that comes back is on this origin, so it can say that there is news.
    const channel = new BroadcastChannel(channelName)
    channel.onmessage = () => onEvent({ type: 'done' })
    signal.addEventListener('abort', () => channel.close())
  }
  return {
    opened: popup !== null,
    deliver: (url) => {
      if (popup?.closed) return onEvent({ type: 'closed' })
      onEvent({ type: 'started' })
      watchUnattended(onEvent, signal)
      if (popup) popup.location.replace(url)
      else if (way === 'here') location.assign(url)
      else openUrl(url)
    },
    focus: () => focusWindow(popup),
    release: () => stop.abort(),
    close: () => {
      stop.abort()
      popup?.close()
    },
  }
}

/** What the browser came back with, until it is used. */
let returned: { flowId: string; proof: string; elsewhere: boolean } | null = null

/** Takes it off the address, where neither a reload nor a copied link must find it. All else stays as it is. */
function takeReturned(): typeof returned {
  const url = new URL(location.href)
  const found = /([?&])cc_flow=([^.&]+)\.([^&]+)&?/.exec(url.search)
  if (!found) return null
  const [whole, before = '', flowId = '', proof = ''] = found
  url.search = url.search.replace(whole, before).replace(/&$/, '')
  history.replaceState(history.state, '', url)
  return { flowId, proof, elsewhere: false }
}

/** The flow to go on with on this page: the one that the browser came back with, or the one before a reload. */
export function resumeFlow(session: ReturnType<typeof createSession>): FlowRecord | null {
  returned ??= takeReturned()
  const record = session.resume(returned?.flowId)
  if (returned && record) returned.elsewhere = record.elsewhere ?? false
  return record
}

/** What the browser came back with is given up together with its flow. */
export function dropReturned(flowId: string): void {
  if (returned?.flowId === flowId) returned = null
}

/**
 * Where a flow stands. One that the browser came back with is completed first; where another window goes on with it, that one is
 * told, and this one closes.
 */
export async function loadFlow(backend: Backend, flowId: string, call: CallOptions): Promise<Flow | null> {
  if (returned?.flowId !== flowId || !backend.completeFlow) return backend.getFlow(flowId, call)
  const { elsewhere } = returned
  const flow = await backend.completeFlow(flowId, { proof: returned.proof }, call)
  dropReturned(flowId)
  if (elsewhere) {
    const channel = new BroadcastChannel(channelName)
    channel.postMessage(flowId)
    channel.close()
    window.close()
    // Where the browser does not close it, the person goes on here.
    await new Promise((resolve) => setTimeout(resolve, closingMs))
  }
  return flow
}
