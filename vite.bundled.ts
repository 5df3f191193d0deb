import { readFileSync } from 'node:fs'
import { minify } from '@swc/core'
import type { Plugin } from 'vite'

/** What is built in. */
const packages = { Preact: 'node_modules/preact', 'TanStack Query': 'node_modules/@tanstack/query-core' }

const fileName = 'LICENSES.txt'

/** Says in a file whose work is inside. */
export const notice = `/*! MIT License: see ${fileName} */`

/** The licences of all that is inside, in a file beside the builds. */
export const licences = (): Plugin => ({
  name: 'licences',
  generateBundle() {
    const all = Object.entries({ 'Confluence Connect': '.', ...packages })
    const source = all.map(([name, folder]) => `${name}\n\n${readFileSync(`${folder}/LICENSE`, 'utf8')}`).join('\n\n')
    this.emitFile({ type: 'asset', fileName, source })
  },
})

const file = (name: string) => `/query-core/build/modern/${name}.js`

/**
 * Its parts that can be exchanged for others, or serve what nothing here uses: long lists, timers of another making, work that
 * waits for a network. Bundlers cannot know that.
 */
const standIns: Record<string, string> = {
  [file('infiniteQueryBehavior')]:
    'export const infiniteQueryBehavior = () => {}, hasNextPage = infiniteQueryBehavior, hasPreviousPage = infiniteQueryBehavior',
  [file('timeoutManager')]: `
    export const timeoutManager = {
      setTimeout: (...given) => setTimeout(...given),
      clearTimeout: (id) => clearTimeout(id),
      setInterval: (...given) => setInterval(...given),
      clearInterval: (id) => clearInterval(id),
    }
    export const systemSetTimeoutZero = (run) => setTimeout(run, 0)`,
  [file('onlineManager')]: 'export const onlineManager = { isOnline: () => true }',
  [file('focusManager')]:
    `export const focusManager = { isFocused: () => globalThis.document?.visibilityState !== 'hidden' }`,
  [file('environmentManager')]: `
    export const isServer = () => typeof window === 'undefined'
    export const environmentManager = { isServer }`,
}

/** TanStack Query is built in with what it needs of these. */
export const withoutUnused = (): Plugin => ({
  name: 'without-unused',
  enforce: 'pre',
  load: (id) => Object.entries(standIns).find(([name]) => id.endsWith(name))?.[1] ?? null,
})

/**
 * Rewrites code shorter before names and spaces are shortened, further than bundlers do by themselves. The library stays readable, since
 * they do the rest.
 */
export const compressed = (): Plugin => ({
  name: 'compressed',
  async renderChunk(code) {
    const { code: shorter, map } = await minify(code, {
      module: true,
      compress: { passes: 3, ecma: 2020, directives: false, side_effects: false, collapse_vars: false },
      mangle: false,
      format: { beautify: true, comments: 'some', preserve_annotations: true },
      sourceMap: true,
    })
    return { code: shorter, map: map ?? null }
  },
})
