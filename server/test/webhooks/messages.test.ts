import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { pythonJson } from '../../src/webhooks/carbon-format.ts'
import { eventNames } from '../../src/webhooks/event-types.ts'
import { formats, type OutgoingEvent, writeMessage } from '../../src/webhooks/messages.ts'
import { standardSignature } from '../../src/webhooks/v1-format.ts'

const filesCreated: OutgoingEvent = {
  id: 'evt_1',
  type: 'FILES_CREATED',
  customerId: 'satvik',
  objectType: 'FILE_LIST',
  objectId: ['46654'],
  information: null,
  createdAt: new Date('2024-07-19T12:33:26Z'),
}
/** Of Carbon's published test vector. */
const KEY = 'aa76aee859f223451fd9bfb37ce893a0'
const SECONDS = 1721392406

const unicode: OutgoingEvent = {
  ...filesCreated,
  customerId: 'Zoë 🦊 "q" \\ \u007f\u2028 </é',
  objectId: ['一', '2'],
  information: { reason: 'naïve\n\t\u0001', nested: { list: [1, null, true, []], none: {} } },
}

describe('the Carbon format', () => {
  it('gives the published signatures', () => {
    const { body, headers } = formats.carbon.write(filesCreated, KEY, SECONDS)
    expect(body).toBe(
      String.raw`{"payload": "{\"webhook_type\": \"FILES_CREATED\", \"obj\": {\"object_type\": \"FILE_LIST\", \"object_id\": [\"46654\"], \"additional_information\": \"null\"}, \"customer_id\": \"satvik\", \"timestamp\": \"1721392406\"}"}`,
    )
    expect(headers).toEqual({
      'Carbon-Signature': 't=1721392406,v1=aa2273ab64bb9162e7e7983a9cd7ab9f90d686691b1fd25c577991ad42c53fc1',
      'Carbon-Signature-Compact': 't=1721392406,v2=42a86d4083fee090b5a0800a91e82fb389f0bed4da757d07ee8ba97485194e59',
    })
  })

  it.each([
    ['the published event', filesCreated],
    ['text beyond ASCII', unicode],
  ])('verifies for receivers that serialise the body again: %s', (_, event) => {
    const { body, headers } = formats.carbon.write(event, KEY, SECONDS)
    const sign = (text: string) =>
      createHmac('sha256', Buffer.from(KEY, 'hex')).update(`${SECONDS}.${text}`).digest('hex')
    // JavaScript: JSON.stringify(request.body). Python: json.dumps(request.json).
    expect(headers['Carbon-Signature-Compact']).toBe(`t=${SECONDS},v2=${sign(JSON.stringify(JSON.parse(body)))}`)
    expect(headers['Carbon-Signature']).toBe(`t=${SECONDS},v1=${sign(pythonJson(JSON.parse(body)))}`)
    expect(headers['Carbon-Signature']).toBe(`t=${SECONDS},v1=${sign(body)}`)
  })

  it('says the same as it was told', () => {
    const { body } = formats.carbon.write(unicode, KEY, SECONDS)
    expect(body).toMatch(/^[ -~]*$/)
    expect(JSON.parse(JSON.parse(body).payload)).toEqual({
      webhook_type: 'FILES_CREATED',
      obj: { object_type: 'FILE_LIST', object_id: ['一', '2'], additional_information: unicode.information },
      customer_id: unicode.customerId,
      timestamp: '1721392406',
    })
  })

  it('writes JSON as Python does', () => {
    // Compared with CPython 3.12: json.dumps({...}).
    expect(pythonJson({ a: [1, 'é', null], ü: {}, t: '\u007f\ud83e\udd8a\b\f\n\r\t\u001f"\\/' })).toBe(
      String.raw`{"a": [1, "\u00e9", null], "\u00fc": {}, "t": "\u007f\ud83e\udd8a\b\f\n\r\t\u001f\"\\/"}`,
    )
  })

  it('makes keys of 32 bytes in hex', () => expect(formats.carbon.makeKey()).toMatch(/^[0-9a-f]{64}$/))
})

describe('the v1 format', () => {
  it('is signed as the libraries of Standard Webhooks verify', () => {
    // The vector that those libraries are tested with.
    expect(
      standardSignature(
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        1614265330,
        '{"test": 2432232314}',
        'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      ),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    const secret = formats.v1.makeKey()
    const { body, headers } = formats.v1.write(unicode, secret, SECONDS)
    expect(headers).toEqual({
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(SECONDS),
      'webhook-signature': standardSignature('evt_1', SECONDS, body, secret),
    })
  })

  it.each([
    [
      { objectType: 'FILE', objectId: '12', information: { is_resync: false } },
      { fileId: 12, isResync: false },
    ],
    [{ objectType: 'FILE_LIST', objectId: ['1', '2'], information: null }, { fileIds: [1, 2] }],
    [{ objectType: 'DATA_SOURCE', objectId: '3', information: null }, { connectionId: 3 }],
    [{ objectType: 'ORGANIZATION_USER', objectId: 'jane', information: null }, { userId: 'jane' }],
    [
      { objectType: 'UPLOAD_REQUEST_ID', objectId: '77', information: { upload_id: 'u', data_source_id: 3 } },
      { requestId: '77', uploadId: 'u', connectionId: 3 },
    ],
    [
      { type: 'FILES_SKIPPED', objectType: 'FILE_LIST', objectId: ['65538'], information: null },
      { externalIds: ['65538'] },
    ],
    [{ objectType: 'NONE', objectId: null, information: { request_id: 'r' } }, { requestId: 'r' }],
  ] as const)('tells what it is about: %j', (about, data) => {
    const objectId = typeof about.objectId === 'object' && about.objectId ? [...about.objectId] : about.objectId
    const { body } = formats.v1.write({ ...filesCreated, ...about, objectId }, 'whsec_AAAA', SECONDS)
    expect(JSON.parse(body)).toEqual({
      id: 'evt_1',
      type: 'type' in about ? 'files.skipped' : 'files.created',
      createdAt: '2024-07-19T12:33:26.000Z',
      customerId: 'satvik',
      data,
    })
  })

  it('names every event differently', () =>
    expect(new Set(Object.values(eventNames)).size).toBe(Object.keys(eventNames).length))

  it('makes secrets of 32 bytes in base64', () =>
    expect(Buffer.from(formats.v1.makeKey().replace('whsec_', ''), 'base64')).toHaveLength(32))
})

it('stamps each attempt and keeps the id', () => {
  const first = writeMessage('carbon', filesCreated, KEY, 1, new Date('2026-01-01T00:00:00.900Z'))
  const second = writeMessage('carbon', filesCreated, KEY, 2, new Date('2026-01-01T00:00:05Z'))
  expect(first.headers).toMatchObject({
    'content-type': 'application/json',
    'Confluence-Connect-Event-Id': 'evt_1',
    'Confluence-Connect-Attempt': '1',
  })
  expect(first.headers['Carbon-Signature']).toMatch(/^t=1767225600,/)
  expect(second.headers['Carbon-Signature']).toMatch(/^t=1767225605,/)
  expect(second.headers['Confluence-Connect-Event-Id']).toBe('evt_1')
  expect(JSON.parse(JSON.parse(second.body).payload).timestamp).toBe('1767225605')
})
