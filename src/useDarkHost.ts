import { useIsomorphicLayoutEffect } from './useLatest.ts'

/**
 * Puts the class `dark` on the inside of a shadow root while it is around it, since selectors do not look out.
 *
 * @param watched whether a change is followed at once: while it can be seen
 */
export function useDarkHost(outside: HTMLElement, inside: HTMLElement, watched: boolean) {
  useIsomorphicLayoutEffect(() => {
    const look = () => inside.classList.toggle('dark', outside.closest('.dark') !== null)
    look()
    if (!watched) return
    const observer = new MutationObserver(look)
    for (const element of [document.documentElement, document.body])
      observer.observe(element, { attributeFilter: ['class'] })
    return () => observer.disconnect()
  })
}
