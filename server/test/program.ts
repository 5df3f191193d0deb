import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const main = new URL('../src/cli/main.ts', import.meta.url).pathname

/** Programs start in half the time where Node finds what it has compiled before. */
const compiled = join(tmpdir(), 'cc-compiled')

/** A command that runs. */
export interface Program {
  child: ChildProcess
  /** What it has written, to both streams. */
  output(): string
  ended(): Promise<{ code: number; output: string }>
  /** Waits until it has written a text, two minutes unless told otherwise. */
  says(text: string, patienceMs?: number): Promise<void>
}

/** Runs a command as its users do: a process of its own, with nothing but its environment. */
export function runProgram(words: string[], env: Record<string, string>): Program {
  const child = spawn(process.execPath, [main, ...words], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compiled, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const isRunning = () => child.exitCode === null && child.signalCode === null
  return {
    child,
    output: () => output,
    ended: async () => {
      const [code] = isRunning() ? await once(child, 'exit') : [child.exitCode]
      return { code: code as number, output }
    },
    async says(text: string, patienceMs = 120_000) {
      for (let waited = 0; waited < patienceMs; waited += 100) {
        if (output.includes(text)) return
        if (!isRunning()) break
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(`"${text}" was not said. Output: ${output}`)
    },
  }
}
