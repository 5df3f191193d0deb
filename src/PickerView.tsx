import type { StateOf } from './states.ts'

export function PickerView({ state }: { state: StateOf<'picker'> }) {
  return <p>{state.name}</p>
}
