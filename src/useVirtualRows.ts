import { type RefObject, useState } from 'react'
import { useIsomorphicLayoutEffect } from './useLatest.ts'

/** Rows beyond the edges that are there before they come into sight. */
const overscan = 8
/** Until a row has been measured, in pixels. */
const guessedHeight = 44

/**
 * Which of many rows of one height are in the document: those in sight, and a few around them.
 *
 * @param box scrolls; its first element is made as high as all rows, and each element in that one is moved to the place
 *   that its `data-index` says
 * @param place how far it is scrolled: where it starts, and kept up to date, so that it can be left and come back to
 */
export function useVirtualRows(box: RefObject<HTMLElement | null>, count: number, place: { top: number }) {
  const [height, setHeight] = useState(guessedHeight)
  const [range, setRange] = useState({ from: 0, to: 3 * overscan })

  // By script: a content security policy may forbid style attributes.
  useIsomorphicLayoutEffect(() => {
    const sizer = box.current?.firstElementChild
    if (!(sizer instanceof HTMLElement)) return
    sizer.style.setProperty('block-size', `${count * height}px`)
    for (const row of sizer.querySelectorAll<HTMLElement>('[data-index]'))
      row.style.setProperty('translate', `0 ${Number(row.dataset.index) * height}px`)
    const measured = sizer.firstElementChild?.getBoundingClientRect().height
    if (measured && Math.abs(measured - height) > 0.5) setHeight(measured)
  })

  // In the layout phase, so that it is over when the element leaves the document, where it is no longer scrolled.
  useIsomorphicLayoutEffect(() => {
    const element = box.current
    if (!element) return
    element.scrollTop = place.top
    const look = () => {
      place.top = element.scrollTop
      const from = Math.max(0, Math.floor(element.scrollTop / height) - overscan)
      const to = Math.ceil((element.scrollTop + element.clientHeight) / height) + overscan
      setRange((before) => (before.from === from && before.to === to ? before : { from, to }))
    }
    look()
    element.addEventListener('scroll', look)
    const resized = new ResizeObserver(look)
    resized.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      resized.disconnect()
    }
  }, [box, height, place])

  const to = Math.min(range.to, count)
  const from = Math.max(0, Math.min(range.from, to - 1))

  /** Scrolls as little as it takes to have a row in sight. */
  const reveal = (index: number) => {
    const element = box.current
    if (!element) return
    const top = index * height
    element.scrollTop = Math.max(top + height - element.clientHeight, Math.min(top, element.scrollTop))
  }

  /** How many rows fit. */
  const page = () => Math.floor((box.current?.clientHeight ?? 0) / height) - 1 || 1

  return { from, to, reveal, page }
}
