import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type HostKind, hostOf } from './hosts.ts'
import type { Outcome } from './run.ts'

/** Hosts of a kind that are at work at the same time. */
const side: Record<HostKind, number> = { embedded: 1, PostgreSQL: 2, 'embedded, killed': 1, 'PostgreSQL, killed': 1 }

export type Told = Outcome & { kind: HostKind }

/** Plays the runs of some seeds, each on the kind of host that its seed says, several at a time. */
export async function playAll(
  seeds: readonly number[],
  postgresUrl: string,
  tell: (outcome: Told) => void = () => {},
): Promise<Told[]> {
  const outcomes: Told[] = []
  const workOff = async (kind: HostKind, queue: number[]) => {
    const player = fork(new URL('./player.ts', import.meta.url), [kind, postgresUrl], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    })
    let complaint = ''
    player.stderr?.on('data', (chunk) => (complaint += chunk))
    // `close`, not `exit`: by then all that it wrote has arrived.
    const ended = once(player, 'close')
    const answer = async (): Promise<unknown> => {
      const [message] = await Promise.race([
        once(player, 'message'),
        ended.then(([code]) => {
          throw new Error(`The process that plays "${kind}" ended with code ${code}: ${complaint}`)
        }),
      ])
      return message
    }
    await answer()
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      player.send(seed)
      const outcome = { ...((await answer()) as Outcome), kind }
      outcomes.push(outcome)
      tell(outcome)
    }
    player.send('end')
    await ended
  }
  await Promise.all(
    (Object.keys(side) as HostKind[]).flatMap((kind) => {
      const queue = seeds.filter((seed) => hostOf(seed) === kind)
      return Array.from({ length: Math.min(side[kind], queue.length) }, () => workOff(kind, queue))
    }),
  )
  return outcomes.sort((a, b) => a.plan.seed - b.plan.seed)
}

/** A run that went wrong, with all that is needed to look into it. */
export const report = ({ kind, plan: { rounds, ...world }, wrong, story }: Told): string =>
  [
    `Seed ${world.seed} (${kind}) ${JSON.stringify(world)}, ${rounds.length} syncs`,
    ...wrong.map((line) => `  wrong: ${line}`),
    ...story.map((line) => `  ${line}`),
    `  Again: npm run faults -- --seed ${world.seed} --runs 1`,
  ].join('\n')
