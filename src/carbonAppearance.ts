import type { Appearance } from './appearance.ts'

/** The colours of Carbon's first two versions, as single props. `appearance` has many more. */
export interface CarbonColors {
  /** Of main buttons: `colorPrimary`. */
  primaryBackgroundColor?: string
  /** On main buttons: `colorOnPrimary`. */
  primaryTextColor?: string
  /** Of the dialog: `colorSurface`. */
  secondaryBackgroundColor?: string
  /** In the dialog: `colorOnSurface`. */
  secondaryTextColor?: string
  /** Of what shows progress: `colorProgress`. */
  loadingIconColor?: string
}

/** The appearance with what Carbon's single props say, where it does not say otherwise. */
export function carbonAppearance({
  appearance = {},
  theme,
  ...colors
}: CarbonColors & { appearance?: Appearance; theme?: 'light' | 'dark' | 'auto' }): Appearance {
  const given = {
    colorPrimary: colors.primaryBackgroundColor,
    colorOnPrimary: colors.primaryTextColor,
    colorSurface: colors.secondaryBackgroundColor,
    colorOnSurface: colors.secondaryTextColor,
    colorProgress: colors.loadingIconColor,
  }
  const variables = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return { ...(theme && { theme }), ...appearance, variables: { ...variables, ...appearance.variables } }
}
