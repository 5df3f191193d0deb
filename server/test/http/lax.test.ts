import { describe, expect, it } from 'vitest'
import { boolean, integer, text } from '../../src/http/lax.ts'

describe('what Carbon’s clients send', () => {
  it.each([
    [5, 5],
    ['5', 5],
    [' -7 ', -7],
    ['+3', 3],
    ['5.0', 5],
    [5.0, 5],
    [true, 1],
    [2_147_483_647, 2_147_483_647],
    [-2_147_483_648, -2_147_483_648],
  ])('takes %j for the whole number %i', (input, expected) => {
    expect(integer.parse(input)).toBe(expected)
  })
  it.each([
    ['5.5'],
    [5.5],
    [''],
    [' '],
    ['0x10'],
    ['1e3'],
    [2_147_483_648],
    ['99999999999999999999'],
    [Number.NaN],
    [null],
    [[5]],
    [{}],
  ])('does not take %j for a whole number', (input) => {
    expect(integer.safeParse(input).success).toBe(false)
  })
  it.each([
    [true, true],
    [false, false],
    ['true', true],
    ['False', false],
    ['on', true],
    ['0', false],
    [1, true],
    [0, false],
  ])('takes %j for %s', (input, expected) => {
    expect(boolean.parse(input)).toBe(expected)
  })
  it.each([['maybe'], [2], [''], [[]], [null], ['constructor']])('does not take %j for a boolean', (input) => {
    expect(boolean.safeParse(input).success).toBe(false)
  })
  it.each([
    ['x', 'x'],
    [42, '42'],
    ['', ''],
  ])('takes %j for text', (input, expected) => {
    expect(text.parse(input)).toBe(expected)
  })
  it.each([[true], [null], [['x']], [{}]])('does not take %j for text', (input) => {
    expect(text.safeParse(input).success).toBe(false)
  })
})
