import { Counter, collectDefaultMetrics, Registry } from 'prom-client'

const PREFIX = 'confluence_connect_'

/**
 * What this process has done since it started. Labels name kinds, phases and codes: never a customer, a site or a page.
 *
 * Processes count by themselves, so sum over them; what all of them share is read from the database (`gauges.ts`).
 */
export function createMetrics() {
  const registry = new Registry()
  const counter = <Label extends 'kind' | 'phase' | 'code' = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ) => new Counter({ name: PREFIX + name, help, labelNames, registers: [registry] })
  return {
    registry,
    syncs: counter('syncs_total', 'Syncs that ended: done, failed or cancelled; the code is the error.', [
      'kind',
      'phase',
      'code',
    ]),
    pages: counter('pages_total', 'Pages that were stored, could not be stored, or were deleted.', ['code']),
    requests: counter('atlassian_requests_total', 'Requests to Confluence by their outcome: ok, or the error.', [
      'code',
    ]),
    points: counter('atlassian_points_total', 'Points of the hourly quota that answers have cost.'),
    waits: counter('rate_limit_waits_total', 'Jobs that were parked because of a limit of Atlassian’s.', ['kind']),
    refreshes: counter('token_refreshes_total', 'Access tokens renewed: ok, rejected or unavailable.', ['code']),
    deliveries: counter('webhook_deliveries_total', 'Attempts to deliver an event: delivered, or why not.', ['code']),
  }
}

export type Metrics = ReturnType<typeof createMetrics>

/** CPU, memory, event loop and garbage collection of this process. */
export const measureProcess = ({ registry }: Pick<Metrics, 'registry'>) => collectDefaultMetrics({ register: registry })
