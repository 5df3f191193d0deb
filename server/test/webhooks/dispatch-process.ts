import { openWorld } from './world.ts'

// A process that sends what is due on the database it is given, at the time it is given, until it is killed.
const [databaseUrl = '', at = ''] = process.argv.slice(2)
const world = await openWorld({ databaseUrl, dataDir: 'unused' })
world.clock.at = Number(at)
await world.dispatcher({ timeoutMs: 600_000 }).drain()
