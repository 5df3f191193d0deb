import { execFileSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const checkout = join(import.meta.dirname, '..', '..')
const react = ['react', 'react-dom', 'scheduler']

const npm = (cwd: string, ...args: string[]) =>
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' })

/** Builds and packs our package as it would be published, and installs it into a folder that is gone when this process ends. */
export function installOurs(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'confluence-connect-size-')))
  npm(checkout, 'run', '-s', 'build')
  npm(checkout, 'pack', '--silent', '--ignore-scripts', '--pack-destination', folder)
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (!archive) throw new Error('npm pack made no archive.')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  npm(folder, 'install', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, archive))
  return folder
}

function bytesOf(path: string): number {
  const entry = lstatSync(path)
  if (entry.isDirectory()) return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
  return entry.isFile() ? entry.size : 0
}

/** What came with a package beside React: how many packages, and how large their files are. */
export function installed(folder: string): { packages: number; bytes: number } {
  const modules = join(folder, 'node_modules')
  const { packages }: { packages: Record<string, unknown> } = JSON.parse(
    readFileSync(join(modules, '.package-lock.json'), 'utf8'),
  )
  const paths = Object.keys(packages)
  const withoutReact = paths.filter((path) => !react.some((name) => path === `node_modules/${name}`))
  // Packages inside others are in the bytes of those already.
  const outermost = withoutReact.filter((path) => path.lastIndexOf('node_modules') === 0)
  const bytes = outermost.reduce((sum, path) => sum + bytesOf(join(folder, ...path.split('/'))), 0)
  return { packages: withoutReact.length, bytes }
}
