import { type HostKind, hostOf, hosts } from './hosts.ts'
import { planOf } from './plan.ts'
import { type Outcome, play } from './run.ts'
import { openStage } from './stage.ts'

/** Servers that are at work at the same time. */
const side: Record<HostKind, number> = { embedded: 1, PostgreSQL: 2, 'embedded, killed': 1, 'PostgreSQL, killed': 2 }

export type Told = Outcome & { kind: HostKind }

/** Plays the runs of some seeds, each on the kind of host that its seed says, several at a time. */
export async function playAll(
  seeds: readonly number[],
  postgresUrl: string,
  tell: (outcome: Told) => void = () => {},
): Promise<Told[]> {
  const outcomes: Told[] = []
  const workOff = async (kind: HostKind, queue: number[]) => {
    const stage = await openStage()
    const open = () => hosts[kind]({ atlassianUrl: stage.url, postgresUrl })
    let host = await open()
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      const plan = planOf(seed, { canCrash: host.crash !== undefined })
      const outcome = await play(plan, host, stage).catch((error: Error) => broken(plan, error))
      outcomes.push({ ...outcome, kind })
      tell({ ...outcome, kind })
      if (outcome.wrong.length === 0) continue
      // What one run has left behind is not the fault of the next.
      await host.close()
      host = await open()
    }
    await host.close()
    await stage.close()
  }
  await Promise.all(
    (Object.keys(hosts) as HostKind[]).flatMap((kind) => {
      const queue = seeds.filter((seed) => hostOf(seed) === kind)
      return Array.from({ length: Math.min(side[kind], queue.length) }, () => workOff(kind, queue))
    }),
  )
  return outcomes.sort((a, b) => a.plan.seed - b.plan.seed)
}

const broken = (plan: Outcome['plan'], error: Error): Outcome => ({
  plan,
  wrong: [error.stack ?? error.message],
  story: [],
  acts: {},
  syncs: 0,
  requests: 0,
  seconds: 0,
})

/** A run that went wrong, with all that is needed to look into it. */
export const report = ({ kind, plan: { rounds, ...world }, wrong, story }: Told): string =>
  [
    `Seed ${world.seed} (${kind}) ${JSON.stringify(world)}, ${rounds.length} syncs`,
    ...wrong.map((line) => `  wrong: ${line}`),
    ...story.map((line) => `  ${line}`),
    `  Again: npm run faults -- --seed ${world.seed} --runs 1`,
  ].join('\n')
