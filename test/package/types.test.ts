import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { apps, archive, run, stylesheets, subpaths } from './packed.ts'

const require = createRequire(import.meta.url)
const compiler = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin/tsc')
const attw = path.join(path.dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js')

const resolutions = { nodenext: { module: 'nodenext' }, bundler: { module: 'esnext', moduleResolution: 'bundler' } }

/** A project in an app's folder that imports everything there is to import, declarations checked as well. */
function project(app: string, name: string, options: object) {
  const everything = subpaths
    .filter(({ types }) => types !== null)
    .map(({ specifier, file }, index) =>
      file.endsWith('.css') ? `import '${specifier}'` : `export * as subpath${index} from '${specifier}'`,
    )
  writeFileSync(path.join(app, 'everything.ts'), `${everything.join('\n')}\n`)
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    jsx: 'react-jsx',
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    noEmit: true,
    types: [],
    ...options,
  }
  writeFileSync(path.join(app, name), JSON.stringify({ compilerOptions, files: ['consumer.tsx', 'everything.ts'] }))
}

// The types of React 18 are 18.2.6: the first that hold `React.JSX`, which TanStack Query's declarations name.
describe.each(Object.entries(apps))('an app in TypeScript with the types of %s', (_, app) => {
  it.each(
    Object.entries(resolutions).flatMap(([name, resolution]) => [
      [name, true, resolution] as const,
      [name, false, resolution] as const,
    ]),
  )('compiles with the resolution %s, exact optional properties %s', async (name, exact, resolution) => {
    const file = `tsconfig.${name}.${exact}.json`
    project(app, file, { ...resolution, exactOptionalPropertyTypes: exact })
    expect(await run(app, compiler, '-p', file)).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})

describe('the types of the archive', () => {
  it('are found, and say what the scripts are, under every resolution of TypeScript', async () => {
    const typed = subpaths.filter((subpath) => !stylesheets.includes(subpath)).map(({ key }) => key)
    const options = ['--profile', 'esm-only', '--format', 'ascii', '--entrypoints', ...typed]
    const { code, stdout } = await run(apps.react19, attw, archive, ...options)
    expect({ code, stdout: code === 0 ? '' : stdout }).toEqual({ code: 0, stdout: '' })
  })
})
