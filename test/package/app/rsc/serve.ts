// Asks the built app for its page, and tells it.
const complaints: unknown[] = []
console.error = console.warn = (...said: unknown[]) => complaints.push(said.map(String))

const { default: answer }: { default: () => Promise<Response> } = await import(
  `${import.meta.dirname}/dist/rsc/index.js`
)
const html = await (await answer()).text()
process.stdout.write(JSON.stringify({ html, complaints }))
