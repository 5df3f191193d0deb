/** The hooks behind the lists, for a picker, synced pages and accounts of your own: `confluence-connect/lists`. */
export { type AccountProgress, useAccountProgress } from './useAccountProgress.ts'
export { type SyncedPages, useSyncedPages } from './useSyncedPages.ts'
