import { type RefObject, useMemo } from 'react'
import { type Elements, useParts } from './parts.ts'
import { useIsomorphicLayoutEffect } from './useLatest.ts'

/**
 * What can be tuned: each is the CSS property of the same name on `.cc-root`, `colorOnPrimary` is `--cc-color-on-primary`. Values are
 * CSS, and may refer to properties of the host: `var(--brand)`.
 */
export interface Tokens {
  /** Buttons, and what is chosen. */
  colorPrimary: string
  /** On `colorPrimary`. By default black or white, whichever is easier to read on it. */
  colorOnPrimary: string
  /** The dialog itself. */
  colorSurface: string
  /** Text. */
  colorOnSurface: string
  /** Quiet areas, such as a hovered row. */
  colorMuted: string
  /** Second-rank text, on `colorSurface` as well as on `colorMuted`. */
  colorOnMuted: string
  /** Lines that only divide. */
  colorBorder: string
  /** Edges of controls. */
  colorBorderStrong: string
  /** Around what has the focus. */
  colorRing: string
  /** What is done or goes well, always with a word or a shape. */
  colorSuccess: string
  /** Behind `colorSuccess`. */
  colorSuccessSoft: string
  /** What somebody should look at. */
  colorWarning: string
  /** Behind `colorWarning`. */
  colorWarningSoft: string
  /** What failed, and what deletes. */
  colorDanger: string
  /** Behind `colorDanger`. */
  colorDangerSoft: string
  /** The bar and the bead while pages arrive. By default `colorSuccess`. */
  colorProgress: string
  /** Over the page, behind the dialog. */
  colorBackdrop: string
  /** Of the dialog. */
  shadow: string
  /** By default the host's font. */
  font: string
  /** Of text; titles and small print keep their sizes. */
  fontSize: string
  /** Corners of the dialog. */
  radius: string
  /** Corners of controls. */
  radiusControl: string
  /** The unit of all distances. */
  space: string
  /** Of what moves. */
  duration: string
}

/** Tokens for light surroundings, and what differs in dark ones. */
export type Variables = Partial<Tokens> & { dark?: Partial<Tokens> }

/** A look as plain data: see `confluence-connect/themes`. */
export interface Theme {
  /** Light, dark, or what the operating system says. @default 'auto' */
  scheme?: 'light' | 'dark' | 'auto'
  variables: Variables
}

/** How it looks. Everything here can be done from a stylesheet as well. */
export interface Appearance {
  /** `auto` follows the operating system, `shadcn` the host's `--primary`, `--background`, `--radius` and so on. @default 'auto' */
  theme?: 'light' | 'dark' | 'auto' | 'shadcn' | Theme
  /** Single tokens, over those of the theme. */
  variables?: Variables
  /** Class names for parts. */
  elements?: Elements
  options?: {
    /** How round corners are. @default 'md' */
    radius?: 'none' | 'sm' | 'md' | 'lg'
    /** How much room there is between things. @default 'comfortable' */
    density?: 'compact' | 'comfortable'
    /** `none` stops what moves, as the operating system's own setting does. @default 'auto' */
    animations?: 'auto' | 'none'
    /** Whose marks are shown at the top. @default 'both' */
    logo?: 'app' | 'confluence' | 'both'
  }
}

const radii = { none: ['0', '0'], sm: ['6px', '4px'], md: [], lg: ['22px', '14px'] } as const

/** In place of the light value of a token that only has a dark one. */
const placeOfDefault = '$default'

const propertyOf = (token: string) => `--cc-${token.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** The CSS properties that an appearance sets. */
export function propertiesOf({ theme, variables, options }: Appearance): Record<string, string> {
  const given = typeof theme === 'object' ? theme.variables : undefined
  const { dark, ...light } = { ...given, ...variables, dark: { ...given?.dark, ...variables?.dark } }
  const [radius, radiusControl] = radii[options?.radius ?? 'md']
  const tokens: Record<string, string | undefined> = { radius, radiusControl, ...light }
  const properties: Record<string, string> = {}
  for (const [token, value] of Object.entries({ ...tokens, ...dark })) {
    if (value === undefined) continue
    const inDark = dark[token as keyof Tokens]
    const inLight = tokens[token] ?? placeOfDefault
    properties[propertyOf(token)] =
      inDark === undefined || inDark === inLight ? value : `light-dark(${inLight}, ${inDark})`
  }
  return properties
}

/** What is said of the look on the outermost element, whichever that is. */
export function useRoot(
  slot: 'trigger' | 'dialog' | 'panel',
  appearance: Appearance,
  ref: RefObject<HTMLElement | null>,
  place: { lang?: string | undefined; dir?: 'rtl' | 'ltr' | undefined },
) {
  const part = useParts()
  const { theme = 'auto', options } = appearance
  const written = JSON.stringify(propertiesOf(appearance))
  const properties = useMemo(() => Object.entries(JSON.parse(written) as Record<string, string>), [written])
  // Set by script rather than rendered: a content security policy without 'unsafe-inline' forbids style attributes.
  useIsomorphicLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    for (const [name, value] of properties) {
      const known = value.includes(placeOfDefault) ? getComputedStyle(element).getPropertyValue(name) : ''
      element.style.setProperty(name, value.replace(placeOfDefault, known))
    }
    return () => {
      for (const [name] of properties) element.style.removeProperty(name)
    }
  }, [properties, ref])
  const { className, ...rest } = part(slot)
  return {
    ...rest,
    ...place,
    className: `cc-root ${className}`,
    'data-theme': typeof theme === 'object' ? (theme.scheme ?? 'auto') : theme,
    'data-density': options?.density,
    'data-animations': options?.animations,
  }
}
