import type { StorybookConfig } from '@storybook/react-vite'
import { hostStyles } from '../vite.hosts.ts'

const config: StorybookConfig = {
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  framework: { name: '@storybook/react-vite', options: {} },
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  viteFinal: (vite) => ({ ...vite, plugins: [vite.plugins, hostStyles()] }),
  typescript: { reactDocgen: 'react-docgen' },
}

export default config
