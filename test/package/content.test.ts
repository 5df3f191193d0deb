import { createContext, Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { classicScript, files, manifest, read, scripts, stylesheets } from './packed.ts'
import {
  directiveOf,
  importsOf,
  loadedWith,
  needsReact,
  problemsOf,
  requestsOf,
  resolve,
  selectorsOf,
} from './syntax.ts'

const published = files.filter((file) => file.endsWith('.js'))

describe('the archive', () => {
  it('holds what is used and what explains it, and nothing else', () => {
    const strange = files.filter(
      (file) => !/^dist\/[\w./-]+\.(js|js\.map|d\.ts|css|css\.map)$/.test(file) && !/^[A-Z]+(\.md)?$/.test(file),
    )
    expect(strange).toEqual(['dist/LICENSES.txt', 'package.json'])
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md']))
  })

  it('holds no script that nothing leads to', () => {
    const reached = new Set([classicScript, ...scripts.map(({ file }) => file)])
    for (const file of reached) {
      for (const loaded of loadedWith(file)) {
        reached.add(loaded)
        for (const name of importsOf(read(loaded)).later) if (name) reached.add(resolve(loaded, name))
      }
    }
    expect([...reached].sort()).toEqual(published)
  })
})

describe('the scripts', () => {
  it.each([
    ["eval('1')", 'makes code from text'],
    ["new Function('return 1')", 'makes code from text'],
    ["document.createElement('style')", 'makes a style or script element'],
    ["jsx('script', {})", 'makes a style or script element'],
    ["sheet.insertRule('a {}')", 'adds rules to a stylesheet'],
    ['const { env } = process', 'needs what only Node has'],
    ["Buffer.from('a')", 'needs what only Node has'],
    ['process.env.DEBUG', 'reads another variable than NODE_ENV'],
    ["import 'left-pad'", 'imports left-pad'],
    ["export * from 'node:fs'", 'imports node:fs'],
    ['import(name)', 'imports what only running it tells'],
  ])('are looked at for %s', (code, problem) => {
    expect(problemsOf(code)).toEqual([problem])
  })

  it.each(["process.env.NODE_ENV === 'production'", 'flow.process', 'const all = { eval: 1 }, { process: b } = all'])(
    'may say %s',
    (code) => {
      expect(problemsOf(code)).toEqual([])
    },
  )

  it.each(published)('%s asks for nothing that a browser or a strict policy refuses', (file) => {
    expect(problemsOf(read(file))).toEqual([])
  })

  it.each(published)('%s is marked for React Server Components exactly if React is loaded with it', (file) => {
    expect(directiveOf(read(file))).toBe(needsReact(file) ? 'use client' : null)
  })

  const languages = scripts.filter(({ key }) => key.startsWith('./locales/') && key !== './locales/en')

  it('hold languages', () => {
    expect(languages.map(({ key }) => key)).toContain('./locales/de')
  })

  it.each(languages.map(({ file }) => file))('%s stands alone, with no word of English loaded with it', (file) => {
    expect(importsOf(read(file))).toEqual({ now: [], later: [] })
  })

  it('are marked, and not marked, where it is known', () => {
    const marked = (key: string) => scripts.filter((script) => script.key === key).map(({ file }) => needsReact(file))
    expect([marked('.'), marked('./token'), marked('./testing')]).toEqual([[true], [false], [false]])
  })
})

describe('the custom element', () => {
  it.each(['dist/element.js', classicScript])(
    '%s has everything in it, and says where the licences of that are',
    (file) => {
      expect(importsOf(read(file))).toEqual({ now: [], later: [] })
      expect(read(file).slice(0, 200)).toContain('LICENSES.txt')
      for (const name of ['Jason Miller', 'Tanner Linsley', 'The Confluence Connect authors'])
        expect(read('dist/LICENSES.txt')).toContain(name)
    },
  )

  it('is a classic script that brings nothing into the page but its definition', () => {
    const script = new Script(read(classicScript))
    const defined: string[] = []
    const page = createContext({
      HTMLElement: class {},
      customElements: { get: () => undefined, define: (name: string) => defined.push(name) },
    })
    const before = Object.keys(page)
    script.runInContext(page)
    expect(defined).toEqual(['confluence-connect'])
    expect(Object.keys(page)).toEqual(before)
  })

  it('is kept by bundlers, though nothing of it is used', () => {
    expect(manifest.sideEffects).toEqual(expect.arrayContaining(['./dist/element.js', `./${classicScript}`]))
  })
})

describe('the stylesheets', () => {
  it.each([
    ['@import "a.css";', ['@import']],
    ['a { background: url(/a.png) }', ['url(/a.png)']],
    ['@font-face { src: url("https://fonts.example/a") }', ['@font-face', 'url("https://fonts.example/a")']],
    ['a { background: url("data:image/svg+xml,%3Csvg xmlns=http://www.w3.org/2000/svg/%3E") }', []],
    ['a { background: url("data:image/svg+xml,%3Csvg/%3E") } /* https://example.com */', []],
  ])('are looked at for %s', (css, requests) => {
    expect(requestsOf(css)).toEqual(requests)
  })

  it.each(stylesheets.map(({ file }) => file))('%s asks nobody for anything', (file) => {
    expect(read(file)).toContain('{')
    expect(requestsOf(read(file))).toEqual([])
  })

  it('are one, bare and in a cascade layer', () => {
    const layered = /^@layer confluence-connect \{\n([\s\S]*)\}\n$/.exec(read('dist/styles.layer.css'))
    expect(layered?.[1]).toBe(read('dist/styles.css'))
  })

  it('are looked at for what they choose', () => {
    const css =
      '@layer a { .a, b:is(.c, d) { e: f } } @keyframes g { from { h: i } to { j: k } } /* l {} */ m { n: "o {" }'
    expect(selectorsOf(css)).toEqual(['.a', 'b:is(.c, d)', 'm'])
  })

  it.each(stylesheets.map(({ file }) => file))('%s changes nothing but parts of the component', (file) => {
    const selectors = selectorsOf(read(file))
    expect(selectors.length).toBeGreaterThan(100)
    // What has a part of the component in it is not one for that.
    const foreign = selectors.filter((selector) => !selector.replace(/:has\([^)]*\)/g, '').includes('.cc-'))
    expect(foreign).toEqual([])
  })
})
