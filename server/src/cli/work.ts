import { startWorker } from '../server.ts'
import { readConfig, untilStopped } from './run.ts'

export async function work(): Promise<number> {
  const config = readConfig()
  if (!config) return 2
  if (!config.databaseUrl) {
    process.stderr.write(
      'Workers of their own need a PostgreSQL that they share with the server: set DATABASE_URL. With the embedded database, `serve` does the work itself.\n',
    )
    return 2
  }
  return untilStopped(await startWorker(config))
}
