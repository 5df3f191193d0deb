import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyPostgres } from '../database.ts'
import { API_KEY, type Stack, startStack } from '../stack.ts'
import { type Operation, operations } from './document.ts'
import { type Call, rows } from './isolation-rows.ts'
import {
  addOrganization,
  createTenant,
  furnish,
  type Named,
  nobody,
  OTHER_KEY,
  organizationViews,
  ownViews,
  type Tenant,
  withHeaders,
} from './tenants.ts'

// Whoever calls sees and changes their own. What belongs to another customer, or to a customer of another organisation, answers like what
// does not exist.

let stack: Stack
let drop: () => Promise<void>
/** Who calls; another customer of the same organisation; a customer of another one, whom that one knows by the same id. */
let caller: Tenant
let neighbour: Tenant
let stranger: Tenant

beforeAll(async () => {
  const database = await emptyPostgres()
  drop = database.drop
  stack = await startStack({
    databaseUrl: database.databaseUrl,
    sandbox: { pages: 12, spaces: 2 },
    env: { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' },
  })
  await addOrganization(database.databaseUrl)
  caller = await createTenant(stack, { secret: 'secret-of-caller', customerId: 'shared-id', site: 'acme' })
  neighbour = await createTenant(stack, { secret: 'secret-of-neighbour', customerId: 'neighbour', site: 'globex' })
  stranger = await createTenant(stack, {
    secret: 'secret-of-stranger',
    customerId: 'shared-id',
    site: 'globex',
    apiKey: OTHER_KEY,
  })
  await furnish(stack, stranger)
  // An id that only the other organisation has.
  const onlyThere = 'only-there'
  await withHeaders(stack.url, { authorization: `Bearer ${OTHER_KEY}`, 'customer-id': onlyThere })('GET', '/whoami')
  stranger.named.customer = onlyThere
}, 120_000)
afterAll(async () => {
  await stack.close()
  await drop()
})

const withKey = () => ({ authorization: `Bearer ${API_KEY}`, 'customer-id': caller.customerId })
const withToken = () => ({ authorization: `Token ${caller.accessToken}` })

const callsOf = (operation: Operation, named: Named, own = caller.named): Call[] =>
  rows[operation.name]?.(named, own) ?? []

const send = (operation: Operation, { path, body }: Call, headers: Record<string, string>) =>
  withHeaders(stack.url, headers)(operation.method, path ?? operation.path, body)

/** All values of a key, however deep. */
const valuesOf = (key: string, text: string): unknown[] => {
  const found: unknown[] = []
  JSON.parse(text, (name, value) => {
    if (name === key) found.push(value)
    return value
  })
  return found
}

function expectOwn(text: string, isOrganization: boolean) {
  expect(text).not.toContain(stranger.secret)
  expect(new Set([...valuesOf('organization_id', text), caller.organizationId]).size).toBe(1)
  if (isOrganization) return
  expect(text).not.toContain(neighbour.secret)
  expect(new Set([...valuesOf('organization_supplied_user_id', text), caller.customerId]).size).toBe(1)
}

const views = async () => [
  ...(await ownViews(stack, neighbour)),
  ...(await ownViews(stack, stranger)),
  ...(await organizationViews(stack, stranger)),
]

/** Calls with somebody's ids must answer like calls with nobody's. */
async function expectLikeNothing(operation: Operation, other: Tenant, headers: Record<string, string>) {
  const calls = callsOf(operation, other.named)
  const reference = callsOf(operation, nobody)
  for (const [index, call] of calls.entries()) {
    const answer = await send(operation, call, headers)
    expectOwn(answer.text, operation.credentials === 'organization')
    const same = reference[index]
    // What names nothing answers with the caller's own, which may be another each time, as tokens are.
    if (!same || JSON.stringify(call) === JSON.stringify(same)) continue
    expect({ call, ...answer }).toEqual({ call, ...(await send(operation, same, headers)) })
  }
}

const byName = operations.map((operation) => [operation.name, operation] as const)
const ofUsers = byName.filter(([, { credentials }]) => credentials !== 'organization')
const ofOrganizations = byName.filter(([, { credentials }]) => credentials === 'organization')
const inRowOrder = Object.keys(rows).flatMap((name) => byName.filter(([other]) => other === name))

it('has a row for each operation', () => {
  expect(Object.keys(rows).sort()).toEqual(operations.map(({ name }) => name).sort())
})

it('knows the same id in two organisations as two users', () => {
  expect(stranger.customerId).toBe(caller.customerId)
  expect(stranger.named.user).not.toBe(caller.named.user)
  expect(stranger.organizationId).not.toBe(caller.organizationId)
})

describe('somebody else’s objects do not exist for', () => {
  it.each(inRowOrder)('%s', async (_, operation) => {
    const before = await views()
    if (operation.credentials === 'organization') await expectLikeNothing(operation, stranger, withKey())
    else
      for (const other of [neighbour, stranger]) {
        await expectLikeNothing(operation, other, withKey())
        if (operation.credentials === 'user') await expectLikeNothing(operation, other, withToken())
      }
    expect(await views()).toEqual(before)
  })

  it('what is done in the background', async () => {
    const before = await views()
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(await views()).toEqual(before)
  })
})

describe('credentials', () => {
  it.each(ofOrganizations)('%s refuses access tokens, with 401', async (_, operation) => {
    for (const call of callsOf(operation, caller.named))
      expect((await send(operation, call, withToken())).status).toBe(401)
  })

  it.each(ofUsers)('%s refuses an API key without a customer, with 401', async (_, operation) => {
    for (const call of callsOf(operation, caller.named))
      expect((await send(operation, call, { authorization: `Bearer ${API_KEY}` })).status).toBe(401)
  })

  it.each(byName)('%s refuses nobody’s credentials, with 401', async (_, operation) => {
    const [call = {}] = callsOf(operation, nobody)
    const nobodys: Record<string, string>[] = [
      {},
      { authorization: 'Bearer nobody', 'customer-id': 'x' },
      { authorization: 'Token nobody' },
    ]
    for (const headers of nobodys) expect((await send(operation, call, headers)).status).toBe(401)
  })

  it('GET /auth/v1/access_token refuses access tokens: nobody prolongs their own', async () => {
    const answer = await withHeaders(stack.url, { ...withToken(), 'customer-id': caller.customerId })(
      'GET',
      '/auth/v1/access_token',
    )
    expect(answer.status).toBe(401)
  })
})

/** The first call of a row that names something, with nobody's ids beside it. */
function namingCall(operation: Operation, named: Named, own: Named): [Call, Call] | undefined {
  const reference = callsOf(operation, nobody, own)
  const pairs = callsOf(operation, named, own).map((call, index): [Call, Call] => [call, reference[index] ?? {}])
  return pairs.find(([call, same]) => JSON.stringify(call) !== JSON.stringify(same))
}

// Comes last: it destroys.
describe('to its owner, what a row names is there', () => {
  it.each(inRowOrder)('%s', async (name, operation) => {
    // What the neighbour had is gone by the time of the second way to delete files.
    const owner = operation.credentials === 'organization' || name === 'POST /delete_files' ? stranger : neighbour
    const [call, nobodys] = namingCall(operation, owner.named, owner.named) ?? []
    if (!call || !nobodys) return
    const headers = { authorization: `Bearer ${owner.apiKey}`, 'customer-id': owner.customerId }
    const before = await views()
    const reference = await send(operation, nobodys, headers)
    const answer = await send(operation, call, headers)
    // Calls that say no more than "success" show in what the owner sees.
    if (answer.text === reference.text) await expect.poll(views, { timeout: 10_000 }).not.toEqual(before)
    else expect(answer.status).toBe(200)
  })
})
