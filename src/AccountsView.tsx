import type { StateOf } from './states.ts'

export function AccountsView({ state }: { state: StateOf<'accounts'> }) {
  return <p>{state.name}</p>
}
