import { type Config, parseConfig } from '../config/config.ts'

/** The configuration; undefined after every problem with it was printed. */
export function readConfig(): Config | undefined {
  const result = parseConfig(process.env)
  if (result.ok) return result.config
  process.stderr.write(
    `The configuration does not work yet:\n${result.problems.map((problem) => `  - ${problem}\n`).join('')}`,
  )
  return undefined
}

/** A database that hangs must not keep the process: what was under way goes on after the next start. */
const STOP_LIMIT_MS = 15_000

/** Waits for Ctrl-C or a stop from the system, then closes. A second one ends the process at once. */
export async function untilStopped(running: { close(): Promise<void> }): Promise<number> {
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop())
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const late = setTimeout(() => process.exit(1), STOP_LIMIT_MS)
  await running.close()
  clearTimeout(late)
  return 0
}
