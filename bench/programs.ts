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

interface Start {
  words?: string[]
  env?: Record<string, string>
  /** What it prints when it is ready. */
  ready: RegExp
  /** Where it prints that; what it prints on the other one is shown. */
  on?: 'stdout' | 'stderr'
}

/** Starts a script of ours and waits until it is ready; gives what `ready` found. */
export async function startProgram(
  script: string,
  { words = [], env = {}, ready, on = 'stdout' }: Start,
): Promise<Program & { found: string }> {
  const flags = process.env.BENCH_NODE_FLAGS?.split(' ') ?? []
  const child = spawn(process.execPath, [...flags, script, ...words], {
    env: { PATH: process.env.PATH, ...env },
    stdio: on === 'stdout' ? ['ignore', 'pipe', 'inherit'] : ['ignore', 'inherit', 'pipe'],
  })
  // A benchmark that fails leaves nothing running.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  ended.then(() => process.off('exit', kill))
  const found = await new Promise<string>((resolve, reject) => {
    let output = ''
    child[on]?.setEncoding('utf8').on('data', (part: string) => {
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

/** A worker beside a server. */
export async function startWorkerProgram(env: Record<string, string>): Promise<Program> {
  const { found: _, ...program } = await startProgram(SERVER, {
    words: ['work'],
    env: { ...env, LOG_LEVEL: 'info' },
    ready: /working/,
    on: 'stderr',
  })
  return program
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
