import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type LaunchOptions } from 'playwright'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const macOS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const isExecutable = (path: string) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const installed = () =>
  [...(process.env.PATH ?? '').split(delimiter).flatMap((dir) => names.map((name) => join(dir, name))), ...macOS].find(
    isExecutable,
  )

const playwrightsOwn = () => [chromium.executablePath()].find(existsSync)

/** The Chromium that tests use: `CHROMIUM_PATH`, else an installed Chromium or Chrome, else Playwright's own. */
export function findChromium(): string | undefined {
  return process.env.CHROMIUM_PATH || installed() || playwrightsOwn()
}

/** How every test starts Chromium: on loopback only, so that no test can depend on the network. */
export function chromiumLaunchOptions(): LaunchOptions {
  const executablePath = findChromium()
  return {
    ...(executablePath && { executablePath }),
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1'],
  }
}

const run = (command: string, ...args: string[]) => {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    return true
  } catch {
    return false
  }
}

const installers = [
  () =>
    process.getuid?.() === 0 &&
    existsSync('/etc/debian_version') &&
    run('apt-get', 'update') &&
    run('apt-get', 'install', '-y', '--no-install-recommends', 'chromium'),
  () => run('npx', 'playwright', 'install', 'chromium'),
]

// Run as a script before the tests: finds Chromium or installs it.
if (import.meta.main) {
  const found = findChromium() ?? (installers.some((install) => install()) && findChromium())
  if (!found) {
    console.error(
      'No Chromium found, and none could be installed. Do one of these:\n' +
        '  1. set CHROMIUM_PATH to a Chromium or Chrome executable\n' +
        '  2. install Chromium or Google Chrome so that it is on PATH\n' +
        '  3. use a machine on which Playwright has its own Chromium\n' +
        '  4. on Debian or Ubuntu, as root: apt-get install chromium\n' +
        '  5. npx playwright install chromium',
    )
    process.exit(1)
  }
}
