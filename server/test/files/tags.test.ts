import { describe, expect, it } from 'vitest'
import { parseTagMap, parseTagTree, toTags } from '../../src/files/tags.ts'

describe('toTags', () => {
  it.each([
    [{ a: 'x' }, { a: 'x' }],
    [
      { a: 4, b: true, c: 1.5 },
      { a: '4', b: 'true', c: '1.5' },
    ],
    [{ a: ['x', 4, false, null] }, { a: ['x', '4', 'false'] }],
    [{ a: null, b: undefined }, {}],
    [{ a: { deep: 1 } }, { a: '{"deep":1}' }],
    [{ a: [] }, { a: [] }],
    [JSON.parse('{"__proto__":"x"}'), JSON.parse('{"__proto__":"x"}')],
    ['text', {}],
    [['a'], {}],
    [null, {}],
    [undefined, {}],
  ])('turns %j into %j', (input, expected) => {
    expect(toTags(input)).toEqual(expected)
  })
})

const leaf = (key: string, values: string[], negate = false) => ({ key, values, negate })

describe('parseTagTree', () => {
  it.each([
    [{ AND: [{ key: 'a', value: 'x' }] }, { all: true, nodes: [leaf('a', ['x'])] }],
    [{ OR: [{ key: 'a', value: ['x', 4] }] }, { all: false, nodes: [leaf('a', ['x', '4'])] }],
    [{ OR: [{ key: 'a', value: 4, negate: true }] }, { all: false, nodes: [leaf('a', ['4'], true)] }],
    [{ OR: [{ key: 'a', value: 'x', negate: null }] }, { all: false, nodes: [leaf('a', ['x'])] }],
    [{ AND: [{ key: 'a', value: [] }] }, { all: true, nodes: [leaf('a', [])] }],
    [{ AND: [{ key: 'a', value: null }] }, { all: true, nodes: [leaf('a', [])] }],
    [
      { OR: [{ AND: [{ OR: [{ key: 'a', value: 'x' }] }] }] },
      { all: false, nodes: [{ all: true, nodes: [{ all: false, nodes: [leaf('a', ['x'])] }] }] },
    ],
  ])('reads %j', (input, node) => {
    expect(parseTagTree(input)).toEqual({ ok: true, node })
  })

  it.each([
    [{}, /exactly one key/],
    [{ AND: [], OR: [] }, /exactly one key/],
    [{ XOR: [] }, /exactly one key/],
    [{ AND: [] }, /at least one/],
    [{ AND: 'x' }, /at least one/],
    [{ AND: ['x'] }, /object/],
    [{ AND: [null] }, /object/],
    [{ AND: [[{ key: 'a', value: 'x' }]] }, /object/],
    [{ AND: [{ key: 4, value: 'x' }] }, /must be text/],
    [{ AND: [{ key: 'a' }] }, /needs a "value"/],
    [{ AND: [{ key: 'a', value: 'x', negate: 'yes' }] }, /true or false/],
    [{ AND: [{ OR: [{ AND: [{ OR: [{ key: 'a', value: 1 }] }] }] }] }, /3 deep/],
    [{ OR: Array.from({ length: 300 }, () => ({ key: 'a', value: 1 })) }, /200 conditions and values/],
    [null, /must be an object/],
    [[], /must be an object/],
    ['AND', /must be an object/],
  ])('refuses %j', (input, problem) => {
    expect(parseTagTree(input)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
  })
})

describe('parseTagMap', () => {
  it('reads the deprecated map', () => {
    expect(parseTagMap({ a: 'x', b: [1, 2] })).toEqual({
      ok: true,
      node: { all: true, nodes: [leaf('a', ['x']), leaf('b', ['1', '2'])] },
    })
  })
  it('has the limits of the tree', () => {
    expect(parseTagMap({ a: Array.from({ length: 300 }, String) }).ok).toBe(false)
    expect(parseTagTree({ OR: [{ key: 'a', value: Array.from({ length: 300 }, String) }] }).ok).toBe(false)
  })
})
