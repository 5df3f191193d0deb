import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from 'react'
import { useListTexts } from './listTexts.ts'
import { useParts } from './parts.ts'
import { canPick, checkedOf, isIncluded } from './pickerSelection.ts'
import type { PagePicker, PendingRow, PickerRow } from './usePagePicker.ts'
import { useVirtualRows } from './useVirtualRows.ts'

type Row = PickerRow | PendingRow

/** What is typed within this time belongs together, in milliseconds. */
const typedMs = 700
const deepestIndent = 4
const mirrored: Record<string, string> = { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft' }

/** Where somebody is in a tree, so that it can be left and come back to. */
export interface TreePlace {
  top: number
  /** The row that the keys are about, and where it was seen last. */
  key: string
  index: number
}

export const treeStart = (): TreePlace => ({ top: 0, key: '', index: 0 })

/** What is said of a row beside its name. */
function useNote({ selection, search }: PagePicker) {
  const { words, say } = useListTexts()
  const texts = words.picker
  return (item: PickerRow['item']) => {
    const { type, selectable, fileId, spaceName } = item
    const space = spaceName ?? ''
    const notes = [
      search && (type === 'SPACE' ? say(texts.space) : say(texts.inSpace, { space })),
      !selectable && say(texts.unavailable),
      selectable && space && isIncluded(selection, item) && say(texts.included, { name: space }),
      fileId !== null && say(texts.already),
    ]
    return notes.filter(Boolean).join(' · ')
  }
}

/** The rows that are in sight. The tree itself keeps the focus, and points at the row that the keys are about. */
export function PickerTree({ picker, place }: { picker: PagePicker; place: TreePlace }) {
  const { words, messages, say } = useListTexts()
  const part = useParts()
  const note = useNote(picker)
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const typed = useRef({ text: '', time: 0 })
  const { rows, selection } = picker
  const [at, setAt] = useState({ key: place.key, index: place.index })
  const { from, to, reveal, page } = useVirtualRows(box, rows.length, place)

  // What takes the place of a row that is gone takes over from it: the first that was fetched from the row for the rest.
  const known = rows.findIndex(({ key }) => key === at.key)
  const active = known < 0 ? Math.min(at.index, rows.length - 1) : known
  const current = rows[active]
  const key = current?.key ?? ''
  useEffect(() => {
    Object.assign(place, { key, index: active })
    // Not over a key that was pressed since: effects may run late.
    if (at.key !== key || at.index !== active) setAt((now) => (now === at ? { key, index: active } : now))
  }, [place, key, active, at])

  const shown = rows.slice(from, to).map((row, offset) => ({ row, index: from + offset }))
  // The one that the keys are about stays, however far the others are scrolled.
  if (current && (active < from || active >= to)) shown.push({ row: current, index: active })
  useEffect(() => {
    for (const { row } of shown) if (!row.item && !row.failed) row.load()
  })

  const go = (index: number) => {
    const bounded = Math.min(Math.max(index, 0), rows.length - 1)
    setAt({ key: rows[bounded]?.key ?? '', index: bounded })
    reveal(bounded)
  }
  const act = (row: Row | undefined) => {
    if (row?.item) picker.toggle(row)
    else row?.load()
  }
  /** To the next row whose name begins with what was typed in one go. */
  const find = (letter: string, time: number) => {
    const goesOn = time - typed.current.time < typedMs
    const text = (goesOn ? typed.current.text : '') + letter.toLowerCase()
    typed.current = { text, time }
    const isIt = ({ item }: Row) => !!item?.name.toLowerCase().startsWith(text)
    const next = rows.findIndex((row, index) => index >= active + Number(!goesOn) && isIt(row))
    const found = next < 0 ? rows.findIndex(isIt) : next
    if (found >= 0) go(found)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const isOpen = current?.item ? current.open : null
    const level = current?.level ?? 0
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(active + 1),
      ArrowUp: () => go(active - 1),
      PageDown: () => go(active + page()),
      PageUp: () => go(active - page()),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ' ': () => act(current),
      Enter: () => act(current),
      ArrowRight: () => {
        if (current?.item && isOpen === false) picker.setOpen(current, true)
        else if (isOpen) go(active + 1)
      },
      ArrowLeft: () => {
        const above = rows.slice(0, active).findLastIndex((row) => row.level < level)
        if (current?.item && isOpen) picker.setOpen(current, false)
        else if (above >= 0) go(above)
      },
    }
    const isMirrored = event.currentTarget.matches(':dir(rtl)')
    const run = keys[(isMirrored && mirrored[event.key]) || event.key]
    if (run) run()
    else if (event.key.length === 1) find(event.key, event.timeStamp)
    else return
    event.preventDefault()
  }

  // Rows come and go as one scrolls, so the tree listens for all of them.
  const onClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null
    const index = Number(target?.closest('[data-index]')?.getAttribute('data-index') ?? -1)
    const row = rows[index]
    if (!row) return
    setAt({ key: row.key, index })
    box.current?.focus({ preventScroll: true })
    if (row.item && row.open !== null && target?.closest('.cc-twist')) picker.setOpen(row, !row.open)
    else act(row)
  }

  const contentOf = (row: Row) => {
    if (!row.item)
      return row.failed ? (
        <span>
          {say(words.failed)} <u>{say(messages.retry)}</u>
        </span>
      ) : (
        <span {...part('skeleton')} role="img" aria-label={say(words.loading)} />
      )
    const said = note(row.item)
    return (
      <>
        {!picker.search && (
          <span className="cc-twist">
            {row.open !== null && (
              <svg viewBox="0 0 16 16" aria-hidden="true" className="cc-cross">
                <path d="M6 3l5 5-5 5" />
              </svg>
            )}
          </span>
        )}
        <span {...part('checkbox')} aria-hidden="true" />
        <bdi className="cc-row-name">{row.item.name || say(words.pages.untitled)}</bdi>{' '}
        {said && <span className="cc-small">{said}</span>}
      </>
    )
  }

  return (
    <div
      {...part('tree')}
      ref={box}
      role="tree"
      tabIndex={0}
      aria-label={say(words.picker.tree)}
      aria-multiselectable="true"
      aria-activedescendant={`${id}-${active}`}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div role="none">
        {shown.map(({ row, index }) => (
          <div
            key={row.key}
            {...part('treeitem', { state: index === active ? 'active' : undefined })}
            id={`${id}-${index}`}
            role="treeitem"
            tabIndex={-1}
            data-index={index}
            data-level={Math.min(row.level, deepestIndent)}
            aria-level={row.level}
            {...(row.item && {
              'aria-posinset': row.position,
              'aria-setsize': row.siblings ?? -1,
              'aria-expanded': row.open ?? undefined,
              'aria-checked': checkedOf(selection, row.item),
              'aria-disabled': canPick(selection, row.item) ? undefined : true,
            })}
          >
            {contentOf(row)}
          </div>
        ))}
      </div>
    </div>
  )
}
