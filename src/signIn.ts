import type { Backend, SignInEvent } from './backend.ts'
import type { CreateFlowInput } from './contract.ts'
import { ConnectError, toConnectError } from './errors.ts'
import type { StepEvent } from './flow.ts'
import { completionOf, openAddress, type Way } from './returnTo.ts'

/** One running attempt to sign in: a window, and a flow on the server. */
export interface Attempt {
  /** How it was opened in the end. */
  readonly way: Way
  /** The browser held the window back. */
  readonly blocked: boolean
  /** Brings the window to the front. False when it cannot be reached any more. */
  focus(): boolean
  /** Ends the attempt on this page and leaves the window open. */
  release(): void
  /** Ends the attempt on this page and closes the window. */
  stop(): void
}

/** Who hears of an attempt. */
export interface AttemptListener {
  dispatch(event: StepEvent): void
  /** The flow exists: remember it. */
  onCreated(flow: Awaited<ReturnType<Backend['createFlow']>>['flow']): void
  /** The flow may have changed: look at it now. */
  onHint(): void
}

/** How to open a sign-in. */
export interface Ways {
  way: Way
  /** What to do instead where the browser holds the window back. Null: show a link. */
  ifBlocked: 'here' | null
  openUrl(url: string): void
}

/**
 * Opens the sign-in window and, at the same time, creates the flow that it will be bound to. Call it in a click.
 */
export function beginSignIn(
  backend: Backend,
  input: CreateFlowInput,
  { way: wanted, ifBlocked, openUrl }: Ways,
  listener: AttemptListener,
): Attempt {
  const controller = new AbortController()
  const { signal } = controller

  const fail = (error: ConnectError) => {
    controller.abort()
    signInWindow.close()
    listener.dispatch({ type: 'failed', error })
  }

  const onEvent = (event: SignInEvent) => {
    if (signal.aborted) return
    if (event.type === 'started') listener.dispatch({ type: 'windowStarted' })
    if (event.type === 'unattended') listener.dispatch({ type: 'windowUnattended' })
    if (event.type === 'closed')
      fail(new ConnectError('popup_closed', 'The sign-in window was closed before it started.'))
    if (event.type === 'failed') fail(new ConnectError(event.code, 'The sign-in window could not start.'))
    if (event.type === 'done') listener.onHint()
  }

  const open = (by: Way) => (by === 'popup' ? backend.openSignIn(onEvent) : openAddress(by, openUrl, onEvent))
  let signInWindow = open(wanted)
  const way = signInWindow.opened ? wanted : (ifBlocked ?? wanted)
  if (way !== wanted) signInWindow = open(way)
  const blocked = !signInWindow.opened
  listener.dispatch({ type: 'signInOpened', site: input.site, blocked })

  const run = async () => {
    // A link to the sign-in page helps only a window that can speak with this one.
    if (blocked && way !== 'popup') throw new ConnectError('popup_blocked', 'The sign-in window was held back.')
    const { flow, secret, url } = await backend.createFlow({ ...input, ...completionOf(way) }, { signal })
    if (signal.aborted) return
    const key = way === 'popup' ? secret : url
    if (!key) throw new ConnectError('unknown', 'The backend gave no address to sign in at.')
    listener.onCreated(flow)
    listener.dispatch({ type: 'flowCreated', flowId: flow.id })
    signInWindow.deliver(key)
  }
  run().catch((error: unknown) => {
    if (!signal.aborted) fail(toConnectError(error))
  })

  const end = (how: () => void) => () => {
    controller.abort()
    how()
  }
  return {
    way,
    blocked,
    focus: signInWindow.focus,
    release: end(signInWindow.release),
    stop: end(signInWindow.close),
  }
}
