import { useEffect, useRef, useState } from 'react'
import { Aside } from './Aside.tsx'
import { Button } from './Button.tsx'
import type { PageStatus } from './contract.ts'
import { Skeleton } from './Lazy.tsx'
import { useListTexts } from './listTexts.ts'
import { PagesTable } from './PagesTable.tsx'
import { useParts } from './parts.ts'
import { SearchField } from './SearchField.tsx'
import { SelectionBar } from './SelectionBar.tsx'
import type { StateOf } from './states.ts'
import { useKeptFocus } from './useKeptFocus.ts'
import { useLatest } from './useLatest.ts'
import { useSyncedPages } from './useSyncedPages.ts'
import { ViewHeader } from './ViewHeader.tsx'
import { Text } from './viewTexts.tsx'

/** The pages that are synced: found, sorted, synced again and deleted. */
export function PagesView({ state }: { state: StateOf<'pages'> }) {
  const list = useSyncedPages(state)
  const { words, messages, say } = useListTexts()
  const texts = words.pages
  const part = useParts()
  const toolbar = useRef<HTMLDivElement>(null)
  const { pages, search, status, total, from, previous, next, selected } = list
  const site = state.connection.site.host
  const count = total ?? pages.length
  // By the count as well: while another page is on its way there is no next one, and the buttons stay.
  const turns = previous || next || count > pages.length

  const empty = search ? texts.none : status ? texts.noneOf : list.syncing ? texts.arriving : texts.empty
  const summary =
    pages.length === 0
      ? say(empty, { search, site })
      : say(turns ? texts.range : texts.count, { from, to: from + pages.length - 1, count })

  // Said once for each answer, and not again each time that a sync brings more.
  const answered = list.loading || list.stale ? '' : `${search} ${status} ${from}`
  const [answer, setAnswer] = useState('')
  const latestSummary = useLatest(summary)
  useEffect(() => {
    if (answered) setAnswer(latestSummary.current)
  }, [answered, latestSummary])

  // What was done is said until something else is begun.
  const [notice, setNotice] = useState('')
  const begin =
    <Given extends unknown[]>(go: (...given: Given) => void) =>
    (...given: Given) => {
      setNotice('')
      go(...given)
    }
  const options = { list: { ...list, select: begin(list.select) }, site, done: setNotice }

  const turn = (label: string, go: (() => void) | null) => (
    // Where there is no more it stays, and keeps the focus.
    <Button
      kind="small"
      busy={!go}
      onClick={() => {
        go?.()
        toolbar.current?.scrollIntoView({ block: 'nearest' })
      }}
    >
      {label}
    </Button>
  )

  return (
    <div className="cc-pages" {...useKeptFocus()}>
      <ViewHeader title={say(texts.title)}>
        <Text message={texts.text} values={{ site }} />
      </ViewHeader>
      <div {...part('toolbar')} ref={toolbar}>
        <SearchField label={say(texts.search)} text={list.text} setText={begin(list.setText)} />
        <div {...part('field', { kind: 'select' })}>
          <select
            {...part('input')}
            form=""
            aria-label={say(texts.filter)}
            value={status ?? ''}
            onChange={begin(({ target }) => list.setStatus((target.value as PageStatus) || null))}
          >
            <option value="">{say(texts.anyStatus)}</option>
            {Object.entries(texts.status).map(([each, label]) => (
              <option key={each} value={each}>
                {say(label)}
              </option>
            ))}
          </select>
        </div>
        {state.pick && (
          <Button kind="small" onClick={state.pick}>
            {say(texts.add)}
          </Button>
        )}
      </div>
      {list.failed && (
        <div {...part('actions', { kind: 'failed' })}>
          <Aside kind="error" role="alert">
            {say(words.failed)}
          </Aside>
          <Button kind="small" onClick={list.retry}>
            {say(messages.retry)}
          </Button>
        </div>
      )}
      {list.loading && !list.failed && <Skeleton rows={7} />}
      {pages.length > 0 && <PagesTable columns={state.columns} {...options} />}
      {!list.loading && !list.failed && pages.length === 0 && (
        <div {...part('text', { kind: 'empty' })}>
          <span>
            <Text message={empty} values={{ search, site }} />
          </span>
          {search && (
            <Button kind="small" onClick={() => list.setText('')}>
              {say(words.clearSearch)}
            </Button>
          )}
        </div>
      )}
      <p className="cc-hidden" role="status">
        {selected > 0 ? say(texts.selected, { count: selected }) : answer}
      </p>
      <div {...part('footer', { state: pages.length > 0 ? undefined : 'empty' })}>
        <p {...part('hint', { kind: 'success' })} role="status">
          {notice}
        </p>
        {selected > 0 && <SelectionBar {...options} />}
        {pages.length > 0 && (
          <div {...part('pager')}>
            <span {...part('count')}>{summary}</span>
            {turns && (
              <>
                {turn(say(texts.previous), previous)}
                {turn(say(texts.next), next)}
              </>
            )}
          </div>
        )}
      </div>
    </div>
  )
}
