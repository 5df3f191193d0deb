import { type HostKind, openHost } from './hosts.ts'
import { planOf } from './plan.ts'
import { type Outcome, play } from './run.ts'
import { openStage } from './stage.ts'

// A process of its own for each host: the embedded database stands still a process while it works, and the others are not to wait.
// It is handed seeds one by one, and hands back what came of them.

const [kind, postgresUrl] = process.argv.slice(2) as [HostKind, string]
const stage = await openStage()
const open = () => openHost(kind, { atlassianUrl: stage.url, postgresUrl })
let host = await open()

async function playSeed(seed: number): Promise<Outcome> {
  const plan = planOf(seed, { canCrash: host.crash !== undefined })
  const outcome = await play(plan, host, stage)
  if (outcome.wrong.length > 0) {
    // What one run has left behind is not the fault of the next.
    await host.close()
    host = await open()
  }
  return outcome
}

process.on('message', async (seed: number | 'end') => {
  if (seed !== 'end') return process.send?.(await playSeed(seed))
  await host.close()
  await stage.close()
  process.exit()
})
// Whoever plays has gone: so does everything that was started for it.
process.once('disconnect', () => process.exit())
process.send?.('ready')
