import { secondsFor } from './measure.ts'
import { pageOf } from './pages.ts'
import type { Converter } from './peers.ts'

export interface Growth {
  of: string
  /** How many times as long twice the input takes, one number for each round. */
  rounds: number[]
}

const twice = (of: string, page: string) => ({ of, one: [page], two: [page + page] })

/** A usual page, and two kinds that would take quadratic time where somebody is careless. */
const cases = [
  twice('a page of 500 KB', pageOf(500).pages[0] ?? ''),
  twice('500 KB of tags that nobody closes', '<div><b>a'.repeat(55_000)),
  twice('500 KB of marks around blocks', `<p><b><i><u>${'a<hr/>'.repeat(83_000)}`),
]

export function growthsOf(converter: Converter, rounds: number): Growth[] {
  return cases.map(({ of, one, two }) => ({
    of,
    rounds: Array.from({ length: rounds }, () => secondsFor(converter, two) / secondsFor(converter, one)),
  }))
}
