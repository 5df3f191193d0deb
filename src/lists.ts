/** The hooks behind the lists, for a picker, synced pages and accounts of your own: `confluence-connect/lists`. */

export { countsOf, type PickerSelection } from './pickerSelection.ts'
export { type AccountProgress, useAccountProgress } from './useAccountProgress.ts'
export { type PagePicker, type PendingRow, type PickerRow, usePagePicker } from './usePagePicker.ts'
export { type SyncedPages, useSyncedPages } from './useSyncedPages.ts'
