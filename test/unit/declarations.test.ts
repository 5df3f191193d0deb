// @vitest-environment node
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDeclarations } from '../../.storybook/declarations.ts'
import type { Field } from '../../stories/docs/declarations.ts'

const declarations = readDeclarations(join(import.meta.dirname, '../../src'))
const fieldsOf = (name: string) => declarations[name]?.fields ?? []

/** Fields that nothing explains, by their whole names. */
const unexplained = (fields: Field[], before = ''): string[] =>
  fields.flatMap(({ name, description, fields: inner }) => {
    const whole = `${before}${name}`
    if (inner.length > 0) return unexplained(inner, `${whole}.`)
    return description === '' ? [whole] : []
  })

describe('what the pages of the Storybook take from the types', () => {
  it('is each prop with its type, its comment and its default', () => {
    const props = Object.fromEntries(fieldsOf('ConfluenceConnectProps').map((field) => [field.name, field]))
    expect(props.orgName).toMatchObject({ type: 'string', optional: false, default: null })
    expect(props.theme).toMatchObject({ type: "'light' | 'dark' | 'auto'", optional: true, default: "'auto'" })
    expect(props.theme?.description).toBe('`auto` follows the operating system. `appearance.theme` wins over it.')
    // From the types that it extends, in another file, and from one of those of that one.
    expect(props.signInMode).toMatchObject({ type: "'popup' | 'redirect'", default: "'popup'" })
    expect(props.showFilesTab).toMatchObject({ type: 'boolean', default: 'true' })
  })

  it('is each state of the hook with its actions', () => {
    const blocked = fieldsOf('ConnectActions').find(({ name }) => name === 'blocked')
    expect(blocked?.fields.map(({ name }) => name)).toEqual(['signInUrl', 'continueHere', 'cancel'])
    const { variants = [] } = declarations.View ?? {}
    expect(variants.map(({ fields }) => fields[0]?.type.slice(1, -1)).sort()).toEqual(
      fieldsOf('ConnectActions')
        .map(({ name }) => name)
        .sort(),
    )
    expect(variants.filter(({ description }) => description === '')).toEqual([])
  })

  it.each([
    'ConfluenceConnectProps',
    'UseConfluenceConnectOptions',
    'ConfluenceOptions',
    'Appearance',
    'Tokens',
    'Localization',
    'ConnectEvent',
    'DataSourceEventData',
  ])('explains everything in %s', (name) => {
    expect(fieldsOf(name).length).toBeGreaterThan(2)
    expect(unexplained(fieldsOf(name))).toEqual([])
  })

  it('explains every action', () => {
    const actions = fieldsOf('ConnectActions').filter(({ name }) => name !== 'opening')
    expect(unexplained(actions)).toEqual([])
  })
})
