import { type RefObject, useEffect, useState } from 'react'
import { useIsomorphicLayoutEffect } from './useLatest.ts'

/** Rows beyond the edges that are there before they come into sight. */
const overscan = 8
/** Until a row has been measured, in pixels. */
const guessedHeight = 44

/**
 * Which of many rows of one height are in the document: those in sight, and a few around them.
 *
 * @param box scrolls; its first element is as high as all rows, and that one's first is moved to where the rows in sight are
 */
export function useVirtualRows(box: RefObject<HTMLElement | null>, count: number) {
  const [height, setHeight] = useState(guessedHeight)
  const [range, setRange] = useState({ from: 0, to: 3 * overscan })

  useEffect(() => {
    const element = box.current
    if (!element) return
    const look = () => {
      const from = Math.max(0, Math.floor(element.scrollTop / height) - overscan)
      const to = Math.ceil((element.scrollTop + element.clientHeight) / height) + overscan
      setRange((before) => (before.from === from && before.to === to ? before : { from, to }))
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    const resized = new ResizeObserver(look)
    resized.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      resized.disconnect()
    }
  }, [box, height])

  const to = Math.min(range.to, count)
  const from = Math.max(0, Math.min(range.from, to - 1))
  // By script: a content security policy may forbid style attributes.
  useIsomorphicLayoutEffect(() => {
    const sizer = box.current?.firstElementChild
    const rows = sizer?.firstElementChild
    if (!(sizer instanceof HTMLElement && rows instanceof HTMLElement)) return
    sizer.style.setProperty('block-size', `${count * height}px`)
    rows.style.setProperty('translate', `0 ${from * height}px`)
    const measured = rows.firstElementChild?.getBoundingClientRect().height
    if (measured && Math.abs(measured - height) > 0.5) setHeight(measured)
  })

  /** Scrolls as little as it takes to have a row in sight. */
  const reveal = (index: number) => {
    const element = box.current
    if (!element) return
    const top = index * height
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + height - element.clientHeight
  }

  /** How many rows fit. */
  const page = () => Math.max(1, Math.floor((box.current?.clientHeight ?? height) / height) - 1)

  return { from, to, reveal, page }
}
