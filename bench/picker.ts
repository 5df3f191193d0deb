import { chromium } from 'playwright'
import { chromiumLaunchOptions } from '../test/chromium.ts'
import { phases } from './picker/phases.ts'
import { servePage } from './picker/serve.ts'
import { tasksOf } from './picker/tasks.ts'

/**
 * The page picker with 10,000 rows, in Chromium: whether any input is lost, how long tasks are, how many rows are in the document.
 *
 * Tasks are judged by what they compute, since by the clock a busy machine makes any task long.
 */
const MAX_TASK_MS = 100
const MAX_ROWS = 60

const server = await servePage()
const browser = await chromium.launch({ ...chromiumLaunchOptions(), chromiumSandbox: process.getuid?.() !== 0 })
let passed = true
process.stdout.write(`| what is done | inputs | arrived | long tasks | longest, ms | longest by computing, ms | rows in the document |
|---|--:|--:|--:|--:|--:|--:|
`)
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(server.url)
  for (const { name, run } of phases) {
    await page.evaluate(() => window.takeWatched())
    const { result, long, longest, longestComputing } = await tasksOf(browser, page, () => run(page))
    const { moves, rows } = await page.evaluate(() => window.takeWatched())
    const { given, arrived = moves } = result
    passed &&= arrived === given && longestComputing <= MAX_TASK_MS && rows <= MAX_ROWS
    const cells = [name, given, arrived, long, Math.round(longest), Math.round(longestComputing), rows]
    process.stdout.write(`| ${cells.join(' | ')} |\n`)
  }
} finally {
  await browser.close()
  await server.close()
}
process.stdout.write(
  `\n**${passed ? 'pass' : 'FAIL'}**: no input lost, no task that computes for more than ${MAX_TASK_MS} ms, at most ${MAX_ROWS} rows in the document\n`,
)
process.exitCode = passed ? 0 : 1
