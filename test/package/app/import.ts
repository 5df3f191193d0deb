// Imports what it is given, as plain Node does, and tells what that did.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const touched: string[] = []

// What newer versions of Node share with browsers, and older ones lack.
for (const name of ['navigator', 'localStorage', 'sessionStorage', 'WebSocket', 'EventSource']) {
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get() {
      if (new Error().stack?.includes('confluence-connect/dist')) touched.push(name)
      return undefined
    },
  })
}
const before = new Set(Reflect.ownKeys(globalThis))

const exported: Record<string, { imported: string[]; required: string[] }> = {}
for (const specifier of process.argv.slice(2)) {
  exported[specifier] = {
    imported: Object.keys(await import(specifier)),
    required: Object.keys(require(specifier)),
  }
}

const added = Reflect.ownKeys(globalThis)
  .filter((name) => !before.has(name))
  .map(String)
process.stdout.write(JSON.stringify({ exported, touched, added }))
