import type { FlowRow } from '../db/schema.ts'
import { equalInConstantTime, sha256 } from './encryption.ts'

/** How long a person has for a sign-in, in milliseconds; from the authorisation on, once more for the choice of a site. */
export const FLOW_LIFE_MS = 15 * 60_000

/** A cookie that binds a flow to the browser that started it. */
export interface FlowCookie {
  name: string
  value: string
  secure: boolean
  maxAgeSeconds: number
}

/** `__Host-` keeps subdomains from setting it; loopback http cannot have that prefix. */
export const cookieName = (publicUrl: string, flowId: string) =>
  `${publicUrl.startsWith('https://') ? '__Host-' : ''}cc_${flowId}`

export const flowCookie = (publicUrl: string, flowId: string, value: string): FlowCookie => ({
  name: cookieName(publicUrl, flowId),
  value,
  secure: publicUrl.startsWith('https://'),
  maxAgeSeconds: FLOW_LIFE_MS / 1000,
})

/** Whether a browser is the one that a flow is bound to. */
export const isBound = (flow: Pick<FlowRow, 'cookie_hash'>, value: string | undefined): boolean =>
  value !== undefined && flow.cookie_hash !== null && equalInConstantTime(sha256(value), flow.cookie_hash)
