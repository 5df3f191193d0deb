export type { Backend, CallOptions, SignInEvent, SignInWindow } from './backend.ts'
export { ConfluenceConnect, type ConfluenceConnectProps } from './ConfluenceConnect.tsx'
export type { ActionType, DataSourceEventData, OnErrorData, OnSuccessData } from './callbacks.ts'
export type * from './contract.ts'
export { ConnectError, type ErrorAction, type ErrorTraits, errorTable } from './errors.ts'
export type { View, WindowStatus } from './flow.ts'
export { createHttpBackend, type HttpBackendOptions, type TokenFetcher } from './http.ts'
export { type Message, type Messages, messages, type Plural } from './messages.ts'
export type { ConfluenceOptions, ConnectOptions, EnabledIntegration, Tags } from './options.ts'
export { type ParsedSite, parseSite, type SiteProblem } from './site.ts'
export {
  type ConnectActions,
  type ConnectState,
  type UseConfluenceConnectOptions,
  useConfluenceConnect,
} from './useConfluenceConnect.ts'
