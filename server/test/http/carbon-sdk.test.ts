import { Carbon } from 'carbon-typescript-sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { API_KEY, Browser, backend, type Stack, signIn, startStack, stored, syncEnd, truth } from '../stack.ts'

// Carbon's own published client, over a real port, with nothing changed but its base path.

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

it('connects, lists and reads pages', async () => {
  const organisation = new Carbon({ basePath: stack.url, apiKey: API_KEY, customerId: 'customer-1' })
  const { access_token: accessToken } = (await organisation.auth.getAccessToken()).data
  const carbon = new Carbon({ basePath: stack.url, accessToken })

  const { oauth_url } = (
    await carbon.integrations.getOauthUrl({
      service: 'CONFLUENCE',
      confluence_subdomain: 'acme',
      connecting_new_account: true,
    })
  ).data
  const browser = new Browser()
  await browser.submit(await signIn(browser, oauth_url), {})

  const sources = (await carbon.dataSources.queryUserDataSources({ filters: { source: 'CONFLUENCE' } })).data
  expect(sources.count).toBe(1)
  const [source] = sources.results
  expect(source).toMatchObject({
    data_source_type: 'CONFLUENCE',
    organization_supplied_user_id: 'customer-1',
    revoked_access: false,
  })

  const call = backend(stack.url)
  await syncEnd(call, source?.id ?? 0)
  expect(await stored(call)).toEqual(await truth(stack, 'acme'))

  const files = (
    await carbon.files.queryUserFiles({
      pagination: { limit: 5, offset: 0 },
      filters: { source: 'CONFLUENCE', organization_user_data_source_id: [source?.id ?? 0] },
      include_raw_file: true,
      include_parsed_text_file: true,
    })
  ).data
  expect(files.results).toHaveLength(5)
  for (const file of files.results) {
    expect(await (await fetch(file.presigned_url ?? '')).text()).toContain('<!doctype html>')
    expect((await fetch(file.parsed_text_url ?? '')).status).toBe(200)
  }
})

it('gets an error that it understands', async () => {
  const carbon = new Carbon({ basePath: stack.url, accessToken: 'expired' })
  await expect(carbon.dataSources.queryUserDataSources({})).rejects.toMatchObject({
    status: 401,
    responseBody: { detail: expect.stringContaining('expired') },
  })
})
