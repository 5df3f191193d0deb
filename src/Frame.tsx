import { type ReactNode, useEffect, useRef } from 'react'
import { useParts } from './parts.ts'

/** One view; when it comes, the focus goes to its first field, or else to its title. */
export function Frame({ takesFocus, children }: { takesFocus: () => boolean; children: ReactNode }) {
  const part = useParts()
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!takesFocus()) return
    const find = (selector: string) => frame.current?.querySelector<HTMLElement>(selector)
    const target = find('[data-cc-focus=first]') ?? find('[data-cc-focus]')
    target?.focus({ preventScroll: true })
  }, [takesFocus])
  return (
    <div {...part('view')} ref={frame}>
      {children}
    </div>
  )
}
