import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import type { Entry } from './packages.ts'

/** Bytes of some files, each compressed by itself, as they travel. */
export interface Weight {
  min: number
  gzip: number
  brotli: number
}

export interface Weights {
  /** Scripts that a page loads before anything happens. */
  first: Weight
  /** All scripts, with those that are loaded later. */
  whole: Weight
  css: Weight
}

function weigh(files: (string | Uint8Array)[]): Weight {
  const sum = { min: 0, gzip: 0, brotli: 0 }
  for (const file of files) {
    const bytes = Buffer.from(file)
    sum.min += bytes.length
    sum.gzip += gzipSync(bytes, { level: 9 }).length
    sum.brotli += brotliCompressSync(bytes).length
  }
  return sum
}

/** The chunks that are loaded with the entry. */
function firstLoad(chunks: Rolldown.OutputChunk[]) {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const names = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
  // A set that grows while it is walked is walked to its new end.
  for (const name of names) for (const imported of byName.get(name)?.imports ?? []) names.add(imported)
  return chunks.filter(({ fileName }) => names.has(fileName))
}

const source = ({ names, from, css }: Entry) =>
  [
    css ? `import '${css}'` : '',
    names ? `export { ${names.join(', ')} } from '${from}'` : `export * from '${from}'; import '${from}'`,
  ].join('\n')

/** A production build as an app makes it, React left out. */
export async function weightsOf(entry: Entry, folder: string): Promise<Weights> {
  const input = join(folder, 'entry.js')
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === input ? id : null),
        load: (id) => (id === input ? source(entry) : null),
      },
    ],
    build: {
      write: false,
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: { input, external: /^react(-dom)?($|\/)/, preserveEntrySignatures: 'strict' },
    },
  })
  if (!('output' in built)) throw new Error('The build was not one build.')
  const chunks = built.output.filter((file) => file.type === 'chunk')
  const styles = built.output
    .filter((file) => file.type === 'asset')
    .filter(({ fileName }) => fileName.endsWith('.css'))
  return {
    first: weigh(firstLoad(chunks).map(({ code }) => code)),
    whole: weigh(chunks.map(({ code }) => code)),
    css: weigh(styles.map(({ source }) => source)),
  }
}
