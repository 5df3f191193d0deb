// What an app in TypeScript writes; the compiler is the test.
import {
  type Backend,
  ConfluenceConnect,
  type ConfluenceConnectProps,
  ConnectError,
  type ConnectState,
  createHttpBackend,
  type ErrorCode,
  type Localization,
  type Messages,
  type MessagesLoader,
  type OnErrorData,
  type OnSuccessData,
  parseSite,
  useConfluenceConnect,
} from 'confluence-connect'
import { ConfluenceConnectElement, type ElementProperties } from 'confluence-connect/element'
import de from 'confluence-connect/locales/de'
import 'confluence-connect/styles.css'
import { createMemoryBackend, type MemoryBackend } from 'confluence-connect/testing'
import { createTokenHandler } from 'confluence-connect/token'
import { type ReactElement, useState } from 'react'

const tokenFetcher = async () => ({ access_token: 'token' })
const told: (OnSuccessData | OnErrorData)[] = []

export function Controlled({ logo }: { logo: string }): ReactElement {
  const [open, setOpen] = useState(false)
  return (
    <ConfluenceConnect
      orgName="Acme Notes"
      brandIcon={logo}
      apiURL="https://connect.acme.example"
      tokenFetcher={tokenFetcher}
      open={open}
      setOpen={setOpen}
      theme="dark"
      onSuccess={(event) => told.push(event)}
      onError={(event) => told.push(event)}
    >
      <button type="button">Connect</button>
    </ConfluenceConnect>
  )
}

const titles: Record<ConnectState['name'], string> | undefined = undefined

export function Headless({ backend }: { backend: Backend }): ReactElement {
  const state = useConfluenceConnect({ backend })
  if (state.name === 'enter') {
    return (
      <button type="button" onClick={() => state.start('acme')}>
        Start
      </button>
    )
  }
  return <p>{titles?.[state.name] ?? state.name}</p>
}

export const memory: MemoryBackend = createMemoryBackend({ signIn: 'granted' })
export const http: Backend = createHttpBackend({ apiURL: 'https://connect.acme.example', tokenFetcher })
export const route: (request: Request) => Promise<Response> = createTokenHandler({
  serverUrl: 'http://localhost:8000',
  apiKey: 'key',
  customerId: async () => null,
})

export const german: Messages = { ...de, close: 'Weg' }
export const given: Localization = { messages: german, overrides: { enter: { submit: 'Los' } } }

const languages: Record<string, MessagesLoader | undefined> = {
  en: undefined,
  fr: () => import('confluence-connect/locales/fr'),
}
export function localizationFor(preferred: readonly string[]): Localization {
  const locale = preferred.find((tag) => (tag.split('-')[0] ?? '') in languages) ?? 'en'
  const messages = languages[locale.split('-')[0] ?? '']
  return messages ? { locale, messages } : { locale }
}

const parsed = parseSite('acme')
export const host: string = parsed.ok ? parsed.host : parsed.problem.kind
export const isOurs = (error: unknown): error is ConnectError => error instanceof ConnectError

document.createElement('confluence-connect').show()
const element = new ConfluenceConnectElement()
Object.assign(element, { orgName: 'Acme' } satisfies ElementProperties)
element.orgName = undefined
element.tokenFetcher = tokenFetcher
element.addEventListener('cc-error', ({ detail }) => detail.data[0]?.code satisfies ErrorCode | undefined)
element.addEventListener('cc-openchange', ({ detail }) => detail.open satisfies boolean)
element.addEventListener('keydown', () => element.close(), { once: true })

// @ts-expect-error: the element has a logo by its address only
element.brandIcon = <svg />
// @ts-expect-error: the name of the organisation is not optional
export const nameless: ConfluenceConnectProps = {}
// @ts-expect-error: a text is missing
export const partial: Messages = { locale: 'nl', trigger: 'Koppelen' }
// @ts-expect-error: no such theme
export const themed: ConfluenceConnectProps = { orgName: 'Acme', theme: 'purple' }
// @ts-expect-error: no such view
export const unknownView: ConnectState['name'] = 'nowhere'
