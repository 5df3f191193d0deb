import type { SyncProgress } from './contract.ts'

/** The part that has arrived, 0 to 1. Null while there is nothing to estimate the whole from. */
export const shareOf = ({ pages: { synced, failed, total } }: SyncProgress): number | null =>
  total === null || total === 0 ? null : Math.min(1, (synced + failed) / total)
