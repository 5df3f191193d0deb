import { createElement, Fragment, options } from 'preact'
import { createRoot } from '../../src/reactByPreact.ts'

// What the tests themselves use of React, beside what the component does.

export * from '../../src/reactByPreact.ts'

/** Renders at once what a callback changes. */
export function flushSync(change: () => void) {
  const { debounceRendering } = options
  options.debounceRendering = (render) => render()
  change()
  options.debounceRendering = debounceRendering
}

// There is nothing to be strict about: effects run once.
export { Fragment as StrictMode } from 'preact'

export default { createElement, createRoot, StrictMode: Fragment }
