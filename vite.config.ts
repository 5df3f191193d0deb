import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** TypeScript 7 checks side-effect imports: `import 'confluence-connect/styles.css'` needs a declaration beside the file. */
const stylesheetDeclaration = (): Plugin => ({
  name: 'stylesheet-declaration',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'styles.css.d.ts', source: 'export {}\n' })
  },
})

// The library build. Types come from `tsc -p tsconfig.build.json`.
export default defineConfig({
  plugins: [react(), stylesheetDeclaration()],
  build: {
    target: 'es2022',
    sourcemap: true,
    minify: false,
    cssCodeSplit: true,
    lib: {
      entry: { index: 'src/index.ts', testing: 'src/testing.ts', token: 'src/token.ts', styles: 'src/styles.css' },
      formats: ['es'],
    },
    rolldownOptions: {
      external: [/^react($|\/)/, /^react-dom($|\/)/, /^@tanstack\/react-query($|\/)/],
      // Components run in the browser; the token handler and the test backend also run where "use client" has no meaning.
      output: { banner: (chunk) => (chunk.name === 'index' ? "'use client';" : '') },
    },
  },
})
