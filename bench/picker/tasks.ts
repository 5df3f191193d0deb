import type { Browser, Page } from 'playwright'

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** How long it took, and how much of that the thread ran, in microseconds. */
  dur?: number
  tdur?: number
  args?: { name?: string }
}

/** Tasks of the page's main thread, in milliseconds. */
export interface Tasks {
  /** How many took 50 ms and more: long tasks, as browsers count them. */
  long: number
  /** The longest, by the clock. */
  longest: number
  /** The most that one had to compute: what else the machine did meanwhile is not in it. */
  longestComputing: number
}

const most = (times: number[]) => times.reduce((one, other) => Math.max(one, other), 0) / 1000

/** Runs something and tells what tasks that made. */
export async function tasksOf<Result>(
  browser: Browser,
  page: Page,
  run: () => Promise<Result>,
): Promise<Tasks & { result: Result }> {
  await browser.startTracing(page, { categories: ['toplevel'] })
  const result = await run()
  const { traceEvents }: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString())
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
  const threads = new Set(mains.map(threadOf))
  const tasks = traceEvents.filter(
    (event) => event.ph === 'X' && event.name.endsWith('RunTask') && threads.has(threadOf(event)),
  )
  if (tasks.length === 0) throw new Error('Chromium traced no task of the page.')
  return {
    result,
    long: tasks.filter(({ dur = 0 }) => dur >= 50_000).length,
    longest: most(tasks.map(({ dur = 0 }) => dur)),
    longestComputing: most(tasks.map(({ tdur = 0 }) => tdur)),
  }
}
