import path from 'node:path'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { chromiumLaunchOptions } from './test/chromium.ts'
import { SlowFirst } from './test/slow-first.ts'
import { hostStyles } from './vite.hosts.ts'
import { preactFrom } from './vite.preact.ts'

const here = (...parts: string[]) => path.join(import.meta.dirname, ...parts)

// A fresh object for each project: Vitest writes project names into `instances`.
const chromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: chromiumLaunchOptions() }),
  instances: [{ browser: 'chromium' as const }],
})

/** What the library's tests run on: the React of this checkout, and the oldest that is supported. */
const reacts = [
  { suffix: '', version: '19', alias: [] },
  {
    suffix: '-react18',
    version: '18.2.0',
    alias: [
      { find: /^(react|react-dom)(?=\/|$)/, replacement: here('test/react18/node_modules/$1') },
      // Its CommonJS build would ask Node for React, past this table.
      {
        find: /^@testing-library\/react$/,
        replacement: here('node_modules/@testing-library/react/dist/@testing-library/react.esm.js'),
      },
    ],
  },
]

/** What is waited for may take long where much else runs. */
const patient = { poll: { timeout: 10_000 } }

const libraryProjects = ({ suffix, version, alias }: (typeof reacts)[number]): TestProjectConfiguration[] => [
  {
    plugins: [react()],
    resolve: { alias },
    test: {
      name: `library${suffix}`,
      environment: 'happy-dom',
      include: ['test/unit/**/*.test.{ts,tsx}'],
      testTimeout: 20_000,
      provide: { react: version },
      // What imports React has to pass through the aliases, too.
      server: { deps: { inline: [/@testing-library\/react/] } },
    },
  },
  {
    plugins: [react()],
    resolve: { alias },
    // Both at once: they share the settings that the setup file makes.
    optimizeDeps: { include: ['vitest-browser-react', 'vitest-browser-react/pure'] },
    test: {
      name: `browser${suffix}`,
      include: ['test/browser/**/*.test.tsx'],
      setupFiles: ['test/browser/setup.ts'],
      provide: { react: version },
      expect: patient,
      browser: chromium(),
    },
  },
]

export default defineConfig({
  test: {
    sequence: { sequencer: SlowFirst },
    // The same on every machine. On two cores the default is one, and a browser by itself keeps one core idle.
    maxWorkers: 2,
    projects: [
      ...reacts.flatMap(libraryProjects),
      {
        // The custom element, and all that is in it: Preact takes React's place there.
        plugins: [react()],
        resolve: { alias: preactFrom('test/browser/preact.ts') },
        // It asks for React, and must get the one that the component has.
        optimizeDeps: {
          exclude: ['vitest-browser-react'],
          include: ['preact', 'preact/hooks', 'preact/jsx-dev-runtime'],
        },
        test: {
          name: 'browser-preact',
          include: ['test/browser/**/*.test.{ts,tsx}'],
          // About React itself, and about rendering on a server, which the element does not do.
          exclude: ['test/browser/{react,hydration}.test.tsx'],
          setupFiles: ['test/browser/setup.ts'],
          expect: patient,
          browser: chromium(),
        },
      },
      {
        // The component in the pages of others, and they around it.
        plugins: [react(), hostStyles()],
        optimizeDeps: { include: ['vitest-browser-react', 'vitest-browser-react/pure'] },
        test: {
          name: 'hosts',
          include: ['test/hosts/**/*.test.tsx'],
          setupFiles: ['test/browser/setup.ts'],
          // Each view is photographed on every page, twice.
          testTimeout: 60_000,
          browser: chromium(),
        },
      },
      {
        test: {
          name: 'server',
          environment: 'node',
          include: ['server/test/**/*.test.ts'],
          globalSetup: ['server/test/postgres.ts', 'server/test/embedded.ts'],
          // They wait for databases and timers more than they compute: more at a time than the others, and so after them.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          // A process that has opened an embedded database before opens the next in a fraction of the time.
          isolate: false,
          // An embedded database takes 2 s to start, 12 s beside Chromium on two cores.
          hookTimeout: 60_000,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'package',
          environment: 'node',
          include: ['test/package/*.test.ts'],
          globalSetup: ['test/package/setup.ts'],
          // Each test runs a program of its own: Node, a build, the TypeScript compiler.
          testTimeout: 90_000,
        },
      },
      {
        plugins: [storybookTest({ configDir: here('.storybook') })],
        // A story that goes through all views takes 2 s, ten times that on a busy machine.
        test: { name: 'storybook', browser: chromium(), testTimeout: 30_000 },
      },
    ],
  },
})
