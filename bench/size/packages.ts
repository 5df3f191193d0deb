import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What an app imports of a package to show its component. */
export interface Entry {
  title: string
  /** Names of the package's entry; all of it where there are none. */
  names?: string[]
  from: string
  /** Its stylesheet, where that does not come with the script. */
  css?: string
}

export interface Peer extends Entry {
  /** Where it is installed, with a package.json of its own. */
  folder: string
}

const at = (name: string) => join(import.meta.dirname, 'peers', name)

export const peerFolders = readdirSync(at('')).map(at)

export const ours: Entry[] = [
  {
    title: 'confluence-connect',
    names: ['ConfluenceConnect'],
    from: 'confluence-connect',
    css: 'confluence-connect/styles.css',
  },
  { title: 'confluence-connect/element, React not needed', from: 'confluence-connect/element' },
]

export const peers: Peer[] = [
  {
    title: 'carbon-connect 3.0.34',
    folder: at('carbon'),
    names: ['CarbonConnect'],
    from: 'carbon-connect',
  },
  {
    title: '@pipedream/connect-react 3.0.1',
    folder: at('pipedream'),
    names: ['FrontendClientProvider', 'ComponentFormContainer', 'SelectApp'],
    from: '@pipedream/connect-react',
  },
  {
    title: '@amp-labs/react 2.16.1',
    folder: at('ampersand'),
    names: ['AmpersandProvider', 'InstallIntegration'],
    from: '@amp-labs/react',
    css: '@amp-labs/react/styles',
  },
  {
    title: '@apideck/react-vault 0.12.9',
    folder: at('apideck'),
    names: ['Vault'],
    from: '@apideck/react-vault',
    css: '@apideck/react-vault/dist/styles.css',
  },
]
