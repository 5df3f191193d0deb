import { type ActName, actNames } from './acts.ts'

/** What comes of acts, and of us. */
const consequences = ['job handed over', 'deleted', 'held: many_vanished', 'held: space_unreachable'] as const

/** All that must happen in runs that are many enough. */
export const happenings = [...actNames, ...consequences]
export type Happening = ActName | (typeof consequences)[number]

/** By name, how often it happened; a fault counts for each request that it struck. */
export type Tally = Partial<Record<Happening, number>>

export function count(tally: Tally, name: Happening, times = 1): void {
  if (times > 0) tally[name] = (tally[name] ?? 0) + times
}
