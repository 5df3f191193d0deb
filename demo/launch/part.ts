import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const readyWithinMs = 60_000
const stopWithinMs = 10_000

const manifestUrl = import.meta.resolve('confluence-connect-server/package.json')
const manifest: { bin: Record<string, string> } = JSON.parse(readFileSync(new URL(manifestUrl), 'utf8'))
const program = fileURLToPath(new URL(manifest.bin['confluence-connect-server'] ?? '', manifestUrl))

/** A program that runs beside this one. */
export interface Part {
  name: string
  /** Resolves when it has ended, with how: "exited with code 1". It never rejects. */
  ended: Promise<string>
  /** Resolves when it answers at its address. */
  ready(signal: AbortSignal): Promise<void>
  /** @param graceMs how long it may take to end by itself before it is told to */
  stop(graceMs: number): Promise<void>
}

/**
 * Starts a command of `confluence-connect-server` as a child process. Its log and its errors are passed on, each line
 * behind its name; what it prints before it is ready is not.
 *
 * @param health a URL that answers as soon as the command is ready
 */
export function startPart(name: string, command: string, health: string, env: Record<string, string>): Part {
  const child = spawn(process.execPath, [program, command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`))
    child.once('close', (code, signal) => resolve(signal ? `was ended by ${signal}` : `exited with code ${code}`))
  })
  const endsWithin = (ms: number) => Promise.race([ended.then(() => true), delay(ms, false, { ref: false })])

  let isReady = false
  const print = (line: string) => process.stderr.write(`[${name}] ${line}\n`)
  createInterface(child.stderr).on('line', print)
  createInterface(child.stdout).on('line', (line) => isReady && print(line))

  return {
    name,
    ended,
    async ready(signal) {
      const timeout = AbortSignal.timeout(readyWithinMs)
      const waiting = AbortSignal.any([signal, timeout])
      while (!isReady) {
        try {
          const response = await fetch(health, { signal: waiting })
          await response.body?.cancel()
          isReady = response.ok
        } catch {
          if (timeout.aborted) throw new Error(`The ${name} did not get ready within ${readyWithinMs / 1000} s.`)
          signal.throwIfAborted()
        }
        if (!isReady) await delay(100)
      }
    },
    async stop(graceMs) {
      if (await endsWithin(graceMs)) return
      child.kill('SIGTERM')
      if (await endsWithin(stopWithinMs)) return
      child.kill('SIGKILL')
      await ended
    },
  }
}
