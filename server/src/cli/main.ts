import { version } from '../version.ts'
import { keys } from './keys.ts'
import { sandbox } from './sandbox.ts'
import { serve } from './serve.ts'
import { work } from './work.ts'

/** The commands: each gets the words after its name and gives its exit code. */
const commands: Record<string, { run: (words: string[]) => Promise<number>; does: string }> = {
  serve: { run: serve, does: 'the API and, in the same process, the workers' },
  work: { run: work, does: 'workers only, beside a server on the same PostgreSQL' },
  sandbox: { run: sandbox, does: 'an offline stand-in for Atlassian, with pages, sign-in and consent' },
  keys: { run: keys, does: 'API keys: keys create [NAME] | keys list | keys revoke ID' },
}

const help = () =>
  `confluence-connect-server: connects your customers' Confluence and syncs its pages.\n\n` +
  Object.entries(commands)
    .map(([name, { does }]) => `  confluence-connect-server ${name.padEnd(8)} ${does}\n`)
    .join('') +
  '\nEverything is set by environment variables; README.md lists them.\n'

/** Flags that other programs have as well. */
const flags: Record<string, () => string> = {
  '--version': () => `${version}\n`,
  '--help': help,
  '-h': help,
  help,
}

const [name = 'help', ...words] = process.argv.slice(2)
const command = commands[name]
if (command) {
  process.exitCode = await command.run(words).catch((error: Error) => {
    process.stderr.write(`confluence-connect-server ${name}: ${error.message}\n`)
    return 1
  })
} else {
  const text = flags[name]?.()
  if (text === undefined) process.stderr.write(`There is no command "${name}".\n\n${help()}`)
  else process.stdout.write(text)
  process.exitCode = text === undefined ? 2 : 0
}
