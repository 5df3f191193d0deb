import type { ReactNode } from 'react'
import { ConfluenceMark, Initial, Tile } from './ConnectionLine.tsx'
import { useParts } from './parts.ts'
import type { StateOf } from './states.ts'
import { ViewHeader } from './ViewHeader.tsx'
import { useViewTexts } from './viewTexts.tsx'

/** What to connect, where the host offers more than Confluence. */
export function IntegrationsView({
  state,
  confluenceIcon,
}: {
  state: StateOf<'integrations'>
  confluenceIcon?: ReactNode
}) {
  const { messages, say } = useViewTexts()
  const part = useParts()
  return (
    <>
      <ViewHeader title={say(messages.integrations.title)}>{say(messages.integrations.text)}</ViewHeader>
      <ul {...part('list')}>
        {state.integrations.map(({ id, name, icon }) => (
          <li {...part('item')} key={id}>
            <button type="button" {...part('row')} onClick={() => state.choose(id)}>
              <Tile icon={id === 'CONFLUENCE' ? (icon ?? confluenceIcon) : icon}>
                {id === 'CONFLUENCE' ? <ConfluenceMark /> : <Initial name={name} />}
              </Tile>
              <bdi className="cc-row-name">{name}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
