import { fileURLToPath } from 'node:url'

/** Preact in the place of React: the custom element brings it along. */
export const preactFrom = (file: string) => [
  { find: /^react\/(jsx-runtime|jsx-dev-runtime)$/, replacement: 'preact/$1' },
  { find: /^react(-dom(\/client)?)?$/, replacement: fileURLToPath(new URL(file, import.meta.url)) },
]
