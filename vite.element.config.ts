import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { compressed, notice, withoutUnused } from './vite.bundled.ts'
import { preactFrom } from './vite.preact.ts'

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

// The custom element: one file with everything in it, as a module and as a classic script. Types come from `tsc -p tsconfig.build.json`.
export default defineConfig({
  plugins: [allAtOnce(), withoutUnused(), react(), compressed()],
  resolve: { alias: preactFrom('src/reactByPreact.ts') },
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
