import type { StateOf } from './states.ts'

export function PagesView({ state }: { state: StateOf<'pages'> }) {
  return <p>{state.name}</p>
}
