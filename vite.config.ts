import { readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { compressed, licences, withoutUnused } from './vite.bundled.ts'

/**
 * The stylesheet without the remarks that are for who works on it, once more in a cascade layer, for hosts whose own styles are in layers, and declarations beside both: TypeScript 7
 * checks `import 'confluence-connect/styles.css'`.
 */
const stylesheets = (): Plugin => ({
  name: 'stylesheets',
  enforce: 'post',
  generateBundle(_, bundle) {
    const asset = bundle['styles.css']
    // Storybook builds with this configuration as well, and has no such file.
    if (asset?.type !== 'asset') return
    const [first = '', ...rest] = String(asset.source).split(/(?<=\*\/\n)/)
    asset.source = first + rest.join('').replace(/ *\/\*.*?\*\/\n/gs, '')
    this.emitFile({
      type: 'asset',
      fileName: 'styles.layer.css',
      source: `@layer confluence-connect {\n${asset.source}}\n`,
    })
    for (const name of ['styles', 'styles.layer'])
      this.emitFile({ type: 'asset', fileName: `${name}.css.d.ts`, source: 'export {}\n' })
  },
})

/** All that a file of the library imports statically, and the file itself. */
function staticImports(file: string, known = new Set<string>()): Set<string> {
  const id = resolve(import.meta.dirname, file)
  if (known.has(id)) return known
  known.add(id)
  const imports = readFileSync(id, 'utf8').matchAll(/^(?:import|export) (?!type )[^'"]*?from '(\.[^']+)'/gm)
  for (const [, path = ''] of imports) staticImports(resolve(dirname(id), path), known)
  return known
}

/** Entries of components and hooks. */
const forBrowsers = { index: 'src/index.ts', lists: 'src/lists.ts' }

/** Entries that also run on servers, and in React Server Components. */
const forServers = {
  themes: 'src/themes.ts',
  testing: 'src/testing.ts',
  token: 'src/token.ts',
  ...Object.fromEntries(
    readdirSync('src/locales').map((file) => [`locales/${file.replace(/\.ts$/, '')}`, `src/locales/${file}`]),
  ),
}

const first = staticImports(forBrowsers.index)
const onServers = new Set(Object.values(forServers).flatMap((file) => [...staticImports(file)]))

/**
 * The first load in two chunks, one of them for what servers need as well: that is smaller than in the pieces that chunks which are
 * loaded later would make of it.
 */
const groups = [
  { name: 'shared', test: (id: string) => first.has(id) && onServers.has(id) },
  { name: 'core', test: (id: string) => first.has(id) && !onServers.has(id) },
]

const reactPackages = [/^react($|\/)/, /^react-dom($|\/)/]

/**
 * Marks what needs React as part of the browser's half of a React Server Components app. All else, the token handler and the
 * test backend and what they share with the component, also runs on a server and must not be marked.
 */
const clientDirective = (): Plugin => ({
  name: 'client-directive',
  banner(chunk) {
    const reached = new Set([...(chunk.facadeModuleId ? [chunk.facadeModuleId] : []), ...chunk.moduleIds])
    // A set that grows while it is walked is walked to its new end.
    for (const id of reached) {
      if (reactPackages.some((name) => name.test(id))) return "'use client';"
      for (const imported of this.getModuleInfo(id)?.importedIds ?? []) reached.add(imported)
    }
    return ''
  },
})

// The library build. Types come from `tsc -p tsconfig.build.json`.
export default defineConfig({
  plugins: [react(), withoutUnused(), stylesheets(), clientDirective(), licences(), compressed()],
  build: {
    target: 'es2022',
    sourcemap: true,
    minify: false,
    cssCodeSplit: true,
    lib: {
      entry: { ...forBrowsers, ...forServers, styles: 'src/styles.css' },
      formats: ['es'],
    },
    rolldownOptions: {
      external: reactPackages,
      output: {
        comments: { annotation: true, jsdoc: false, legal: true },
        codeSplitting: { groups },
        chunkFileNames: 'chunks/[name].js',
      },
    },
  },
})
