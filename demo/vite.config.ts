import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The page of the demo. `start.ts` builds it and says where to.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { target: 'es2022' },
})
