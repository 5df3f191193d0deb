import { type RefObject, useEffect, useInsertionEffect, useLayoutEffect, useRef } from 'react'

/** The value of the latest render, for what runs later. */
export function useLatest<T>(value: T): RefObject<T> {
  const ref = useRef(value)
  useInsertionEffect(() => {
    ref.current = value
  })
  return ref
}

/** React 18 warns of layout effects on a server, where none of them runs. */
export const useIsomorphicLayoutEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect
