import { describe, expect, it } from 'vitest'
import { createGate, isLimited, type Limits, resolveLimits } from '../../src/sync/limits.ts'

const none = resolveLimits({}, {})
const unused = { files: 0, filesOfUpload: 0, characters: 0, charactersOfUpload: 0 }
const gate = (limits: Partial<Limits>, usage = unused) => createGate({ ...none, ...limits }, usage)
const fresh = (characters: number) => ({ isNew: true, characters, counted: 0 })

describe('resolveLimits', () => {
  it('knows none where nothing is set', () => {
    expect(isLimited(none)).toBe(false)
  })
  it('prefers what the user has of his own, even if that is no limit', () => {
    expect(resolveLimits({ max_files: 5 }, { max_files: 9 }).max_files).toBe(5)
    expect(resolveLimits({ max_files: -1 }, { max_files: 9 }).max_files).toBe(Number.POSITIVE_INFINITY)
    expect(resolveLimits({ max_files: null }, { max_files: 9 }).max_files).toBe(9)
    expect(resolveLimits({ max_files: 0 }, {}).max_files).toBe(0)
  })
})

describe('a gate', () => {
  it('lets everything in without limits', () => {
    expect(gate({}).admit(fresh(1e9))).toBeUndefined()
  })
  it.each([
    ['max_files', { max_files: 2 }, unused],
    ['max_files_per_upload', { max_files_per_upload: 2 }, unused],
    ['max_files', { max_files: 7 }, { ...unused, files: 5 }],
  ] as const)('closes at %s', (limit, limits, usage) => {
    const { admit } = gate(limits, usage)
    expect([admit(fresh(1)), admit(fresh(1)), admit(fresh(1))]).toEqual([undefined, undefined, limit])
  })
  it('lets a known file in when the number of files is reached', () => {
    expect(
      gate({ max_files: 1 }, { ...unused, files: 1 }).admit({ isNew: false, characters: 9, counted: 3 }),
    ).toBeUndefined()
  })
  it('counts only what a known file grows by', () => {
    const { admit } = gate({ max_characters: 100 }, { ...unused, characters: 90 })
    expect(admit({ isNew: false, characters: 60, counted: 50 })).toBeUndefined()
    expect(admit({ isNew: false, characters: 51, counted: 50 })).toBe('max_characters')
    expect(admit({ isNew: false, characters: 10, counted: 50 })).toBeUndefined()
  })
  it('keeps out the file that is too long, and goes on with the next', () => {
    const { admit } = gate({ max_characters_per_file: 10 })
    expect([admit(fresh(11)), admit(fresh(10))]).toEqual(['max_characters_per_file', undefined])
  })
  it('counts an upload for itself', () => {
    const { admit } = gate({ max_characters_per_upload: 10 }, { ...unused, characters: 1000 })
    expect([admit(fresh(6)), admit(fresh(6)), admit(fresh(4))]).toEqual([
      undefined,
      'max_characters_per_upload',
      undefined,
    ])
  })
})
