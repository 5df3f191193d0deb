import { readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/**
 * The stylesheet once more in a cascade layer, for hosts whose own styles are in layers, and declarations beside both: TypeScript 7
 * checks `import 'confluence-connect/styles.css'`.
 */
const stylesheets = (): Plugin => ({
  name: 'stylesheets',
  enforce: 'post',
  generateBundle(_, bundle) {
    const asset = bundle['styles.css']
    if (asset?.type !== 'asset') this.error('There is no styles.css.')
    this.emitFile({
      type: 'asset',
      fileName: 'styles.layer.css',
      source: `@layer confluence-connect {\n${asset.source}}\n`,
    })
    for (const name of ['styles', 'styles.layer'])
      this.emitFile({ type: 'asset', fileName: `${name}.css.d.ts`, source: 'export {}\n' })
  },
})

/**
 * All that a file of the library imports statically. In one chunk it is smaller than in the pieces that chunks which are loaded
 * later would make of it.
 */
function staticImports(file: string, known = new Set<string>()): Set<string> {
  const id = resolve(import.meta.dirname, file)
  if (known.has(id)) return known
  known.add(id)
  const imports = readFileSync(id, 'utf8').matchAll(/^(?:import|export) (?!type )[^'"]*?from '(\.[^']+)'/gm)
  for (const [, path = ''] of imports) staticImports(resolve(dirname(id), path), known)
  return known
}

const core = staticImports('src/index.ts')

const locales = readdirSync('src/locales').map((file) => file.replace(/\.ts$/, ''))

/** Entries that are data, or run where "use client" has no meaning. */
const notClient = /^(testing|token|themes|locales\/.*)$/

// The library build. Types come from `tsc -p tsconfig.build.json`.
export default defineConfig({
  plugins: [react(), stylesheets()],
  build: {
    target: 'es2022',
    sourcemap: true,
    minify: false,
    cssCodeSplit: true,
    lib: {
      entry: {
        index: 'src/index.ts',
        lists: 'src/lists.ts',
        themes: 'src/themes.ts',
        testing: 'src/testing.ts',
        token: 'src/token.ts',
        styles: 'src/styles.css',
        ...Object.fromEntries(locales.map((locale) => [`locales/${locale}`, `src/locales/${locale}.ts`])),
      },
      formats: ['es'],
    },
    rolldownOptions: {
      external: [/^react($|\/)/, /^react-dom($|\/)/, /^@tanstack\/react-query($|\/)/],
      output: {
        codeSplitting: { groups: [{ name: 'core', test: (id) => core.has(id) }] },
        chunkFileNames: 'chunks/[name].js',
        banner: (chunk) => (notClient.test(chunk.name) ? '' : "'use client';"),
      },
    },
  },
})
