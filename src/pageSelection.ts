import type { Page, PageFilter, PageSelection, PageStatus } from './contract.ts'

/** In these a page stays until somebody does something. */
const settled: readonly PageStatus[] = ['READY', 'READY_TO_SYNC', 'SYNC_ABORTED', 'SYNC_ERROR']

/** Whether its status changes by itself. Until then it cannot be selected: the server would not sync it again. */
export const isOnItsWay = ({ status }: Pick<Page, 'status'>): boolean => !settled.includes(status)

const selectable = (pages: readonly Page[]) => pages.filter((page) => !isOnItsWay(page))

export const nothing: PageSelection = { ids: [] }

/** All that match and can be acted on, whatever page of the list they are on. Null where none of that kind can be. */
export function everything({ search, status }: PageFilter): PageSelection | null {
  const wanted = settled.filter((each) => !status || status.includes(each))
  // No status at all would mean any.
  return wanted.length > 0 ? { all: { ...(search && { search }), status: wanted } } : null
}

/** What it names: the selected pages or, where all are selected, the few that are not. */
const namedIn = (selection: PageSelection) => ('ids' in selection ? selection.ids : (selection.except ?? []))

const named = (selection: PageSelection, ids: number[]): PageSelection =>
  'ids' in selection ? { ids } : { all: selection.all, except: ids }

export const isSelected = (selection: PageSelection, page: Page): boolean =>
  !isOnItsWay(page) && namedIn(selection).includes(page.id) === 'ids' in selection

/** Selects some pages, or takes them out; those that cannot be acted on stay as they are. */
export function select(selection: PageSelection, pages: readonly Page[], on: boolean): PageSelection {
  const ids = selectable(pages).map(({ id }) => id)
  const others = namedIn(selection).filter((id) => !ids.includes(id))
  return named(selection, on === 'ids' in selection ? [...others, ...ids] : others)
}

/** How many of the pages shown are selected. */
export function shareOfShown(selection: PageSelection, shown: readonly Page[]): 'none' | 'some' | 'all' {
  const able = selectable(shown)
  const count = able.filter((page) => isSelected(selection, page)).length
  return count === 0 ? 'none' : count < able.length ? 'some' : 'all'
}

/** The selection without those of the pages shown that have set out since they were selected. */
export const present = (selection: PageSelection, shown: readonly Page[]): PageSelection =>
  'ids' in selection
    ? { ids: selection.ids.filter((id) => !shown.some((page) => page.id === id && isOnItsWay(page))) }
    : selection

/** The selection after a page was deleted. Where all are selected it does not count as one that is left out. */
export const withoutPage = (selection: PageSelection, id: number): PageSelection =>
  named(
    selection,
    namedIn(selection).filter((each) => each !== id),
  )

/** @param total how many pages {@link everything} stands for */
export const countOf = (selection: PageSelection, total: number): number =>
  'ids' in selection ? selection.ids.length : Math.max(0, total - (selection.except?.length ?? 0))
