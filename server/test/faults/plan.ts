import { createRandom, type Random } from '../../src/sandbox/random.ts'
import { type ActName, adminActs, atlassianActs, operatorActs, peopleActs } from './acts.ts'
import { type Start, starts } from './starts.ts'

/** One thing that happens while a sync runs. */
export interface Planned {
  /** Before so many requests of the round have been answered. */
  at: number
  act: ActName
  /** What the act's own choices follow from. */
  seed: number
}

/** A sync, and all that happens meanwhile. */
export interface Round {
  start: Start
  acts: Planned[]
}

/** Everything about a run that is decided beforehand: the same seed, the same plan. */
export interface Plan {
  seed: number
  pages: number
  spaces: number
  /** The most rows that one answer holds. */
  maxRows: number
  latencyMs: number
  rounds: Round[]
  /** The syncs in peace, after which all has to be right. A page that is nowhere is deleted once two walks have missed it. */
  peace: readonly Start[]
  /** What becomes of the deletions that are held by then. */
  decision: Decision
}

const decisions = ['release', 'refuse'] as const
export type Decision = (typeof decisions)[number]

const peaces: readonly (readonly Start[])[] = [
  ['changes', 'sweep', 'sweep'],
  ['sweep', 'sweep'],
  ['everything', 'sweep', 'sweep'],
]

const between = (random: Random, least: number, most: number) => least + random.int(most - least + 1)

export function planOf(seed: number, { canCrash }: { canCrash: boolean }): Plan {
  const random = createRandom('faults', seed)
  const pages = between(random, 50, 250)
  const maxRows = random.pick([5, 10, 20, 50, 250])
  /** Two lists at the start, then the lanes; acts that come too late happen when the round is over. */
  const requests = 4 + Math.ceil(pages / maxRows)
  const possible = (act: ActName) => canCrash || act !== 'crash'
  const happen = (acts: readonly ActName[], most: number): Planned[] =>
    Array.from({ length: random.int(most + 1) }, () => ({
      at: between(random, 1, requests),
      act: random.pick(acts.filter(possible)),
      seed: random.int(1_000_000),
    }))
  const round = (start: Start): Round => ({
    start,
    acts: [
      ...happen(peopleActs, 12),
      ...happen(adminActs, 2),
      ...happen(atlassianActs, 5),
      ...(canCrash ? happen([...operatorActs, 'crash', 'crash'], 3) : happen(operatorActs, 2)),
    ].sort((a, b) => a.at - b.at),
  })
  return {
    seed,
    pages,
    spaces: between(random, 1, 6),
    maxRows,
    latencyMs: random.pick([0, 0, 2, 10]),
    rounds: [round('connect'), ...Array.from({ length: random.int(3) }, () => round(random.pick(starts)))],
    peace: random.pick(peaces),
    decision: random.pick(decisions),
  }
}
