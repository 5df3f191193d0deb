import { type FocusEvent, useRef } from 'react'
import { useIsomorphicLayoutEffect } from './useLatest.ts'

/** Keeps the focus where somebody was when what had it goes away: in the row that took its place, in the tree, or else at the title. */
export function useKeptFocus() {
  const ref = useRef<HTMLDivElement>(null)
  const last = useRef<Element | null>(null)
  const row = useRef(0)
  useIsomorphicLayoutEffect(() => {
    const root = ref.current
    if (!root || !last.current || last.current.isConnected) return
    last.current = null
    const { activeElement } = root.getRootNode() as Document | ShadowRoot
    if (activeElement && activeElement !== document.body) return
    const rows = root.querySelector('table')?.rows
    const next = rows?.[Math.min(row.current, rows.length - 1)]?.querySelector('input')
    ;(
      next ??
      root.querySelector<HTMLElement>('[role=tree]') ??
      root.querySelector<HTMLElement>('[data-cc-focus]')
    )?.focus()
  })
  return {
    ref,
    onFocus: ({ target }: FocusEvent) => {
      last.current = target
      // That of the header is 0.
      row.current = target.closest('tr')?.rowIndex ?? 0
    },
  }
}
