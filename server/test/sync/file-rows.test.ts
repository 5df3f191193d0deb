import { expect, it } from 'vitest'
import type { ConfluencePage } from '../../src/confluence/types.ts'
import { convertStorage } from '../../src/content/index.ts'
import { convertPage, type PageSource } from '../../src/sync/convert-page.ts'
import type { Convert } from '../../src/sync/converted.ts'
import { type PageContext, toRows } from '../../src/sync/file-rows.ts'

const page = (id: string, value: string): ConfluencePage => ({
  id,
  status: 'current',
  title: `Page ${id}`,
  spaceId: '1',
  createdAt: '2026-01-01T00:00:00.000Z',
  version: { number: 1, createdAt: '2026-01-01T00:00:00.000Z' },
  body: { storage: { value } },
})

/** Converts in this thread. */
const here = (convert?: Convert) => ({
  page: async (source: PageSource) => convertPage(source, convert),
  pages: async (sources: readonly PageSource[]) => sources.map((source) => convertPage(source, convert)),
})

const context: PageContext = {
  connection: { id: 1, organization_id: 1, user_id: 1, sync_options: {}, site_host: 'acme.atlassian.net' },
  sync: { id: 1, request_id: 'r', upload_id: 'u', options: {} },
  baseUrl: 'https://acme.atlassian.net/wiki',
  spaceKeys: new Map([['1', 'DOCS']]),
  converters: here(),
}

it('keeps a page that cannot be converted raw and marked, and goes on with the rest', async () => {
  const rows = await toRows([page('1', '<p>one</p>'), page('2', '<p>secret</p>'), page('3', '<p>three</p>')], {
    ...context,
    converters: here((storage, options) => {
      if (storage.includes('secret')) throw new Error(`cannot convert ${storage}`)
      return convertStorage(storage, options)
    }),
  })
  expect(rows.map((row) => row.sync_status)).toEqual(['READY', 'SYNC_ERROR', 'READY'])
  expect(rows[1]).toMatchObject({ storage: '<p>secret</p>', html: null, text: null })
  expect(rows[1]?.sync_error_message).toMatch(/could not be converted/)
  expect(rows[1]?.sync_error_message).not.toContain('secret')
})

it('stores a page without a body, and one without a link, as they are', async () => {
  const [row] = await toRows([{ ...page('7', ''), body: null, _links: null }], context)
  expect(row).toMatchObject({
    storage: '',
    text: '',
    sync_status: 'READY',
    url: 'https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=7',
  })
})
