import { join } from 'node:path'
import type { StorybookConfig } from '@storybook/react-vite'
import { mergeConfig } from 'vite'
import { hostStyles } from '../vite.hosts.ts'
import { declarations } from './declarations.ts'

const config: StorybookConfig = {
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  framework: { name: '@storybook/react-vite', options: {} },
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  typescript: { reactDocgen: 'react-docgen' },
  viteFinal: (given) =>
    mergeConfig(given, {
      plugins: [declarations(join(import.meta.dirname, '../src')), hostStyles()],
      // Else `:dir()` and `light-dark()` are rewritten for browsers that the component does not run in anyway.
      build: { cssTarget: 'esnext' },
    }),
}

export default config
