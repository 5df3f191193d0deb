import { spawnSync } from 'node:child_process'

/** The benchmarks. Those with `peers` need `bench/node_modules`. */
const benches: Record<string, { does: string; peers: boolean }> = {
  api: { does: 'reads of the HTTP API, each against the bare SQL that it needs', peers: false },
  sync: { does: 'a first sync beside LangChain.js: requests, points, pages a second, memory, text', peers: true },
}

const here = import.meta.dirname
const [name = '', ...words] = process.argv.slice(2)
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined

const run = (program: string, args: string[]) =>
  spawnSync(program, args, { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1

if (!bench) {
  const list = Object.entries(benches).map(([each, { does }]) => `  npm run bench -- ${each.padEnd(8)} ${does}\n`)
  process.stderr.write(`${name ? `There is no benchmark "${name}".\n` : ''}The benchmarks:\n${list.join('')}`)
  process.exitCode = 2
} else {
  process.exitCode =
    (bench.peers ? run('npm', ['ci', '--no-audit', '--no-fund']) : 0) || run(process.execPath, [`${name}.ts`, ...words])
}
