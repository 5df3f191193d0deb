import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { CONVERTER_VERSION } from '../../src/content/index.ts'
import type { TestDatabase } from '../database.ts'
import { backend, connect, type Stack, type StackOptions, startStack, syncEnd } from '../stack.ts'

/** A page as the sandbox and the server's lists tell of it. */
export interface Known {
  id: string
  title: string
  parentId: string | null
  space: string
  version: number
}

type Sandbox = NonNullable<StackOptions['sandbox']>

/** A stack for the tests of a suite, with a new customer for each, and what they ask it. */
export function useWorld(open: () => Promise<TestDatabase>, sandbox: Sandbox, env: Record<string, string> = {}) {
  const world = {} as { stack: Stack; connection: number }
  let drop: () => Promise<void>
  let customer = 0
  const call: ReturnType<typeof backend> = (...words) => backend(world.stack.url, `customer-${customer}`)(...words)
  const admin = (method: string, path: string, body?: object) =>
    call(method, `${world.stack.sandbox.url}/sandbox${path}`, body)

  beforeAll(async () => {
    const database = await open()
    drop = database.drop
    world.stack = await startStack({ ...database, sandbox, env })
  })
  afterAll(async () => {
    await world.stack.close()
    await drop()
  })
  beforeEach(() => {
    customer += 1
  })
  afterEach(() => admin('DELETE', '/faults'))

  /** Waits for the end of one sync. */
  const ended = async (syncId: number) => {
    for (let tries = 0; tries < 600; tries++) {
      const { body } = await call('GET', `/v1/connections/${world.connection}/sync?syncId=${syncId}`)
      if (body.finishedAt) return body
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('The sync did not end in time.')
  }

  return Object.assign(world, {
    call,
    admin,
    /** Goes on as another customer. */
    next() {
      customer += 1
    },
    /** Connects and waits for the first sync. */
    async connected(wishes: object = {}) {
      world.connection = (await connect(world.stack, call, { wishes })).connection.id
      return syncEnd(call, world.connection)
    },
    /** Starts a walk and waits for its end. */
    async walk(kind: 'all' | 'changes' | 'sweep') {
      const { body } = await call('POST', `/v1/connections/${world.connection}/sync`, { walk: kind })
      return ended(body.syncId)
    },
    ended,
    /** Waits until pages show what they name. */
    async linked() {
      const { db } = world.stack.server.services
      const outdated = () =>
        db.selectFrom('pages').select('id').where('converter_version', '<', CONVERTER_VERSION).execute()
      await expect.poll(outdated, { timeout: 60_000 }).toEqual([])
    },
    /** What the sandbox was asked for since the last time. */
    async counted() {
      const { body } = await admin('GET', '/counters')
      await admin('DELETE', '/counters')
      return (body.sites.acme ?? { requests: 0, points: 0 }) as { requests: number; points: number }
    },
    /** The stored page, or undefined. */
    async page(externalId: string) {
      const { body } = await call('POST', '/user_files_v2', {
        filters: { external_file_ids: [externalId] },
        include_parsed_text_file: true,
      })
      const [file] = body.results
      if (!file) return undefined
      const text = file.parsed_text_url && (await (await fetch(file.parsed_text_url)).text())
      return { file, text: String(text), updatedAt: String(file.updated_at) }
    },
    /** The pages that an account sees, as the sandbox knows them. */
    async pages(): Promise<Known[]> {
      const { body } = await admin('GET', '/truth?site=acme')
      return body.pages.filter(
        (page: { status: string; spaceStatus: string; restricted: boolean }) =>
          page.status === 'current' && page.spaceStatus === 'current' && !page.restricted,
      )
    },
    /** The spaces that are not archived. */
    async spaces(): Promise<{ id: string; key: string }[]> {
      const { body } = await admin('GET', '/world')
      const [acme] = body.sites
      return acme.spaces.filter(({ status }: { status: string }) => status === 'current')
    },
  })
}
