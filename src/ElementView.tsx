import { ConfluenceConnect } from './ConfluenceConnect.tsx'
import { HostTrigger, labelSlot, pressableTriggers } from './ElementTrigger.tsx'
import type { ElementProperties } from './elementProperties.ts'
import { tokenFetcherOf } from './elementToken.ts'
import { useDarkHost } from './useDarkHost.ts'

/** What is in the shadow root: the component, and the slot of the trigger. */
export function ElementView({
  host,
  mount,
  properties,
  open,
  setOpen,
}: {
  host: HTMLElement
  mount: HTMLElement
  properties: ElementProperties
  open: boolean
  setOpen: (open: boolean) => void
}) {
  const { orgName = location.hostname, tokenURL, locale, noTrigger, localization, ...props } = properties
  const { tokenFetcher = tokenURL ? tokenFetcherOf(tokenURL) : undefined } = props
  const always = props.mode === 'inline' || props.alwaysOpen === true
  const hasTrigger = !always && !noTrigger
  const triggers = hasTrigger ? pressableTriggers(host) : []
  useDarkHost(host, mount, (open || always) && props.appearance?.theme === 'shadcn')
  return (
    <>
      {triggers.length > 0 && <HostTrigger triggers={triggers} open={open} onPress={() => setOpen(true)} />}
      <ConfluenceConnect
        {...props}
        {...(tokenFetcher && { tokenFetcher })}
        {...((locale || localization) && { localization: { ...(locale && { locale }), ...localization } })}
        orgName={orgName}
        open={open}
        setOpen={setOpen}
      >
        {hasTrigger && triggers.length === 0 ? labelSlot : null}
      </ConfluenceConnect>
    </>
  )
}
