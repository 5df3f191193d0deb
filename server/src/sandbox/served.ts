/** What is known of a request once it has been answered, for the counters and the faults. */
export interface Served {
  /** The path without the cloud's prefix and with `{id}` for ids: `/wiki/api/v2/pages/{id}`. */
  route: string
  method: string
  /** The key of the site asked for, or null outside REST. */
  site: string | null
  /** The ids of the pages that were asked for or that the answer holds. */
  pageIds: ReadonlySet<string>
  /** The format in which bodies were asked for; null where they were not. */
  bodies: string | null
  /** Whether it goes on with a list. */
  continues: boolean
  /** Points of the quota that the request cost. */
  points: number
  /** How an injected fault spoilt an answer that was good. */
  spoilt?: string
}

/** The variables that the sandbox's routes share. */
export type SandboxEnv = { Variables: { served: Served } }

/** A path as counters and faults name it. */
const routeOf = (path: string): string =>
  path
    .replace(/^\/ex\/confluence\/[^/]+/, '')
    .replace(/\/\d+(?=\/|$)/g, '/{id}')
    .slice(0, 200)

/** The facts of a request that has not been answered yet. */
export const notYetServed = (method: string, path: string): Served => ({
  route: routeOf(path),
  method,
  site: null,
  pageIds: new Set(/\/pages\/(\d+)/.exec(path)?.slice(1)),
  bodies: null,
  continues: false,
  points: 0,
})
