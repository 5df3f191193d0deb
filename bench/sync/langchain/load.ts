// A program of its own, so that its memory is its own: loads spaces with LangChain.js and prints what that took, as JSON.
import type { Loaded } from '../peer.ts'

interface Loader {
  load(): Promise<{ pageContent: string }[]>
}
/** Not typed by the package: the benchmarks are checked without it. */
const name: string = '@langchain/community/document_loaders/web/confluence'
const { ConfluencePagesLoader }: { ConfluencePagesLoader: new (options: object) => Loader } = await import(name)

const [baseUrl, limit, seconds, ...spaceKeys] = process.argv.slice(2)
const documents: { pageContent: string }[] = []
const started = performance.now()
const before = process.cpuUsage()
let spaces = 0
for (const spaceKey of spaceKeys) {
  if (performance.now() - started > Number(seconds) * 1000) break
  const loader = new ConfluencePagesLoader({ baseUrl, spaceKey, personalAccessToken: 'any', limit: Number(limit) })
  for (const document of await loader.load()) documents.push(document)
  spaces += 1
}
const ms = performance.now() - started
const { user, system } = process.cpuUsage(before)
const peak = process.resourceUsage().maxRSS / 1024
const codePoints = (text: string) => [...text].length
const loaded: Loaded = {
  ms,
  cpu: (user + system) / 1e6,
  pages: documents.length,
  characters: documents.reduce((sum, { pageContent }) => sum + codePoints(pageContent), 0),
  peak,
  isWhole: spaces === spaceKeys.length,
}
process.stdout.write(`loaded ${JSON.stringify(loaded)}\n`)
