import { expect, it } from 'vitest'
import { siteHost } from '../../src/oauth/site.ts'

it.each([
  ['acme', 'acme.atlassian.net'],
  ['  ACME ', 'acme.atlassian.net'],
  ['acme.atlassian.net', 'acme.atlassian.net'],
  ['https://Acme.atlassian.net/wiki/spaces/X?y#z', 'acme.atlassian.net'],
  ['http://www.acme.atlassian.net/', 'acme.atlassian.net'],
  ['acme.confluence.com', 'acme.atlassian.net'],
  ['wiki.acme.com', 'wiki.acme.com'],
])('reads %j as %s', (input, host) => {
  expect(siteHost(input)).toBe(host)
})

it.each([
  '',
  '   ',
  '.',
  'acme..net',
  '-acme',
  'a b',
  'acme:8080',
  'user@acme.atlassian.net',
  'https://',
  '<script>',
  'a'.repeat(300),
])('refuses %j', (input) => {
  expect(siteHost(input)).toBeUndefined()
})
