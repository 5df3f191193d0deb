import { useMemo, useRef } from 'react'
import { Aside } from './Aside.tsx'
import { Button } from './Button.tsx'
import { Skeleton } from './Lazy.tsx'
import { useListTexts } from './listTexts.ts'
import { PickerTree, treeStart } from './PickerTree.tsx'
import { useParts } from './parts.ts'
import { countsOf, maxPicked } from './pickerSelection.ts'
import { SearchField } from './SearchField.tsx'
import type { StateOf } from './states.ts'
import { useProblem } from './useAction.tsx'
import { useKeptFocus } from './useKeptFocus.ts'
import { type PagePicker, usePagePicker } from './usePagePicker.ts'
import { ViewHeader } from './ViewHeader.tsx'
import { Text } from './viewTexts.tsx'

/** What is picked, in words: "2 spaces and 14 pages". Empty where nothing is. */
function useSelectionWords({ selection }: PagePicker): string {
  const { words, say } = useListTexts()
  const texts = words.picker
  if (selection.all) return say(texts.everything)
  const counts = countsOf(selection)
  const spaces = counts.spaces > 0 ? say(texts.spaces, { count: counts.spaces }) : ''
  const pages = counts.pages > 0 ? say(texts.pages, { count: counts.pages }) : ''
  return spaces && pages ? say(texts.both, { spaces, pages }) : spaces || pages
}

/** Spaces and pages to choose from, and what is chosen. */
export function PickerView({ state }: { state: StateOf<'picker'> }) {
  const picker = usePagePicker(state)
  const { words, messages, say } = useListTexts()
  const texts = words.picker
  const part = useParts()
  const explain = useProblem(state.connection.site.host)
  const chosen = useSelectionWords(picker)
  const { rows, search, total, busy, problem } = picker
  const site = state.connection.site.host
  // The tree is come back to as it was left; each search starts at its top.
  const tree = useRef(treeStart())
  const place = useMemo(() => (search ? treeStart() : tree.current), [search])
  const count = total ?? 0
  const found = search && !picker.loading ? say(texts.results, { count }) : ''
  const empty = !picker.loading && !picker.failed && rows.length === 0
  const said = problem === 'tooMany' ? say(texts.tooMany, { limit: maxPicked }) : problem && explain(problem)

  return (
    <div {...useKeptFocus()}>
      <ViewHeader title={say(texts.title)}>
        <Text message={texts.text} values={{ site }} />
      </ViewHeader>
      <div {...part('toolbar')}>
        <SearchField label={say(texts.search)} text={picker.text} setText={picker.setText} />
        <Button
          kind="small"
          busy={busy !== null || rows.length === 0 || picker.selection.all}
          onClick={() => void picker.selectAll()}
        >
          {search ? say(texts.allMatches, { count }) : say(texts.all)}
        </Button>
      </div>
      {picker.failed && (
        <>
          <Aside kind="error" role="alert">
            {say(words.failed)}
          </Aside>
          <Button kind="secondary" onClick={picker.retry}>
            {say(messages.retry)}
          </Button>
        </>
      )}
      {(picker.loading || (empty && picker.reading && !search)) && !picker.failed && <Skeleton rows={4} />}
      {rows.length > 0 && <PickerTree key={search} picker={picker} place={place} />}
      {empty && (
        <p {...part('text', { kind: 'empty' })}>
          <span>
            <Text
              message={search ? texts.none : picker.reading ? texts.reading : texts.empty}
              values={{ search, site }}
            />
          </span>
        </p>
      )}
      <div {...part('footer')}>
        {said && (
          <Aside kind="error" role="alert">
            {said}
          </Aside>
        )}
        <p {...part('count')} role="status">
          <bdi>{[found, chosen || say(texts.nothing)].filter(Boolean).join(' · ')}</bdi>
          {chosen && (
            <Button slot="inline" busy={busy === 'selecting'} onClick={picker.clear}>
              {say(texts.clear)}
            </Button>
          )}
        </p>
        <Button busy={!chosen || busy !== null} onClick={() => void picker.submit()}>
          {busy === 'syncing'
            ? say(texts.syncing)
            : chosen
              ? say(picker.selection.all ? texts.submitAll : texts.submit, { selection: chosen })
              : say(texts.submitNone)}
        </Button>
        <Button slot="quiet" busy={picker.reading || busy !== null} onClick={() => void picker.refresh()}>
          {say(texts.refresh)}
        </Button>
      </div>
    </div>
  )
}
