import { describe, expect, it } from 'vitest'
import { type Appearance, propertiesOf } from '../../src/appearance.ts'
import { carbonAppearance } from '../../src/carbonAppearance.ts'
import { harbor } from '../../src/themes.ts'

describe('propertiesOf', () => {
  const cases: [string, Appearance, Record<string, string>][] = [
    ['nothing', {}, {}],
    ['a token', { variables: { colorOnPrimary: 'red' } }, { '--cc-color-on-primary': 'red' }],
    [
      'a token for each scheme',
      { variables: { colorPrimary: '#fff', dark: { colorPrimary: '#000' } } },
      { '--cc-color-primary': 'light-dark(#fff, #000)' },
    ],
    [
      'a token that is the same in both',
      { variables: { colorPrimary: '#fff', dark: { colorPrimary: '#fff' } } },
      { '--cc-color-primary': '#fff' },
    ],
    [
      'a token for dark surroundings alone, beside what it is by default',
      { variables: { dark: { colorRing: 'blue' } } },
      { '--cc-color-ring': 'light-dark($default, blue)' },
    ],
    ['a radius', { options: { radius: 'sm' } }, { '--cc-radius': '6px', '--cc-radius-control': '4px' }],
    [
      'a token before an option',
      { options: { radius: 'sm' }, variables: { radius: '1px' } },
      { '--cc-radius': '1px', '--cc-radius-control': '4px' },
    ],
    ['the usual radius as nothing', { options: { radius: 'md' } }, {}],
  ]
  it.each(cases)('writes %s', (_, appearance, expected) => {
    expect(propertiesOf(appearance)).toEqual(expected)
  })

  it('lets single tokens win over a theme', () => {
    const properties = propertiesOf({ theme: harbor, variables: { colorPrimary: 'red' } })
    expect(properties['--cc-color-primary']).toBe('light-dark(red, #8ab4ff)')
    expect(properties['--cc-radius']).toBe('10px')
  })
})

describe('the colours of Carbon', () => {
  it('are tokens, which the appearance wins over', () => {
    const { variables } = carbonAppearance({
      primaryBackgroundColor: 'red',
      secondaryTextColor: 'blue',
      appearance: { variables: { colorOnSurface: 'green' } },
    })
    expect(variables).toEqual({ colorPrimary: 'red', colorOnSurface: 'green' })
  })
  it('leave all else to the appearance', () => {
    expect(carbonAppearance({ theme: 'dark', appearance: { options: { logo: 'app' } } })).toEqual({
      theme: 'dark',
      options: { logo: 'app' },
      variables: {},
    })
  })
})
