import type { ReactNode } from 'react'
import { Button } from './Button.tsx'
import type { Page, PageStatus } from './contract.ts'
import { useListTexts } from './listTexts.ts'
import { isOnItsWay } from './pageSelection.ts'
import { useParts } from './parts.ts'
import type { PageColumn } from './states.ts'
import { tableRoles } from './tableRoles.ts'
import { type PageActionOptions, usePageAction } from './usePageAction.tsx'

const kinds: Partial<Record<PageStatus, 'success' | 'error' | 'warning'>> = {
  READY: 'success',
  SYNC_ERROR: 'error',
  SYNC_ABORTED: 'error',
  RATE_LIMITED: 'warning',
  DELAYED: 'warning',
}

/** What is fetched again, and what is deleted. */
const icons = {
  again: 'M13 5.5A5.5 5.5 0 1 0 13.5 9M13.5 2.5v3.3h-3.3',
  bin: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.8 7.3v3.6M9.2 7.3v3.6',
}

function Icon({ name }: { name: keyof typeof icons }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className="cc-cross">
      <path d={icons[name]} />
    </svg>
  )
}

/** Props of {@link PageRow}. */
export interface PageRowProps extends PageActionOptions {
  page: Page
  columns: readonly PageColumn[]
  dates: Intl.DateTimeFormat
}

/** One synced page, how it stands, and what can be done about it. */
export function PageRow({ page, columns, dates, ...options }: PageRowProps) {
  const { list } = options
  const { words, say } = useListTexts()
  const texts = words.pages
  const part = useParts()
  const { busy, asking, ask, said, resync, remove } = usePageAction(options, page)
  const title = page.title || say(texts.untitled)
  const kind = kinds[page.status] ?? 'muted'
  const onItsWay = isOnItsWay(page)
  const selected = list.isSelected(page)

  const link = (text: string) =>
    // Whatever else there is in an address of a host's own backend could run in the host's page.
    page.url && /^https?:/i.test(page.url) ? (
      <a {...part('inline')} href={page.url} target="_blank" rel="noreferrer" title={say(texts.open)}>
        <bdi>{text}</bdi>
      </a>
    ) : null
  const date = (value: string | null) => {
    const time = Date.parse(value ?? '')
    return value && time ? <time dateTime={value}>{dates.format(time)}</time> : null
  }
  const contents: Record<PageColumn, () => ReactNode> = {
    name: () => (columns.includes('external_url') ? null : link(title)) ?? <bdi>{title}</bdi>,
    status: () => (
      <span {...part('status', { kind, state: page.status })}>{say(texts.status[page.status] ?? page.status)}</span>
    ),
    created_at: () => date(page.createdAt),
    updated_at: () => date(page.updatedAt),
    external_url: () => link(say(texts.open)),
  }

  return (
    <tr {...part('item', { kind: selected ? 'selected' : undefined, state: page.status })} {...tableRoles.row}>
      <td {...part('cell', { kind: 'check' })} {...tableRoles.cell}>
        <label className="cc-check">
          <input
            {...part('checkbox')}
            type="checkbox"
            form=""
            aria-label={say(texts.select, { title })}
            aria-disabled={onItsWay || undefined}
            checked={selected}
            onChange={() => list.select([page], !selected)}
          />
        </label>
      </td>
      {columns.map((column, index) => (
        <td key={column} {...part('cell', { kind: column })} {...tableRoles[column === 'name' ? 'name' : 'cell']}>
          <span className="cc-cell-label" aria-hidden="true">
            {say(texts.columns[column])}
          </span>
          {contents[column]()}
          {index === 0 && page.error && <p {...part('hint', { kind })}>{page.error}</p>}
          {index === 0 && said}
        </td>
      ))}
      <td {...part('cell', { kind: 'actions' })} {...tableRoles.cell}>
        <div {...part('actions', { kind: asking ? 'question' : undefined })}>
          {asking ? (
            <Button kind="danger" busy={busy} label={say(texts.removeOne, { title })} onClick={remove}>
              {say(texts.remove)}
            </Button>
          ) : (
            <Button kind="text" busy={busy || onItsWay} label={say(texts.resyncOne, { title })} onClick={resync}>
              <Icon name="again" />
            </Button>
          )}
          <Button
            kind={asking ? 'small' : 'text'}
            label={say(asking ? texts.keep : texts.removeOne, { title })}
            onClick={ask}
          >
            {asking ? say(texts.keep) : <Icon name="bin" />}
          </Button>
        </div>
      </td>
    </tr>
  )
}
