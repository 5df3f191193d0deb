import { readFileSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { preact } from './vite.preact.ts'

const licences = [
  '.',
  'node_modules/preact',
  'node_modules/@tanstack/query-core',
  'node_modules/@tanstack/react-query',
].map((folder) => readFileSync(`${folder}/LICENSE`, 'utf8'))
const found = (pattern: RegExp, licence = '') => pattern.exec(licence)?.[0].trim()
const copyrights = new Set(licences.map((licence) => found(/^Copyright .*$/m, licence)))

// All are under the MIT License, whose text goes where the code goes.
const notice = `/*! Confluence Connect, with Preact and TanStack Query. MIT License
${[...copyrights].join('\n')}
${found(/Permission is hereby granted[\s\S]*/, licences[0])} */`

/** What comes later elsewhere is there from the start: nothing is loaded, so nothing can be missing. */
const allAtOnce = (): Plugin => ({
  name: 'all-at-once',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/src\/\w+\.tsx?$/.test(id)) return null
    const modules: string[] = []
    const body = code.replace(/\(await import\((['"].+?['"])\)\)/g, (_, path: string) => {
      modules.push(`import * as later${modules.length} from ${path}`)
      return `later${modules.length - 1}`
    })
    return modules.length > 0 ? `${modules.join('\n')}\n${body}` : null
  },
})

/** Parts of TanStack Query that nothing here uses, and bundlers cannot know that. */
const unused: Record<string, string> = {
  '/query-core/build/modern/mutationCache.js':
    'export class MutationCache { clear() {} findAll() { return [] } resumePausedMutations() {} }',
  '/query-core/build/modern/infiniteQueryBehavior.js':
    'export const infiniteQueryBehavior = () => {}, hasNextPage = () => false, hasPreviousPage = () => false',
}

const withoutUnused = (): Plugin => ({
  name: 'without-unused',
  enforce: 'pre',
  load: (id) => Object.entries(unused).find(([file]) => id.endsWith(file))?.[1] ?? null,
})

// The custom element: one file with everything in it, as a module and as a classic script. Types come from `tsc -p tsconfig.build.json`.
export default defineConfig({
  plugins: [allAtOnce(), withoutUnused(), react()],
  resolve: { alias: preact },
  build: {
    target: 'es2022',
    // Nothing is written for older browsers in its stylesheet either.
    cssTarget: 'esnext',
    emptyOutDir: false,
    modulePreload: false,
    rolldownOptions: {
      input: 'src/element.tsx',
      preserveEntrySignatures: 'strict',
      // What the module exports, the script has no use for.
      checks: { missingNameOptionForIifeExport: false },
      output: [
        { format: 'es', entryFileNames: 'element.js', postBanner: notice, codeSplitting: false },
        { format: 'iife', entryFileNames: 'confluence-connect.js', postBanner: notice, codeSplitting: false },
      ],
    },
  },
})
