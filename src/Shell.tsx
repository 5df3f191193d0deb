import { type ReactNode, type SyntheticEvent, useCallback, useRef } from 'react'
import { type Appearance, useRoot } from './appearance.ts'
import { Button } from './Button.tsx'
import { ConnectionLine, type LineState } from './ConnectionLine.tsx'
import { Lazy, Skeleton } from './Lazy.tsx'
import { useParts } from './parts.ts'
import type { ConnectState } from './states.ts'
import { useTexts } from './texts.ts'
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts'
import type { ViewsProps } from './Views.tsx'

const lines: Partial<Record<ConnectState['name'], LineState>> = {
  resuming: 'waiting',
  waiting: 'waiting',
  choosing: 'waiting',
  syncing: 'syncing',
  synced: 'connected',
  stopped: 'broken',
  failed: 'broken',
  picker: 'connected',
  pages: 'connected',
}

/** The line of a state: of several accounts, the one that needs somebody most. */
function lineOf(state: ConnectState): LineState {
  if (state.name !== 'accounts') return lines[state.name] ?? 'idle'
  const { connections } = state
  if (connections.some(({ status, syncStatus }) => status === 'reconnect_needed' || syncStatus === 'SYNC_ERROR'))
    return 'broken'
  const active = connections.filter(({ status }) => status === 'active')
  if (active.some(({ syncStatus }) => syncStatus !== 'READY')) return 'syncing'
  return active.length > 0 ? 'connected' : 'idle'
}

const wide: readonly ConnectState['name'][] = ['accounts', 'picker', 'pages']

// Kept apart from the trigger and the hook: a page that shows the component to few people loads little for all others.
const loadViews = async () => (await import('./Views.tsx')).Views

/** Props of {@link ModalShell} and {@link InlineShell}. */
export interface ShellProps extends Omit<ViewsProps, 'state' | 'takesFocus'> {
  /** Null while the texts are being loaded. */
  state: ConnectState | null
  appearance: Appearance
  brandIcon?: ReactNode
  /** It cannot be closed. */
  fixed: boolean
  /** Where the first view leads back to, in place of nothing. */
  leave: (() => void) | null
  lang?: string | undefined
  dir?: 'ltr' | 'rtl' | undefined
}

function Content({
  state,
  appearance,
  brandIcon,
  fixed,
  leave,
  ...view
}: Omit<ShellProps, 'lang' | 'dir'> & Pick<ViewsProps, 'takesFocus'>) {
  const { messages, say } = useTexts()
  const part = useParts()
  const back = (state && 'back' in state && state.back) || (state?.name === 'enter' && leave)
  return (
    <>
      <div {...part('body')} aria-busy={state ? undefined : true}>
        <ConnectionLine
          state={state ? lineOf(state) : 'idle'}
          brandIcon={brandIcon}
          confluenceIcon={view.confluenceIcon}
          logo={appearance.options?.logo}
        />
        {state ? <Lazy load={loadViews} props={{ ...view, state }} /> : <Skeleton rows={3} />}
      </div>
      {back && (
        <Button slot="back" label={say(messages.back)} onClick={back}>
          <svg viewBox="0 0 16 16" aria-hidden="true" className="cc-cross cc-turned">
            <path d="M10 3L5 8l5 5" />
          </svg>
        </Button>
      )}
      {!fixed && (
        <Button slot="close" label={say(messages.close)} onClick={view.close}>
          <svg viewBox="0 0 16 16" aria-hidden="true" className="cc-cross">
            <path d="M3.5 3.5l9 9m0-9l-9 9" />
          </svg>
        </Button>
      )}
    </>
  )
}

const sizeOf = (state: ConnectState | null) => (state && wide.includes(state.name) ? 'wide' : undefined)

// What is done in the component is none of the business of the host's elements around it: React hands on even that it closes.
const keep = (event: SyntheticEvent) => event.stopPropagation()

const always = () => true

/** The modal: a native dialog. It is mounted only while it is open. */
export function ModalShell(props: ShellProps) {
  const { lang, dir, ...content } = props
  const { state, appearance, fixed, close } = props
  const { messages, say } = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)
  const root = useRoot('dialog', appearance, dialog, { lang, dir })
  const latestClose = useLatest(fixed ? null : close)

  // In the layout phase, so that the dialog is closed, and has given the focus back, before it leaves the document.
  useIsomorphicLayoutEffect(() => {
    const element = dialog.current
    const listening = new AbortController()
    element?.showModal()
    // Before any listener of the host's: an Escape here is not meant for a dialog around this one.
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || !event.composedPath().includes(element ?? window)) return
      event.stopImmediatePropagation()
      event.preventDefault()
      latestClose.current?.()
    }
    window.addEventListener('keydown', onKey, { capture: true, signal: listening.signal })
    // The page behind would scroll under the backdrop.
    const hold = (event: Event) => event.target === element && event.preventDefault()
    for (const name of ['wheel', 'touchmove'] as const)
      element?.addEventListener(name, hold, { passive: false, signal: listening.signal })
    return () => {
      listening.abort()
      element?.close()
    }
  }, [latestClose])

  const onCancel = (event: SyntheticEvent) => {
    keep(event)
    event.preventDefault()
    latestClose.current?.()
  }
  // Browsers close a dialog on a second Escape without asking. An effect that ran twice closes it too, but opens it again; and one
  // that has left is told of late, when another may be open already.
  const onClose = (event: SyntheticEvent) => {
    keep(event)
    if (dialog.current?.open === false) close()
  }

  return (
    <dialog
      {...root}
      ref={dialog}
      data-view={state?.name}
      data-size={sizeOf(state)}
      aria-label={say(messages.title)}
      onCancel={onCancel}
      onClose={onClose}
      onClick={keep}
      onKeyDown={keep}
      onChange={keep}
      onPointerDown={keep}
    >
      <Content {...content} takesFocus={always} />
    </dialog>
  )
}

/** A part of the host's page. It takes the focus only from one of its views to the next. */
export function InlineShell(props: ShellProps) {
  const { lang, dir, ...content } = props
  const { state, appearance } = props
  const { messages, say } = useTexts()
  const panel = useRef<HTMLElement>(null)
  const root = useRoot('panel', appearance, panel, { lang, dir })
  // Until somebody has been in it, the page may have the focus elsewhere for good reason.
  const visited = useRef(false)
  const takesFocus = useCallback(() => visited.current, [])
  return (
    <section
      {...root}
      ref={panel}
      onFocus={() => {
        visited.current = true
      }}
      data-view={state?.name}
      data-size={sizeOf(state)}
      aria-label={say(messages.title)}
    >
      <Content {...content} takesFocus={takesFocus} />
    </section>
  )
}
