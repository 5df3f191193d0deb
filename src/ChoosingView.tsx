import { useId, useState } from 'react'
import { AccountCard } from './AccountCard.tsx'
import type { Site } from './contract.ts'
import { Text, useTexts } from './texts.tsx'
import type { ConnectState } from './useConfluenceConnect.ts'
import { ViewHeader } from './ViewHeader.tsx'

type Choosing = Extract<ConnectState, { name: 'choosing' }>

function Why({ sites, requestedSite }: { sites: Site[]; requestedSite: string }) {
  const { messages } = useTexts()
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
export function ChoosingView({ state }: { state: Choosing }) {
  const { messages, say } = useTexts()
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
        <fieldset className="cc-choices">
          <legend className="cc-hidden">{say(messages.choosing.sites)}</legend>
          {sites.map((site) => (
            <label className="cc-choice" key={site.cloudId}>
              <input
                className="cc-radio"
                type="radio"
                name={group}
                checked={site === chosen}
                disabled={busy}
                onChange={() => pick(site.cloudId)}
              />
              <span className="cc-choice-text">
                <bdi className="cc-value">{site.name}</bdi>
                <bdi className="cc-small">{site.host}</bdi>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <button
        type="button"
        className="cc-button"
        aria-disabled={busy || undefined}
        onClick={() => !busy && chosen && state.confirm(chosen.cloudId)}
      >
        {say(busy ? messages.choosing.busy : messages.choosing.submit, { name: chosen?.name ?? '' })}
      </button>
      {state.unreachable && <p className="cc-aside">{say(messages.unreachable)}</p>}
      <button type="button" className="cc-quiet" onClick={state.cancel}>
        {say(messages.cancel)}
      </button>
    </>
  )
}
