import { defineConfig } from '@playwright/test'
import { chromiumLaunchOptions } from './test/chromium.ts'

// The whole product in Chromium. Each file starts the processes it needs (test/e2e/stack.ts).
export default defineConfig({
  testDir: 'test/e2e',
  globalSetup: ['./test/e2e/page.setup.ts', './test/e2e/embedded.setup.ts'],
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    // Popups are blocked as in a person's browser: Playwright's default would hide a window that opens too late.
    launchOptions: { ...chromiumLaunchOptions(), ignoreDefaultArgs: ['--disable-popup-blocking'] },
  },
})
