import { join } from 'node:path'
import { type Program, startProgram } from '../programs.ts'

/** What there is to sync, and how Atlassian answers. */
export interface World {
  pages: number
  spaces: number
  latencyMs: number
  latencyPerPageMs: number
}

/** A running stand-in for Atlassian. */
export interface Atlassian extends Program {
  url: string
  /** Keys of the spaces that a first sync reads. */
  spaceKeys: string[]
  /** How many pages one must get. */
  pages: number
}

/** One first sync. */
export interface Run {
  ms: number
  /** Seconds of CPU. */
  cpu: number
  pages: number
  requests: number
  points: number
  /** Characters of text. */
  characters: number
  /** Most memory, in MB, of each of its processes. */
  peaks: number[]
  isWhole: boolean
}

interface Truth {
  pages: { space: string; status: string; spaceStatus: string; restricted: boolean }[]
}

/** Starts the stand-in in a process of its own. */
export async function startAtlassian({ pages, spaces, latencyMs, latencyPerPageMs }: World): Promise<Atlassian> {
  const { found: url, ...program } = await startProgram(join(import.meta.dirname, 'atlassian.ts'), {
    env: {
      SANDBOX_PAGES: String(pages),
      SANDBOX_SPACES: String(spaces),
      SANDBOX_LATENCY_MS: String(latencyMs),
      PER_PAGE_MS: String(latencyPerPageMs),
    },
    ready: /listens on (\S+)/,
  })
  // Benchmarks are not about waiting for the next hour.
  await admin(url, 'quota', { limit: 1_000_000_000 })
  const truth = (await (await fetch(`${url}/sandbox/truth`)).json()) as Truth
  const visible = truth.pages.filter(
    (page) => page.status === 'current' && page.spaceStatus === 'current' && !page.restricted,
  )
  return { ...program, url, spaceKeys: [...new Set(visible.map(({ space }) => space))], pages: visible.length }
}

/** One call of the sandbox's admin API. */
export async function admin(url: string, path: string, body: object, method = 'POST'): Promise<void> {
  const answer = await fetch(`${url}/sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${path}: ${await answer.text()}`)
}

/** Requests and points since the last reset. */
export async function counters(url: string): Promise<{ requests: number; points: number }> {
  return (await fetch(`${url}/sandbox/counters`)).json()
}

export const resetCounters = (url: string) => fetch(`${url}/sandbox/counters`, { method: 'DELETE' })
