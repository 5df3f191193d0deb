import { parseSandboxEnv, startSandbox } from '../sandbox/index.ts'
import { untilStopped } from './run.ts'

export async function sandbox(): Promise<number> {
  const parsed = parseSandboxEnv(process.env)
  if (!parsed.ok) {
    process.stderr.write(
      `The sandbox cannot start yet:\n${parsed.problems.map((problem) => `  - ${problem}\n`).join('')}`,
    )
    return 2
  }
  const running = await startSandbox(parsed.options)
  process.stdout.write(
    `The Atlassian sandbox listens on ${running.url}\n` +
      `Point the server at it: ATLASSIAN_AUTH_URL=${running.url} ATLASSIAN_API_URL=${running.url} ATLASSIAN_CLIENT_ID=sandbox-client ATLASSIAN_CLIENT_SECRET=sandbox-secret\n`,
  )
  return untilStopped(running)
}
