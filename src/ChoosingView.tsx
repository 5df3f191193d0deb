import { useId, useState } from 'react'
import { AccountCard } from './AccountCard.tsx'
import { Unreachable } from './Aside.tsx'
import { Button } from './Button.tsx'
import type { Site } from './contract.ts'
import { useParts } from './parts.ts'
import type { StateOf } from './states.ts'
import { ViewHeader } from './ViewHeader.tsx'
import { Text, useViewTexts } from './viewTexts.tsx'

function Why({ sites, requestedSite }: { sites: Site[]; requestedSite: string }) {
  const { messages } = useViewTexts()
  const [only] = sites
  const granted = sites.some(({ host }) => host === requestedSite)
  if (only && sites.length === 1) {
    return granted ? (
      <Text message={messages.choosing.confirm} />
    ) : (
      <Text message={messages.choosing.otherSite} values={{ requested: requestedSite, site: only.host }} />
    )
  }
  return (
    <Text message={granted ? messages.choosing.several : messages.choosing.missing} values={{ site: requestedSite }} />
  )
}

/** Which of the granted sites to connect, and why that is asked. */
export function ChoosingView({ state }: { state: StateOf<'choosing'> }) {
  const { messages, say } = useViewTexts()
  const part = useParts()
  const { sites, requestedSite, account } = state
  const group = useId()
  const [picked, pick] = useState<string | null>(null)
  const chosen =
    sites.find(({ cloudId }) => cloudId === picked) ?? sites.find(({ host }) => host === requestedSite) ?? sites[0]
  const busy = state.chosen !== null
  return (
    <>
      <ViewHeader
        title={
          sites.length === 1
            ? say(messages.choosing.titleOne, { site: chosen?.host ?? '' })
            : say(messages.choosing.title)
        }
      >
        <Why sites={sites} requestedSite={requestedSite} />
      </ViewHeader>
      {account && <AccountCard account={account} />}
      {sites.length > 1 && (
        <fieldset {...part('choices')}>
          <legend className="cc-hidden">{say(messages.choosing.sites)}</legend>
          {sites.map((site) => (
            <label {...part('choice')} key={site.cloudId}>
              <input
                className="cc-radio"
                type="radio"
                name={group}
                checked={site === chosen}
                disabled={busy}
                onChange={() => pick(site.cloudId)}
              />
              <span className="cc-choice-text">
                <bdi {...part('value')}>{site.name}</bdi>
                <bdi className="cc-small">{site.host}</bdi>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <Button busy={busy} onClick={() => chosen && state.confirm(chosen.cloudId)}>
        {say(busy ? messages.choosing.busy : messages.choosing.submit, { name: chosen?.name ?? '' })}
      </Button>
      {state.unreachable && <Unreachable />}
      <Button slot="quiet" onClick={state.cancel}>
        {say(messages.cancel)}
      </Button>
    </>
  )
}
