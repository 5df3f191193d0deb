import type { Input } from './pages.ts'
import type { Converter } from './peers.ts'

/** At least as long a converter works in each round, in milliseconds of CPU. */
const TURN_MS = 60
const WARM_UP = 3

/** Megabytes of source a second of CPU, one number for each round. */
export type Speeds = Map<Converter, number[]>

/** Seconds of CPU that converting some pages takes, once. Reading a character of each output makes sure that it was written. */
export function secondsFor({ name, convert }: Converter, pages: readonly string[]): number {
  let turns = 0
  const before = process.cpuUsage()
  for (;;) {
    for (const page of pages) {
      for (const output of convert(page)) {
        if (!output.charCodeAt(output.length >> 1)) throw new Error(`${name} wrote nothing.`)
      }
    }
    turns++
    const { user, system } = process.cpuUsage(before)
    if (user + system >= TURN_MS * 1000) return (user + system) / 1e6 / turns
  }
}

/**
 * Lets all converters take turns with one input. Time of CPU, all threads of the process together, counts: what else the machine does
 * slows that less. Who goes first changes, so that a machine that slows down or speeds up is nobody's advantage.
 */
export function measure(converters: readonly Converter[], { pages, bytes }: Input, rounds: number): Speeds {
  const speeds: Speeds = new Map(converters.map((converter) => [converter, []]))
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const converter of round % 2 === 0 ? converters : converters.toReversed()) {
      const seconds = secondsFor(converter, pages)
      if (round >= 0) speeds.get(converter)?.push(bytes / 1e6 / seconds)
    }
  }
  return speeds
}
