import { expect, it } from 'vitest'
import { parseCredentials } from '../../src/http/auth.ts'

it.each([
  [undefined, []],
  ['', []],
  ['Basic abc', []],
  ['Bearer key', [{ scheme: 'bearer', value: 'key' }]],
  ['token abc', [{ scheme: 'token', value: 'abc' }]],
  [
    'Token old, Token new',
    [
      { scheme: 'token', value: 'new' },
      { scheme: 'token', value: 'old' },
    ],
  ],
])('reads %j', (header, credentials) => {
  expect(parseCredentials(header)).toEqual(credentials)
})
