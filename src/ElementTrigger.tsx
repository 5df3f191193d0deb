import { useEffect, useRef } from 'react'
import { useTexts } from './texts.ts'
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts'

/** Elements that a person can press, by the host's own making. All else goes into a button of ours. */
const isPressable = (element: Element) =>
  element.matches('button, a[href], input, summary, [role="button"]') || element.localName.includes('-')

/** What the host has put into the slot that a person can press. */
export const pressableTriggers = (host: Element): Element[] =>
  [...host.children].filter((child) => child.slot === 'trigger' && isPressable(child))

function Label() {
  const { messages, say } = useTexts()
  return say(messages.trigger)
}

/** The label of our own button: what the host gave, or ours. */
export const labelSlot = (
  <slot name="trigger">
    <Label />
  </slot>
)

/** The host's own triggers, as they are: they open the modal, and say so to assistive technology. */
export function HostTrigger({
  triggers,
  open,
  onPress,
}: {
  triggers: readonly Element[]
  open: boolean
  onPress: () => void
}) {
  const slot = useRef<HTMLSlotElement>(null)
  const latestPress = useLatest(onPress)
  // Not by a prop: React does not see what happens to elements that are not its own.
  useEffect(() => {
    const listening = new AbortController()
    const onClick = (event: Event) => !event.defaultPrevented && latestPress.current()
    slot.current?.addEventListener('click', onClick, { signal: listening.signal })
    return () => listening.abort()
  }, [latestPress])
  // At once: what was put in may be taken out before effects run.
  useIsomorphicLayoutEffect(() => {
    for (const trigger of triggers) {
      trigger.setAttribute('aria-haspopup', 'dialog')
      trigger.setAttribute('aria-expanded', String(open))
    }
    return () => {
      for (const trigger of triggers)
        for (const name of ['haspopup', 'expanded']) trigger.removeAttribute(`aria-${name}`)
    }
  }, [triggers, open])
  return <slot name="trigger" ref={slot} />
}
