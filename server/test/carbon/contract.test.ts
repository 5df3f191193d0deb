import { describe, expect, it } from 'vitest'
import { checkAnswer, type WireAnswer } from './contract.ts'
import { operations } from './document.ts'

const check = (answer: Partial<WireAnswer> & { json?: unknown }) =>
  checkAnswer({
    method: 'POST',
    path: '/user_data_sources',
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify(answer.json ?? {}),
    ...answer,
  })?.violations

const dataSource = {
  id: 1,
  data_source_external_id: 'a|b|c/d',
  data_source_type: 'CONFLUENCE',
  token: null,
  sync_status: 'READY',
  source_items_synced_at: null,
  organization_user_id: 1,
  organization_id: 1,
  organization_supplied_user_id: 'customer-1',
  revoked_access: false,
  last_synced_at: '2024-11-07T05:31:56Z',
  last_sync_action: 'ADD',
  enable_auto_sync: null,
  created_at: '2024-11-07T05:31:56.123+02:00',
  updated_at: '2024-11-07T05:31:56Z',
  files_synced_at: null,
  data_source_metadata: {},
  tags: {},
}
const listed = (change: object) => ({ results: [{ ...dataSource, ...change }], count: 1 })

describe('the document', () => {
  it('has 40 operations, each with credentials of one kind', () => {
    expect(operations).toHaveLength(40)
    const count = (kind: string) => operations.filter(({ credentials }) => credentials === kind).length
    expect([count('organization'), count('customer'), count('user')]).toEqual([15, 1, 24])
  })
})

describe('checkAnswer', () => {
  it.each([
    ['a list', { json: listed({}) }],
    ['properties that the document does not know', { json: listed({ more: 1 }) }],
    ['an error', { status: 404, json: { detail: 'There is no such thing.' } }],
    ['a refused request', { status: 422, json: { detail: [{ loc: ['body', 0], msg: 'm', type: 't' }] } }],
    ['a content type with a charset', { json: listed({}), contentType: 'application/json; charset=UTF-8' }],
  ])('lets %s pass', (_, answer) => {
    expect(check(answer)).toEqual([])
  })

  it.each([
    ['a required key that is absent', { json: listed({ token: undefined }) }],
    ['a value outside an enum', { json: listed({ sync_status: 'QUEUED_FOR_SYNC' }) }],
    ['a null where none may be', { json: listed({ last_synced_at: null }) }],
    ['a time without an offset', { json: listed({ created_at: '2024-11-07T05:31:56' }) }],
    ['an integer beyond 32 bit', { json: listed({ id: 2 ** 31 }) }],
    ['a fraction for an integer', { json: { results: [], count: 0.5 } }],
    ['text', { contentType: 'text/plain' }],
    ['no content type', { contentType: undefined }],
    ['JSON that is cut off', { body: '{"results":' }],
    ['201', { status: 201, json: listed({}) }],
    ['204', { status: 204, body: '' }],
    ['a redirect', { status: 302, body: '' }],
    ['an error of another shape', { status: 400, json: { error: { code: 'unknown' } } }],
    ['an error with more than its detail', { status: 400, json: { detail: 'No.', code: 'unknown' } }],
    ['a 400 with reasons', { status: 400, json: { detail: [{ loc: [], msg: 'm', type: 't' }] } }],
    ['a 422 with text', { status: 422, json: { detail: 'No.' } }],
    ['a 422 without reasons', { status: 422, json: {} }],
  ])('finds %s', (_, answer) => {
    expect(check(answer)).not.toEqual([])
  })

  it('reads parameters of paths and ignores queries', () => {
    expect(check({ method: 'GET', path: '/raw_file/7?x=1', json: { presigned_url: 7 } })).toHaveLength(1)
    expect(check({ method: 'DELETE', path: '/delete_webhook/7', json: { success: true } })).toEqual([])
  })

  it.each([
    ['GET', '/user_data_sources'],
    ['GET', '/raw_file/7/more'],
    ['GET', '/raw_file/'],
    ['POST', '/v1/flows'],
    ['OPTIONS', '/user_data_sources'],
  ])('has no say about %s %s', (method, path) => {
    expect(check({ method, path, body: 'anything' })).toBeUndefined()
  })
})
