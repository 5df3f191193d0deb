import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import postcss from 'postcss'
import { compile } from 'tailwindcss'
import tailwind3 from 'tailwindcss3'
import type { Plugin } from 'vite'

const here = (...parts: string[]) => join(import.meta.dirname, ...parts)
const require = createRequire(import.meta.url)

/** Where the class names are that the pages use. */
const page = here('test/hosts/hosts.tsx')

const compilers: Record<string, (css: string) => Promise<string>> = {
  async tailwind3(css) {
    const result = await postcss([tailwind3({ content: [page] })]).process(css, { from: undefined })
    return result.css
  },
  async tailwind4(css) {
    const { build } = await compile(css, {
      base: here(),
      async loadStylesheet(id, base) {
        const path = require.resolve(`${id}/index.css`)
        return { path, base, content: await readFile(path, 'utf8') }
      },
    })
    const text = await readFile(page, 'utf8')
    return build(text.split(/[\s"'`]+/))
  },
}

/** Builds the stylesheets of the pages around the component as those pages would: both Tailwinds have a compiler. */
export const hostStyles = (): Plugin => ({
  name: 'host-styles',
  enforce: 'pre',
  transform(css, id) {
    const name = /\/test\/hosts\/(\w+)\.css/.exec(id)?.[1] ?? ''
    return compilers[name]?.(css)
  },
})
