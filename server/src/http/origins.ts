import { isLoopback } from '../config/config.ts'

/** Which pages may embed the component. */
export interface Origins {
  allows(origin: string): boolean
}

/** @param allowed exact origins; undefined allows every loopback origin and nothing else */
export function createOrigins(allowed: readonly string[] | undefined): Origins {
  return {
    allows: (origin) =>
      allowed ? allowed.includes(origin) : URL.canParse(origin) && isLoopback(new URL(origin).hostname),
  }
}
