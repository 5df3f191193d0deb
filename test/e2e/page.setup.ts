import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

/** Builds the demo's page once for all tests. It uses the packages as they were built before. */
export default async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'cc-e2e-page-'))
  const configFile = new URL('../../demo/vite.config.ts', import.meta.url).pathname
  await build({ configFile, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } })
  process.env.DEMO_PAGE = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
