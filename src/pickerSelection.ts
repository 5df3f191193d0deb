import type { Item, SyncInput } from './contract.ts'

/** What is picked: everything, or some spaces and pages, by their ids at Confluence. */
export interface PickerSelection {
  all: boolean
  picked: ReadonlyMap<string, Item>
}

/** How many can be picked one by one: what a sync takes. */
export const maxPicked = 10_000

export const nothingPicked: PickerSelection = { all: false, picked: new Map() }
export const everythingPicked: PickerSelection = { all: true, picked: new Map() }

/** Comes along with what is picked already: with everything, or with its space. */
export const isIncluded = ({ all, picked }: PickerSelection, { type, spaceId }: Item): boolean =>
  all || (type === 'PAGE' && spaceId !== null && picked.has(spaceId))

/** Whether it will be synced; `mixed` for a space of which some pages are picked. */
export function checkedOf(selection: PickerSelection, item: Item): boolean | 'mixed' {
  if (!item.selectable) return false
  if (isIncluded(selection, item) || selection.picked.has(item.externalId)) return true
  if (item.type === 'SPACE')
    for (const { spaceId } of selection.picked.values()) if (spaceId === item.externalId) return 'mixed'
  return false
}

/** Whether it can be picked or taken back by itself. */
export const canPick = (selection: PickerSelection, item: Item): boolean =>
  item.selectable && !isIncluded(selection, item)

/**
 * Picks some, as far as they can be and there is room. A space takes the place of its pages, so there is room for it even
 * where there is none for another page.
 */
export function pick(selection: PickerSelection, items: readonly Item[]): PickerSelection {
  if (selection.all) return selection
  const picked = new Map(selection.picked)
  const next = { all: false, picked }
  for (const wanted of ['SPACE', 'PAGE'] as const) {
    let room = maxPicked - [...picked.values()].filter(({ type }) => type === wanted).length
    for (const item of items) {
      if (item.type !== wanted || picked.has(item.externalId) || !canPick(next, item) || room-- <= 0) continue
      picked.set(item.externalId, item)
    }
    for (const [id, item] of picked) if (isIncluded(next, item)) picked.delete(id)
  }
  return next
}

/** Picks it, or takes it back. */
export function toggle(selection: PickerSelection, item: Item): PickerSelection {
  if (!canPick(selection, item)) return selection
  if (!selection.picked.has(item.externalId)) return pick(selection, [item])
  const picked = new Map(selection.picked)
  picked.delete(item.externalId)
  return { all: false, picked }
}

/** Whether some could not be picked for want of room. */
export const isFull = (selection: PickerSelection, items: readonly Item[]): boolean =>
  items.some((item) => canPick(selection, item) && !selection.picked.has(item.externalId))

/** How many spaces and pages are picked. */
export function countsOf({ picked }: PickerSelection) {
  const spaces = [...picked.values()].filter(({ type }) => type === 'SPACE').length
  return { spaces, pages: picked.size - spaces }
}

/** What a sync of it takes. */
export function inputOf({ all, picked }: PickerSelection): Pick<SyncInput, 'spaces' | 'pages'> {
  if (all) return {}
  const ids = (wanted: Item['type']) => [...picked].filter(([, { type }]) => type === wanted).map(([id]) => id)
  const [spaces, pages] = [ids('SPACE'), ids('PAGE')]
  return { ...(spaces.length > 0 && { spaces }), ...(pages.length > 0 && { pages }) }
}
