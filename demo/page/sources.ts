import type { Source } from '../api.ts'

export const statusTexts: Record<Source['status'], string> = {
  QUEUED_FOR_SYNCING: 'Syncing',
  SYNCING: 'Syncing',
  READY: 'In sync',
  SYNC_ERROR: 'Sync failed',
}

/** Whether pages are still arriving. */
export const isSyncing = ({ status }: Source): boolean => status === 'SYNCING' || status === 'QUEUED_FOR_SYNCING'
