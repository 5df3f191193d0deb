import { options, render, type VNode } from 'preact'

// What the component uses of React, in the custom element: by Preact, with the few of React's ways that it relies on. `preact/compat`
// has all of them, and is half as large as Preact itself.

export { cloneElement, createContext, createElement, Fragment, isValidElement } from 'preact'
export {
  useCallback,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useLayoutEffect as useInsertionEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from 'preact/hooks'

/** What React calls events of the document otherwise: these bubble, and a text field changes with each letter. */
const eventNames: Record<string, string> = { onFocus: 'onFocusIn', onBlur: 'onFocusOut' }

const isTextField = ({ type, props }: VNode) =>
  type === 'input' && !['checkbox', 'radio'].includes(String((props as { type?: unknown }).type))

const { vnode: nextVnode, event: nextEvent } = options

options.vnode = (vnode) => {
  if (typeof vnode.type === 'string') {
    const named = Object.entries(vnode.props).map(([name, value]) => [
      name === 'onChange' && isTextField(vnode) ? 'onInput' : (eventNames[name] ?? name),
      value,
    ])
    vnode.props = Object.fromEntries(named)
  }
  nextVnode?.(vnode)
}

options.event = (event) => Object.assign(nextEvent?.(event) ?? event, { nativeEvent: event })

/** @param container holds what is rendered, and nothing else */
export const createRoot = (container: Element) => ({
  render: (content: VNode) => render(content, container),
  unmount: () => render(null, container),
})
