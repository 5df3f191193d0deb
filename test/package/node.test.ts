import { describe, expect, it } from 'vitest'
import { apps, files, scripts, stylesheets, subpaths, tell } from './packed.ts'
import { needsReact } from './syntax.ts'

const versions = [
  ['18.2.0', apps.react18],
  ['19', apps.react19],
] as const

interface Imported {
  exported: Record<string, { imported: string[]; required: string[] }>
  touched: string[]
  added: string[]
}

describe('the exports', () => {
  it('lead to published files', () => {
    expect(scripts.map(({ key }) => key)).toContain('.')
    expect(stylesheets.length).toBeGreaterThan(0)
    const wanted = subpaths.flatMap(({ file, types }) => (types ? [file, types] : [file]))
    expect(wanted.filter((file) => !files.includes(file))).toEqual([])
  })

  it('say the types of everything but package.json', () => {
    expect(subpaths.filter(({ types }) => types === null).map(({ key }) => key)).toEqual(['./package.json'])
  })
})

describe.each(versions)('plain Node with React %s', (version, app) => {
  it('imports and requires every script, without a document, and is as it was before', async () => {
    const specifiers = scripts.map(({ specifier }) => specifier)
    const { exported, touched, added } = await tell<Imported>(app, 'import.ts', ...specifiers)
    expect(Object.keys(exported)).toEqual(specifiers)
    for (const { imported, required } of Object.values(exported)) {
      expect(imported.length).toBeGreaterThan(0)
      expect(required.filter((name) => name !== '__esModule')).toEqual(imported)
    }
    expect({ touched, added }).toEqual({ touched: [], added: [] })
  })

  it('renders the component to HTML', async () => {
    const rendered = await tell<Record<'version' | 'closed' | 'open', string>>(app, 'render.ts')
    expect(rendered).toMatchObject({ calls: [], complaints: [] })
    expect(rendered.version.startsWith(version)).toBe(true)
    expect(rendered.closed).toMatch(/^<button[^>]*>Connect Confluence<\/button>$/)
    expect(rendered.open).toMatch(/^<dialog/)
  })
})

describe('plain Node, as for React Server Components', () => {
  it('imports every script that does not need React', async () => {
    const specifiers = scripts.filter(({ file }) => !needsReact(file)).map(({ specifier }) => specifier)
    expect(specifiers).toContain('confluence-connect/token')
    const { exported } = await tell<Imported>(apps.react19, '--conditions=react-server import.ts', ...specifiers)
    expect(Object.keys(exported)).toEqual(specifiers)
  })
})
