import path from 'node:path'
import { build, type Rolldown } from 'vite'
import { describe, expect, it } from 'vitest'
import { apps, read } from './packed.ts'
import { importsOf, loadedWith, resolve } from './syntax.ts'

type Chunk = Rolldown.OutputChunk

const files = (output: readonly (Chunk | Rolldown.OutputAsset)[]) => ({
  chunks: output.filter((file) => file.type === 'chunk'),
  assets: output.filter((file) => file.type === 'asset'),
})

/** Builds an app as its owner does, without writing it. */
async function bundle(app: string, input: string, code?: string) {
  const built = await build({
    root: app,
    configFile: false,
    logLevel: 'error',
    // Vitest says that this is a test; an app's owner has no such variable.
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins:
      code === undefined
        ? []
        : [
            {
              name: 'code',
              resolveId: (id) => (id === input ? path.join(app, id) : null),
              load: (id) => (id === path.join(app, input) ? code : null),
            },
          ],
    build: {
      write: false,
      minify: false,
      modulePreload: false,
      rolldownOptions: { input, external: code === undefined ? [] : /^react(-dom)?($|\/)/ },
    },
  })
  if (!('output' in built)) throw new Error('The build was not one build.')
  return files(built.output)
}

const ours = (id: string) => id.split('/node_modules/confluence-connect/')[1]

/** What of our package is in some chunks, by its path in the package. */
const partsIn = (chunks: Chunk[]) =>
  chunks
    .flatMap(({ modules }) => Object.entries(modules).filter(([, { renderedLength }]) => renderedLength > 0))
    .map(([id]) => ours(id))
    .filter((file) => file !== undefined)

/** The chunks that a page loads before anything happens. */
function firstLoad(chunks: Chunk[]) {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const names = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
  for (const name of names) for (const imported of byName.get(name)?.imports ?? []) names.add(imported)
  return chunks.filter(({ fileName }) => names.has(fileName))
}

/** The published scripts that the component loads later, if at all. */
const lazyParts = () => {
  const first = loadedWith('dist/index.js')
  const later = [...first].flatMap((file) => importsOf(read(file)).later.map((name) => resolve(file, name ?? '')))
  return later.filter((file) => !first.has(file))
}

describe.each(Object.entries(apps))('an app built by Vite with %s', (_, app) => {
  it('holds the component and its stylesheet, and leaves for later what is for later', async () => {
    const { chunks, assets } = await bundle(app, 'index.html')
    const first = firstLoad(chunks)
    expect(first.some(({ code }) => code.includes('showModal'))).toBe(true)
    expect(partsIn(first).filter((file) => lazyParts().includes(file))).toEqual([])
    expect(partsIn(chunks)).toEqual(expect.arrayContaining(lazyParts()))
    expect(partsIn(chunks).filter((file) => file.startsWith('dist/locales/'))).toEqual([])
    const styles = assets.filter(({ fileName }) => fileName.endsWith('.css'))
    expect(styles.map(({ source }) => String(source).includes('.cc-dialog'))).toEqual([true])
  })
})

describe('an app that uses a small part', () => {
  it('takes the languages that it names, each in a file that is loaded later', async () => {
    const code = "globalThis.load = { de: () => import('confluence-connect/locales/de') }"
    const { chunks } = await bundle(apps.react19, 'language.js', code)
    expect(partsIn(firstLoad(chunks))).toEqual([])
    expect(partsIn(chunks)).toEqual(['dist/locales/de.js'])
  })

  it.each([
    ['parseSite', "parseSite('acme')"],
    ['errorTable', 'errorTable.unknown'],
    ['createHttpBackend', 'createHttpBackend'],
  ])('takes %s and leaves the component out', async (name, use) => {
    const code = `import { ${name} } from 'confluence-connect'; globalThis.used = ${use}`
    // Views that are loaded later are built although nothing loads them any more, and what they share with the component comes
    // along; the component, its hook and TanStack Query do not.
    const chunks = firstLoad((await bundle(apps.react19, 'small.js', code)).chunks)
    const others = chunks
      .flatMap(({ modules }) => Object.entries(modules))
      .filter(([id, { renderedLength }]) => ours(id) === undefined && renderedLength > 0)
    expect(partsIn(chunks).length).toBeGreaterThan(0)
    expect(others.map(([id]) => path.basename(id))).toEqual(['small.js'])
    const whole = chunks.map((chunk) => chunk.code).join('\n')
    expect(whole).not.toMatch(/showModal|useReducer|QueryClient/)
  })
})
