import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { createApp } from './backend/app.ts'
import { listen } from './launch/listen.ts'
import { startPart } from './launch/part.ts'
import { choosePort } from './launch/ports.ts'

// `npm start`: the Atlassian sandbox, the server and the demo SaaS, until Ctrl-C or until one of them dies.

/** Why it all ends, and how long the parts may take to end by themselves before they are told to. */
interface Ending {
  exitCode: number
  graceMs: number
  message?: string
}

const localhost = (port: number) => `http://localhost:${port}`

/** Everything that has to be undone, last one first. */
const cleanups: ((why: Ending) => Promise<unknown>)[] = []

async function start(signal: AbortSignal, end: (why: Ending) => void): Promise<void> {
  const reserved = new Set<number>()
  const demoPort = await choosePort('DEMO_PORT', 3000, reserved)
  const serverPort = await choosePort('SERVER_PORT', 8000, reserved)
  const sandboxPort = await choosePort('SANDBOX_PORT', 8100, reserved)
  const demoUrl = localhost(demoPort)
  const serverUrl = localhost(serverPort)
  const sandboxUrl = localhost(sandboxPort)

  // Fresh for each start: the sandbox forgets its sign-ins when it stops, and a kept database would hold dead connections.
  const folder = await mkdtemp(join(tmpdir(), 'confluence-connect-demo-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  const pageDir = join(folder, 'page')
  const apiKey = randomBytes(24).toString('hex')

  const parts = [
    startPart('sandbox', 'sandbox', `${sandboxUrl}/`, { PORT: String(sandboxPort), HOST: '127.0.0.1' }),
    startPart('server', 'serve', `${serverUrl}/health`, {
      PORT: String(serverPort),
      HOST: '127.0.0.1',
      PUBLIC_URL: serverUrl,
      DATA_DIR: join(folder, 'data'),
      API_KEY: apiKey,
      ALLOWED_ORIGINS: `${demoUrl},http://127.0.0.1:${demoPort}`,
      ORGANIZATION_NAME: 'Acme Notes',
      // With a real OAuth app of yours instead of the sandbox, the last two are its own and the first two are left out.
      ATLASSIAN_AUTH_URL: sandboxUrl,
      ATLASSIAN_API_URL: sandboxUrl,
      ATLASSIAN_CLIENT_ID: 'sandbox-client',
      ATLASSIAN_CLIENT_SECRET: 'sandbox-secret',
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
    }),
  ]
  cleanups.push(({ graceMs }) => Promise.all(parts.map((part) => part.stop(graceMs))))
  for (const { name, ended } of parts)
    ended.then((how) => end({ exitCode: 1, graceMs: 0, message: `The ${name} ${how}, so the demo stops.` }))

  await Promise.all([
    build({
      configFile: join(import.meta.dirname, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: pageDir, emptyOutDir: true },
    }),
    ...parts.map((part) => part.ready(signal)),
  ])
  signal.throwIfAborted()
  cleanups.push(await listen(createApp({ serverUrl, apiKey, pageDir }), demoPort))

  process.stdout.write(`
  Acme Notes, the demo:  ${demoUrl}

  Its server:            ${serverUrl}
  Its stand-in for Atlassian, with "acme" as the first site:  ${sandboxUrl}

  Press Ctrl-C to stop.
`)
}

async function run(): Promise<number> {
  const ending = new AbortController()
  const end = (why: Ending) => ending.abort(why)
  // Ctrl-C in a terminal reaches the children too, and a second signal would cut their clean stop short; so they get time.
  process.on('SIGINT', () => end({ exitCode: 0, graceMs: 3000 }))
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end({ exitCode: 0, graceMs: 0 }))

  const ended = once(ending.signal, 'abort')
  const started = start(ending.signal, end).catch((error: Error) =>
    end({ exitCode: 1, graceMs: 0, message: error.message }),
  )
  await ended
  const why: Ending = ending.signal.reason
  if (why.message) process.stderr.write(`\n${why.message}\n`)
  await started
  for (const cleanup of cleanups.reverse()) await cleanup(why)
  return why.exitCode
}

process.exit(await run())
