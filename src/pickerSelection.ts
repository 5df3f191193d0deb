import type { Item, SyncInput } from './contract.ts'

/** What is picked: everything, or some spaces and pages, each with the space that it is known to be in. */
export interface PickerSelection {
  all: boolean
  picked: ReadonlyMap<string, { type: Item['type']; space: string | null }>
}

/** Where an item is in the tree. `space` is null where that is not known, as in what a search finds. */
export interface Place {
  item: Item
  space: string | null
}

/** How many can be picked one by one: what a sync takes. */
export const maxPicked = 10_000

export const nothingPicked: PickerSelection = { all: false, picked: new Map() }
export const everythingPicked: PickerSelection = { all: true, picked: new Map() }

/** Comes along with what is picked already: with everything, or with its space. */
export const isIncluded = ({ all, picked }: PickerSelection, { item, space }: Place): boolean =>
  all || (item.type === 'PAGE' && space !== null && picked.has(space))

/** Whether it will be synced; `mixed` for a space of which some pages are picked. */
export function checkedOf(selection: PickerSelection, place: Place): boolean | 'mixed' {
  const { externalId, type } = place.item
  if (isIncluded(selection, place) || selection.picked.has(externalId)) return true
  const some = type === 'SPACE' && [...selection.picked.values()].some(({ space }) => space === externalId)
  return some ? 'mixed' : false
}

/** Whether it can be picked or taken back by itself. */
export const canPick = (selection: PickerSelection, place: Place): boolean =>
  place.item.selectable && !isIncluded(selection, place)

/** Picks some, as far as they can be and there is room; a space takes its pages along. */
export function pick(selection: PickerSelection, places: readonly Place[]): PickerSelection {
  const picked = new Map(selection.picked)
  for (const place of places) {
    const { item, space } = place
    if (!canPick({ ...selection, picked }, place) || picked.size >= maxPicked) continue
    picked.set(item.externalId, { type: item.type, space })
    if (item.type === 'PAGE') continue
    for (const [id, other] of picked) if (other.space === item.externalId) picked.delete(id)
  }
  return { all: selection.all, picked }
}

/** Picks it, or takes it back. */
export function toggle(selection: PickerSelection, place: Place): PickerSelection {
  if (!canPick(selection, place)) return selection
  if (!selection.picked.has(place.item.externalId)) return pick(selection, [place])
  const picked = new Map(selection.picked)
  picked.delete(place.item.externalId)
  return { ...selection, picked }
}

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
