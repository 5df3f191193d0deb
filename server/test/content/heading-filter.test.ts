import { expect, test } from 'vitest'
import { headingFilter } from '../../src/content/heading-filter.ts'

test.each([
  ['Install', 'Install', true],
  ['Install', 'Install it', false],
  ['Install', 'install', false],
  ['Install.*', 'Install it', true],
  ['Install.*', 'Install', true],
  ['Install.+', 'Install', false],
  ['Install.+', 'Install!', true],
  ['.*it', 'Install it', true],
  ['.*it', 'Install it now', false],
  ['.*a.*b.*', 'xxaxxbxx', true],
  ['.*a.*b.*', 'xxbxxaxx', false],
  ['.*ab', 'aab', true],
  ['Step .', 'Step 1', true],
  ['Step .', 'Step 12', false],
  ['Step .', 'Step 😀', true],
  ['One|Two.*', 'Two and a half', true],
  ['One|Two.*', 'One and a half', false],
  ['^One$', 'One', true],
  ['1\\.2 .*', '1.2 Scope', true],
  ['1\\.2 .*', '1x2 Scope', false],
  ['C\\+\\+', 'C++', true],
  ['', 'anything', undefined],
  ['(a+)+b', 'aaaa', undefined],
  ['[A-Z].*', 'A', undefined],
  ['\\d+', '12', undefined],
  ['a*', 'aaa', undefined],
  ['x'.repeat(101), 'x', undefined],
])('%j for %j', (pattern, heading, expected) => {
  expect(headingFilter(pattern)?.(heading)).toBe(expected)
})

test('takes no longer than the pattern times the heading', () => {
  const filter = headingFilter(`${'.*a'.repeat(33)}b`)
  expect(filter?.('a'.repeat(1_000_000))).toBe(false)
})
