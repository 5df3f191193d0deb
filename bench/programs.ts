import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SERVER = join(import.meta.dirname, '../server/src/cli/main.ts')
const LISTENS = /listens on (\S+)/

/** A program in a process of its own, with nothing of this one's environment. */
export interface Program {
  pid: number
  /** Kills it with SIGTERM, so that it ends as it does for users, and waits. */
  close(): Promise<void>
}

/** Starts a script of ours and waits until it prints what `ready` finds; gives what was found. */
export async function startProgram(
  script: string,
  { words = [], env = {}, ready }: { words?: string[]; env?: Record<string, string>; ready: RegExp },
): Promise<Program & { found: string }> {
  const flags = process.env.BENCH_NODE_FLAGS?.split(' ') ?? []
  const child = spawn(process.execPath, [...flags, script, ...words], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const found = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output += part
      const match = ready.exec(output)
      if (match) resolve(match[1] ?? '')
    })
    child.once('exit', (code) => reject(new Error(`${script} ended with code ${code} before it was ready.`)))
  })
  return {
    found,
    pid: child.pid ?? 0,
    async close() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The server, or another of its commands that listens, as users start it. */
export async function startServerProgram(
  command: 'serve' | 'sandbox',
  env: Record<string, string>,
): Promise<Program & { url: string }> {
  const { found, ...program } = await startProgram(SERVER, { words: [command], env, ready: LISTENS })
  return { ...program, url: found }
}

/** The most memory that a process had since it started or since `forgetPeak`, in MB; NaN where the system does not tell. */
export function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}

/** Lets the peak start over from what the process has now. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // Not Linux: `peakOf` does not tell either.
  }
}

/** Clock ticks of the system per second: 100 on every Linux of today. */
const TICKS = 100

/** Seconds of CPU that a process has used, all its threads together; NaN where the system does not tell. */
export function cpuOf(pid: number): number {
  try {
    // The name of the program, in brackets, may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  } catch {
    return Number.NaN
  }
}
