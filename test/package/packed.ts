import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { inject } from 'vitest'
import '../provided.ts'

export const { archive, apps } = inject('packed')

const installed = (app: string) => path.join(app, 'node_modules', 'confluence-connect')
const folder = installed(apps.react19)

interface Manifest {
  /** The classic script for pages without a bundler, as content delivery networks find it. */
  unpkg: string
  sideEffects: string[]
  exports: Record<string, string | { types: string; default: string }>
  peerDependencies: Record<string, string>
}

export const manifest: Manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))

/** Every published file, by its path in the package. */
export const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
  .sort()

/** A published file. */
export const read = (file: string) => readFileSync(path.join(folder, file), 'utf8')

/** Something that users import. */
export interface Subpath {
  /** As it is written after `import`. */
  specifier: string
  /** As it is written in `exports`, patterns filled in. */
  key: string
  file: string
  types: string | null
}

const strip = (target: string) => target.replace(/^\.\//, '')

/** What a pattern of `exports` stands for, by the files that are there. */
const fillings = (target: string) => {
  const [before = '', after] = strip(target).split('*')
  if (after === undefined) return [null]
  return files
    .filter((file) => file.startsWith(before) && file.endsWith(after))
    .map((file) => file.slice(before.length, file.length - after.length))
}

/** Everything that `exports` offers, so that a new subpath is tested without being listed here. */
export const subpaths: Subpath[] = Object.entries(manifest.exports).flatMap(([pattern, target]) => {
  const targets = typeof target === 'string' ? { types: null, default: target } : target
  return fillings(targets.default).map((filling) => {
    const fill = (text: string) => (filling === null ? text : text.replace('*', filling))
    const key = fill(pattern)
    return {
      key,
      specifier: path.posix.join('confluence-connect', key),
      file: strip(fill(targets.default)),
      types: targets.types && strip(fill(targets.types)),
    }
  })
})

const ending = (wanted: string) => subpaths.filter(({ file }) => file.endsWith(wanted))
export const scripts = ending('.js')
export const classicScript = strip(manifest.unpkg)
export const stylesheets = ending('.css')

const execute = promisify(execFile)

/** What a program says, and how it ended. It is ended when it takes longer than a minute. */
export async function run(
  cwd: string,
  ...command: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  // The variables of Vitest would make others believe that they run in a test.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME }
  try {
    return { code: 0, ...(await execute(process.execPath, command, { cwd, env, timeout: 60_000 })) }
  } catch (error) {
    const { code, stdout = '', stderr = String(error) } = error as { code?: number; stdout?: string; stderr?: string }
    return { code: code ?? -1, stdout, stderr }
  }
}

/** Runs one of the app's programs in Node; what it wrote is JSON. */
export async function tell<Told>(app: string, program: string, ...args: string[]): Promise<Told> {
  const { code, stdout, stderr } = await run(app, ...program.split(' '), ...args)
  if (code !== 0 || stderr !== '') throw new Error(`${program} ended with ${code}: ${stderr}${stdout}`)
  return JSON.parse(stdout)
}
