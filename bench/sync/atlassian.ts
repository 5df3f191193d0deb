import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { parseSandboxEnv } from '../../server/src/sandbox/options.ts'
import { createSandbox } from '../../server/src/sandbox/sandbox.ts'
import { addOldListing } from './old-listing.ts'

/**
 * The sandbox, and over the same pages the listing of version 1 of Confluence's API, which our scopes do not reach and LangChain.js
 * speaks. Set as the sandbox is, and `PER_PAGE_MS` beside `SANDBOX_LATENCY_MS`.
 */
const parsed = parseSandboxEnv(process.env)
if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
const latency = { latencyMs: parsed.options.latencyMs ?? 0, latencyPerPageMs: Number(process.env.PER_PAGE_MS ?? 0) }
const sandbox = await createSandbox(parsed.options)
await sandbox.app.request('/sandbox/latency', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(latency),
})

const app = new Hono()
addOldListing(app, sandbox.world, latency)
app.route('/', sandbox.app)
const server = createAdaptorServer({ fetch: app.fetch }) as Server
// Calls between long runs must not meet a connection that is just being closed.
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address !== 'object') return
  process.stdout.write(`Atlassian listens on http://127.0.0.1:${address?.port}\n`)
})
process.once('SIGTERM', () => process.exit(0))
