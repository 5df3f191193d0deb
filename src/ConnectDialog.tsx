import { type ReactNode, type SyntheticEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { Announcer } from './Announcer.tsx'
import { ChoosingView } from './ChoosingView.tsx'
import { ConnectionLine, type LineState } from './ConnectionLine.tsx'
import { DisconnectedView, StoppedView, SyncedView, SyncingView } from './ConnectionViews.tsx'
import { EnterView, type LegalLinks } from './EnterView.tsx'
import { FailedView } from './FailedView.tsx'
import { BlockedView, ResumingView, WaitingView } from './SignInViews.tsx'
import { useTexts } from './texts.tsx'
import type { ConnectState } from './useConfluenceConnect.ts'

const lines: Record<ConnectState['name'], LineState> = {
  enter: 'idle',
  resuming: 'waiting',
  blocked: 'idle',
  waiting: 'waiting',
  choosing: 'waiting',
  syncing: 'syncing',
  synced: 'connected',
  stopped: 'broken',
  disconnected: 'idle',
  failed: 'broken',
}

interface ViewProps extends LegalLinks {
  state: ConnectState
  close: () => void
}

function CurrentView({ state, close, tosURL, privacyPolicyURL }: ViewProps) {
  switch (state.name) {
    case 'enter':
      return <EnterView state={state} tosURL={tosURL} privacyPolicyURL={privacyPolicyURL} />
    case 'resuming':
      return <ResumingView state={state} />
    case 'blocked':
      return <BlockedView state={state} />
    case 'waiting':
      return <WaitingView state={state} />
    case 'choosing':
      return <ChoosingView state={state} />
    case 'syncing':
      return <SyncingView state={state} close={close} />
    case 'synced':
      return <SyncedView state={state} close={close} />
    case 'stopped':
      return <StoppedView state={state} close={close} />
    case 'disconnected':
      return <DisconnectedView state={state} close={close} />
    case 'failed':
      return <FailedView state={state} close={close} />
  }
}

/** One view; when it comes, the focus goes to its first field, or else to its title. */
function Frame({ children }: { children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const find = (selector: string) => frame.current?.querySelector<HTMLElement>(selector)
    const target = find('[data-cc-focus=first]') ?? find('[data-cc-focus]')
    target?.focus({ preventScroll: true })
  }, [])
  return (
    <div className="cc-view" ref={frame}>
      {children}
    </div>
  )
}

/** Props of {@link ConnectDialog}. */
export interface ConnectDialogProps extends ViewProps {
  theme: 'light' | 'dark' | 'auto'
  brandIcon?: ReactNode
  confluenceIcon?: ReactNode
}

/** The modal: a native dialog around the view of the state. It is mounted only while it is open. */
export function ConnectDialog({ theme, brandIcon, confluenceIcon, ...view }: ConnectDialogProps) {
  const { state, close } = view
  const { messages, say } = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)

  // In the layout phase, so that the dialog is closed, and has given the focus back, before it leaves the document.
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])

  const onCancel = (event: SyntheticEvent) => {
    event.preventDefault()
    close()
  }
  // Browsers close a dialog on a second Escape without asking. An effect that ran twice closes it too, but opens it again.
  const onClose = () => {
    if (!dialog.current?.open) close()
  }

  return (
    <dialog
      className="cc-root cc-dialog"
      ref={dialog}
      data-theme={theme}
      data-view={state.name}
      aria-label={say(messages.enter.title)}
      onCancel={onCancel}
      onClose={onClose}
    >
      <div className="cc-body">
        <ConnectionLine state={lines[state.name]} brandIcon={brandIcon} confluenceIcon={confluenceIcon} />
        <Frame key={state.name}>
          <CurrentView {...view} />
        </Frame>
        <Announcer state={state} />
      </div>
      <button type="button" className="cc-close" aria-label={say(messages.close)} onClick={close}>
        <svg viewBox="0 0 16 16" aria-hidden="true" className="cc-cross">
          <path d="M3.5 3.5l9 9m0-9l-9 9" />
        </svg>
      </button>
    </dialog>
  )
}
