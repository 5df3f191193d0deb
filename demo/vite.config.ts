import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The page of the demo. `start.ts` builds it and says where to.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // Files stay files, as a strict content security policy wants its images: Vite would write the icon into the script or not,
  // whichever of its two places it happened to read first.
  build: { target: 'es2022', assetsInlineLimit: 0 },
})
