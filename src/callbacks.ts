import type { Connection, DataSourceStatus, ErrorCode, IntegrationId } from './contract.ts'
import type { ConnectError } from './errors.ts'

/** What happened, in Carbon's words: a sign-in began, an account was connected, its pages have arrived, it was cancelled. */
export type ActionType = 'INITIATE' | 'ADD' | 'UPDATE' | 'CANCEL'

interface SuccessEvent<Action extends ActionType, Data> {
  status: 200
  integration: IntegrationId
  action: Action
  /** Always the same as `action`. */
  event: Action
  data: Data
}

/** The account that an event is about. */
export interface DataSourceEventData {
  /** Carbon's packed id of the connection. Null when a sign-in was cancelled, as there is no connection then. */
  data_source_external_id: string | null
  /** How its sync stands. */
  sync_status: DataSourceStatus | null
  /** Null unless `useRequestIds` is set. */
  request_id: string | null
}

/** A page that a person changed here, as Carbon's first version reported it. */
export interface FileChange {
  id: number
  action: 'UPDATE' | 'REMOVE'
}

/** What `onSuccess` gets: exactly Carbon's payloads. */
export type OnSuccessData =
  | SuccessEvent<'INITIATE', { request_id: string | null }>
  | SuccessEvent<'ADD', DataSourceEventData>
  | SuccessEvent<'UPDATE', DataSourceEventData & { files_synced: true; files?: FileChange[] }>
  | SuccessEvent<'CANCEL', DataSourceEventData>

/** What `onError` gets: Carbon's payload, with a stable code beside the message. */
export interface OnErrorData {
  status: 400
  integration: IntegrationId
  action: 'ERROR'
  event: 'ERROR'
  data: { message: string; code: ErrorCode; retryable: boolean; flow_id: string | null }[]
}

const integration = 'CONFLUENCE'

const success = <Action extends ActionType, Data>(action: Action, data: Data): SuccessEvent<Action, Data> => ({
  status: 200,
  integration,
  action,
  event: action,
  data,
})

const dataSource = (connection: Connection, requestId: string | null): DataSourceEventData => ({
  data_source_external_id: connection.externalId,
  sync_status: connection.syncStatus,
  request_id: requestId,
})

export const initiated = (requestId: string | null): OnSuccessData => success('INITIATE', { request_id: requestId })

export const added = (connection: Connection, requestId: string | null): OnSuccessData =>
  success('ADD', dataSource(connection, requestId))

export const updated = (connection: Connection, requestId: string | null): OnSuccessData =>
  success('UPDATE', {
    ...dataSource(connection, requestId),
    sync_status: 'READY' as const,
    files_synced: true as const,
  })

export const cancelled = (requestId: string | null): OnSuccessData =>
  success('CANCEL', { data_source_external_id: null, sync_status: null, request_id: requestId })

export const errored = (error: ConnectError, flowId: string | null): OnErrorData => ({
  status: 400,
  integration,
  action: 'ERROR',
  event: 'ERROR',
  data: [{ message: error.message, code: error.code, retryable: error.retryable, flow_id: flowId }],
})

/** A request id in Carbon's form: `cc-` and 20 letters or digits. It correlates events; it is no secret. */
export const createRequestId = (): string =>
  `cc-${Array.from(crypto.getRandomValues(new Uint8Array(20)), (value) => (value % 36).toString(36)).join('')}`

/** Calls a host's callback. What it throws is reported as uncaught, and harms nothing here. */
export function notify<Event>(callback: ((event: Event) => void) | undefined, event: Event): void {
  try {
    callback?.(event)
  } catch (error) {
    reportError(error)
  }
}
