import type { Theme } from './appearance.ts'

/** Cool blue on white, at home in tools for work. */
export const harbor: Theme = {
  variables: {
    colorPrimary: '#0b5cd6',
    colorMuted: '#f1f5fb',
    colorRing: '#0b5cd6',
    radius: '10px',
    radiusControl: '6px',
    dark: { colorPrimary: '#8ab4ff', colorSurface: '#131a24', colorMuted: '#1d2735', colorRing: '#8ab4ff' },
  },
}

/** Warm paper and ink, with round corners. */
export const paper: Theme = {
  variables: {
    colorPrimary: '#7a3e12',
    colorSurface: '#fffaf3',
    colorOnSurface: '#2b2118',
    colorMuted: '#f5ecdf',
    colorOnMuted: '#6a5a49',
    colorBorder: '#e6d9c6',
    colorBorderStrong: '#8a7a68',
    colorRing: '#a4541a',
    radius: '20px',
    radiusControl: '14px',
    dark: {
      colorPrimary: '#f0b483',
      colorSurface: '#211b16',
      colorOnSurface: '#f4ece2',
      colorMuted: '#2f2720',
      colorOnMuted: '#bfae9c',
      colorBorder: '#463a30',
      colorRing: '#f0b483',
    },
  },
}

/** Dark in any surroundings. */
export const midnight: Theme = {
  scheme: 'dark',
  variables: {
    colorPrimary: '#c3b5fd',
    colorSurface: '#14121f',
    colorOnSurface: '#f1effa',
    colorMuted: '#211e31',
    colorOnMuted: '#b3adc9',
    colorBorder: '#383350',
    colorBorderStrong: '#837ca3',
    colorRing: '#c3b5fd',
  },
}

/** Strong edges and full contrast, for those who need to see every control. */
export const contrast: Theme = {
  variables: {
    colorPrimary: '#000000',
    colorSurface: '#ffffff',
    colorOnSurface: '#000000',
    colorOnMuted: '#333333',
    colorBorder: '#5c5c5c',
    colorBorderStrong: '#000000',
    colorRing: '#0033cc',
    dark: {
      colorPrimary: '#ffffff',
      colorSurface: '#000000',
      colorOnSurface: '#ffffff',
      colorOnMuted: '#d6d6d6',
      colorBorder: '#a3a3a3',
      colorBorderStrong: '#ffffff',
      colorRing: '#99b8ff',
    },
  },
}

/**
 * The variables of shadcn/ui before Tailwind 4, which hold hue, saturation and lightness instead of a colour. For later versions
 * use `theme: 'shadcn'`.
 */
export const shadcnHsl: Theme = {
  variables: {
    colorPrimary: 'hsl(var(--primary))',
    colorOnPrimary: 'hsl(var(--primary-foreground))',
    colorSurface: 'hsl(var(--background))',
    colorOnSurface: 'hsl(var(--foreground))',
    colorMuted: 'hsl(var(--muted))',
    colorOnMuted: 'hsl(var(--muted-foreground))',
    colorBorder: 'hsl(var(--border))',
    colorRing: 'hsl(var(--ring))',
    radius: 'calc(var(--radius) * 1.4)',
    radiusControl: 'var(--radius)',
  },
}
