import { AccountsView } from './AccountsView.tsx'
import { Frame } from './Frame.tsx'
import { PagesView } from './PagesView.tsx'
import { PickerView } from './PickerView.tsx'
import type { StateOf } from './states.ts'

type ListState = StateOf<'accounts' | 'picker' | 'pages'>

function CurrentList({ state }: { state: ListState }) {
  switch (state.name) {
    case 'accounts':
      return <AccountsView state={state} />
    case 'picker':
      return <PickerView state={state} />
    case 'pages':
      return <PagesView state={state} />
  }
}

/** The views that list. */
export function Lists({ state, takesFocus }: { state: ListState; takesFocus: () => boolean }) {
  return (
    <Frame key={state.name} takesFocus={takesFocus}>
      <CurrentList state={state} />
    </Frame>
  )
}
