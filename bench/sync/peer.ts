import { join } from 'node:path'
import { startProgram } from '../programs.ts'
import type { Atlassian, Run } from './world.ts'

/** What the loader's program says. */
export interface Loaded {
  ms: number
  /** Seconds of CPU. */
  cpu: number
  pages: number
  characters: number
  peak: number
  /** False where the time was up before the last space. */
  isWhole: boolean
}

/** Loads all pages with LangChain.js in a process of its own; after `seconds` it begins no further space. */
export async function runLangChain(
  atlassian: Atlassian,
  { limit, seconds }: { limit: number; seconds: number },
): Promise<Run> {
  await fetch(`${atlassian.url}/old-listing`, { method: 'DELETE' })
  const { found, close } = await startProgram(join(import.meta.dirname, 'langchain/load.ts'), {
    words: [`${atlassian.url}/wiki`, String(limit), String(seconds), ...atlassian.spaceKeys],
    ready: /^loaded (.+)$/m,
  })
  await close()
  const { peak, ...loaded } = JSON.parse(found) as Loaded
  const { requests, points } = await (await fetch(`${atlassian.url}/old-listing`)).json()
  return { ...loaded, peaks: [peak], requests, points }
}
