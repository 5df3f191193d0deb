import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import '../provided.ts'

const checkout = path.join(import.meta.dirname, '..', '..')
const installed = path.join(checkout, 'node_modules')

const link = (to: string, at: string) => {
  mkdirSync(path.dirname(at), { recursive: true })
  symlinkSync(to, at)
}

const reactPackages = ['react', 'react-dom', '@types/react', '@types/react-dom']

// As an app has it: tools look here for what they have to build along.
const appManifest = {
  private: true,
  type: 'module',
  dependencies: { 'confluence-connect': '*', react: '*', 'react-dom': '*' },
}

/** An app whose node_modules hold what the archive holds, and the rest from the checkout. */
function makeApp(folder: string, archive: string, react: string) {
  cpSync(path.join(import.meta.dirname, 'app'), folder, { recursive: true })
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(appManifest))
  const modules = path.join(folder, 'node_modules')
  const own = path.join(modules, 'confluence-connect')
  mkdirSync(own, { recursive: true })
  execFileSync('tar', ['-xzf', archive, '-C', own, '--strip-components=1'])
  // Copied, not linked: what is linked asks for React where it really lies.
  for (const name of reactPackages) link(path.join(react, name), path.join(modules, name))
  link(path.join(installed, '@vitejs/plugin-rsc'), path.join(modules, '@vitejs/plugin-rsc'))
  return folder
}

/** Packs the root package as it would be published, and installs it into apps in a temporary folder. */
export default function setup(project: TestProject) {
  if (!existsSync(path.join(checkout, 'dist/index.d.ts'))) {
    throw new Error('There is no whole dist folder to pack. Run "npm run build" first.')
  }
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'confluence-connect-package-')))
  try {
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: checkout })
    const archive = path.join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'nothing was packed')
    project.provide('packed', {
      archive,
      apps: {
        react18: makeApp(path.join(folder, 'react18'), archive, path.join(checkout, 'test/react18/node_modules')),
        react19: makeApp(path.join(folder, 'react19'), archive, installed),
      },
    })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return () => rmSync(folder, { recursive: true, force: true })
}
