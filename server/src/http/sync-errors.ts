import { MAX_WAITING } from '../sync/file-sync.ts'
import { HttpError } from './errors.ts'

/** The queue of a connection is full. */
export const tooManyWaiting = () =>
  new HttpError(
    429,
    'rate_limited',
    `${MAX_WAITING} syncs of this data source are waiting already. Send several ids in one call, or wait.`,
    30,
  )
