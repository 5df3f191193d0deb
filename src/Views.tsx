import type { ReactNode } from 'react'
import { AccountsView } from './AccountsView.tsx'
import { Announcer } from './Announcer.tsx'
import { ChoosingView } from './ChoosingView.tsx'
import { DisconnectedView, StoppedView, SyncedView, SyncingView } from './ConnectedViews.tsx'
import { EnterView, type LegalLinks } from './EnterView.tsx'
import { FailedView } from './FailedView.tsx'
import { Frame } from './Frame.tsx'
import { IntegrationsView } from './IntegrationsView.tsx'
import { Skeleton } from './Lazy.tsx'
import { PagesView } from './PagesView.tsx'
import { PickerView } from './PickerView.tsx'
import { BlockedView, ResumingView, WaitingView } from './SignInViews.tsx'
import type { ConnectState } from './states.ts'
import { ViewHeader } from './ViewHeader.tsx'
import { useViewTexts } from './viewTexts.tsx'

/** Props of {@link Views}. */
export interface ViewsProps extends LegalLinks {
  state: ConnectState
  close: () => void
  confluenceIcon?: ReactNode
  /** Whether a view that comes takes the focus. */
  takesFocus: () => boolean
}

/** Until it is known what to begin with: the shape of the first view. */
function OpeningView() {
  const { messages, say } = useViewTexts()
  return (
    <>
      <ViewHeader title={say(messages.title)} />
      <Skeleton rows={2} />
    </>
  )
}

function CurrentView({ state, close, confluenceIcon, ...legal }: Omit<ViewsProps, 'takesFocus'>) {
  switch (state.name) {
    case 'opening':
      return <OpeningView />
    case 'integrations':
      return <IntegrationsView state={state} confluenceIcon={confluenceIcon} />
    case 'enter':
      return <EnterView state={state} {...legal} />
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
    case 'accounts':
      return <AccountsView state={state} />
    case 'picker':
      return <PickerView state={state} />
    case 'pages':
      return <PagesView state={state} />
  }
}

/** The view of the state, and what is said of it to those who do not see it. */
export function Views({ takesFocus, ...props }: ViewsProps) {
  const { state } = props
  return (
    <>
      <Frame key={state.name} takesFocus={takesFocus}>
        <CurrentView {...props} />
      </Frame>
      <Announcer state={state} />
    </>
  )
}
