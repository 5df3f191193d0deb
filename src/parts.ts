import { createContext, useContext } from 'react'

/**
 * The parts that a host can give classes to (`appearance.elements`), style from its own stylesheet (`.cc-button`,
 * `[data-cc-slot=button]`) or, in the custom element, by `::part(button)`. Public: names stay.
 */
const slots = [
  'trigger',
  'dialog',
  'panel',
  'body',
  'close',
  'back',
  'link',
  'tile',
  'line',
  'view',
  'title',
  'text',
  'value',
  'label',
  'field',
  'input',
  'suffix',
  'hint',
  'button',
  'quiet',
  'inline',
  'note',
  'note-link',
  'aside',
  'code',
  'who',
  'avatar',
  'choices',
  'choice',
  'progress',
  'bar',
  'count',
  'skeleton',
  'list',
  'item',
  'row',
  'status',
  'toolbar',
  'footer',
  'tree',
  'treeitem',
  'checkbox',
  'table',
  'header',
  'cell',
  'pager',
  'actions',
  'accounts',
  'account',
] as const

export type Slot = (typeof slots)[number]

/** What a class name can depend on. */
export interface SlotState {
  /** The view that is shown. */
  view: string
  /** Which of several: `secondary` of a button, `error` of a hint. */
  kind?: string | undefined
  /** How it is at present: `syncing`, `broken`, `READY`. */
  state?: string | undefined
}

/** Class names by part; a function gets the state of the part. */
export type Elements = Partial<Record<Slot, string | ((state: SlotState) => string)>>

/** What the parts are drawn with; set once around the views. */
export const PartsContext = createContext<{ elements: Elements; view: string }>({ elements: {}, view: '' })

/** Gives the attributes of a part: `<button {...part('button', { kind: 'secondary' })}>`. */
export function useParts() {
  const { elements, view } = useContext(PartsContext)
  return (slot: Slot, { kind, state }: Omit<SlotState, 'view'> = {}) => {
    const own = elements[slot]
    const more = typeof own === 'function' ? own({ view, kind, state }) : own
    return {
      className: more ? `cc-${slot} ${more}` : `cc-${slot}`,
      part: slot,
      'data-cc-slot': slot,
      'data-kind': kind,
      'data-state': state,
    }
  }
}
