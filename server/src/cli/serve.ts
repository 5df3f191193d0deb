import { startServer } from '../server.ts'
import { readConfig, untilStopped } from './run.ts'

export async function serve(): Promise<number> {
  const config = readConfig()
  if (!config) return 2
  const server = await startServer(config)
  process.stdout.write(`Confluence Connect listens on ${server.url} (public: ${config.publicUrl})\n`)
  if (server.generatedApiKey)
    process.stdout.write(`An API key was made for you; it is shown this once:\n  ${server.generatedApiKey}\n`)
  if (!server.hasApiKey)
    process.stdout.write('There is no API key yet, so every call is refused: set API_KEY and start again.\n')
  if (!config.atlassian.clientId)
    process.stdout.write(
      'No OAuth app is configured yet: set ATLASSIAN_CLIENT_ID and ATLASSIAN_CLIENT_SECRET so that customers can sign in.\n',
    )
  return untilStopped(server)
}
