import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { peerFolders } from './size/packages.ts'

/** The benchmarks, and the folders whose packages they compare with. */
const benches: Record<string, { does: string; installs?: string[] }> = {
  api: { does: 'reads of the HTTP API, each against the bare SQL that it needs' },
  content: {
    does: 'the converter beside others: speed, and what they keep of a page',
    installs: [import.meta.dirname, join(import.meta.dirname, 'sync/langchain')],
  },
  picker: { does: 'the page picker with 10,000 rows: long tasks and lost input' },
  scale: { does: 'a site of 100,000 pages on PostgreSQL: first syncs, changes, sweep, memory' },
  size: { does: 'what the component weighs in an app, beside the components of others', installs: peerFolders },
  sync: {
    does: 'a first sync beside LangChain.js: requests, points, pages a second, memory, text',
    installs: [join(import.meta.dirname, 'sync/langchain')],
  },
}

const here = import.meta.dirname
const [name = '', ...words] = process.argv.slice(2)
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined

const run = (program: string, args: string[], cwd = here) =>
  spawnSync(program, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1

/** Packages that others made run nothing here but what is measured. */
const install = (folder: string) =>
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder)

if (!bench) {
  const list = Object.entries(benches).map(([each, { does }]) => `  npm run bench -- ${each.padEnd(8)} ${does}\n`)
  process.stderr.write(`${name ? `There is no benchmark "${name}".\n` : ''}The benchmarks:\n${list.join('')}`)
  process.exitCode = 2
} else {
  const failed = (bench.installs ?? []).map(install).find((code) => code !== 0)
  process.exitCode = failed ?? run(process.execPath, [`${name}.ts`, ...words])
}
