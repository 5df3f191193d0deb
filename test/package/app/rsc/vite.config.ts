import rsc from '@vitejs/plugin-rsc'

const input = (name: string) => ({ build: { rolldownOptions: { input: { index: `./entry.${name}.tsx` } } } })

export default {
  root: import.meta.dirname,
  plugins: [rsc()],
  environments: { rsc: input('rsc'), ssr: input('ssr'), client: input('browser') },
}
