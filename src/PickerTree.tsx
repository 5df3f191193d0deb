import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from 'react'
import { Button } from './Button.tsx'
import { useListTexts } from './listTexts.ts'
import { useParts } from './parts.ts'
import { canPick, checkedOf, isIncluded } from './pickerSelection.ts'
import type { PagePicker, PendingRow, PickerRow } from './usePagePicker.ts'
import { useVirtualRows } from './useVirtualRows.ts'

/** Comes into sight, so what it stands for is fetched. */
function Pending({ row }: { row: PendingRow }) {
  const { messages, words, say } = useListTexts()
  const part = useParts()
  const { failed, load } = row
  useEffect(() => {
    if (!failed) load()
  }, [failed, load])
  return (
    <div {...part('treeitem', { state: failed ? 'failed' : 'loading' })} data-level={Math.min(row.level, 4)}>
      {failed ? (
        <>
          {say(words.failed)}{' '}
          <Button slot="inline" onClick={load}>
            {say(messages.retry)}
          </Button>
        </>
      ) : (
        <span {...part('skeleton')} />
      )}
    </div>
  )
}

/** What is said of a row beside its name. */
function useNote({ selection, search }: PagePicker) {
  const { words, say } = useListTexts()
  const texts = words.picker
  return (row: PickerRow) => {
    if (!row.item.selectable) return say(texts.unavailable)
    if (isIncluded(selection, row)) return say(texts.included)
    if (row.item.fileId !== null) return say(texts.already)
    return search ? say(row.item.type === 'SPACE' ? texts.space : texts.page) : ''
  }
}

/** The rows that are in sight. The tree itself keeps the focus, and points at the row that the keys are about. */
export function PickerTree({ picker }: { picker: PagePicker }) {
  const { words, say } = useListTexts()
  const part = useParts()
  const note = useNote(picker)
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const { rows, selection } = picker
  const [activeKey, setActiveKey] = useState<string | null>(null)
  const { from, to, reveal, page } = useVirtualRows(box, rows.length)
  const active = Math.max(
    0,
    rows.findIndex(({ key }) => key === activeKey),
  )

  const go = (index: number) => {
    const bounded = Math.min(Math.max(index, 0), rows.length - 1)
    setActiveKey(rows[bounded]?.key ?? null)
    reveal(bounded)
  }
  const parentOf = (row: PickerRow) => {
    const above = rows.slice(0, active).findLastIndex((each) => each.item !== null && each.level < row.level)
    return above === -1 ? active : above
  }
  const startingWith = (letter: string) => {
    const isIt = ({ item }: PickerRow | PendingRow) => item?.name.toLowerCase().startsWith(letter) ?? false
    const next = rows.findIndex((row, index) => index > active && isIt(row))
    return next === -1 ? Math.max(rows.findIndex(isIt), 0) : next
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active]
    const found = row?.item ? row : null
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(active + 1),
      ArrowUp: () => go(active - 1),
      PageDown: () => go(active + page()),
      PageUp: () => go(active - page()),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ' ': () => found && picker.toggle(found),
      Enter: () => found && picker.toggle(found),
      Right: () => (found?.open === false ? picker.setOpen(found, true) : found?.open && go(active + 1)),
      Left: () => (found?.open ? picker.setOpen(found, false) : found && go(parentOf(found))),
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== box.current) return
    const backwards = getComputedStyle(event.currentTarget).direction === 'rtl'
    const sideways: Record<string, string> = backwards
      ? { ArrowRight: 'Left', ArrowLeft: 'Right' }
      : { ArrowRight: 'Right', ArrowLeft: 'Left' }
    const act = keys[sideways[event.key] ?? event.key]
    if (act) act()
    else if (event.key.length === 1) go(startingWith(event.key.toLowerCase()))
    else return
    event.preventDefault()
  }

  // Rows come and go as one scrolls, so the tree listens for all of them.
  const onClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null
    const index = target?.closest('[data-index]')?.getAttribute('data-index')
    const row = index ? rows[Number(index)] : null
    if (!row?.item) return
    setActiveKey(row.key)
    box.current?.focus({ preventScroll: true })
    if (target?.closest('.cc-twist')) picker.setOpen(row, !row.open)
    else picker.toggle(row)
  }

  const shown = rows.slice(from, to)
  const isShown = active >= from && active < to
  return (
    <div
      {...part('tree')}
      ref={box}
      role="tree"
      tabIndex={0}
      aria-label={say(words.picker.tree)}
      aria-multiselectable="true"
      aria-activedescendant={isShown && rows[active]?.item ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div role="none">
        <div role="none">
          {shown.map((row, offset) => {
            if (row.item === null) return <Pending key={row.key} row={row} />
            const index = from + offset
            const said = note(row)
            return (
              <div
                key={row.key}
                {...part('treeitem', { state: index === active ? 'active' : undefined })}
                id={`${id}-${index}`}
                role="treeitem"
                tabIndex={-1}
                data-index={index}
                data-level={Math.min(row.level, 4)}
                aria-level={row.level}
                aria-posinset={row.position}
                aria-setsize={row.siblings ?? -1}
                aria-expanded={row.open ?? undefined}
                aria-checked={checkedOf(selection, row)}
                aria-disabled={canPick(selection, row) ? undefined : true}
              >
                {row.open === null ? (
                  <span className="cc-twist-place" />
                ) : (
                  <span className="cc-twist">
                    <svg viewBox="0 0 16 16" aria-hidden="true" className="cc-cross">
                      <path d="M6 3l5 5-5 5" />
                    </svg>
                  </span>
                )}
                <span {...part('checkbox')} aria-hidden="true" />
                <bdi className="cc-row-name">{row.item.name}</bdi>
                {said && <span className="cc-small">{said}</span>}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
