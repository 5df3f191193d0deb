import { Button } from './Button.tsx'
import { useListTexts } from './listTexts.ts'
import { useParts } from './parts.ts'
import { type PageActionOptions, usePageAction } from './usePageAction.tsx'

/** How many pages are selected, and what can be done with them. */
export function SelectionBar(options: PageActionOptions) {
  const { selected: count, selectAll, clear } = options.list
  const { words, say } = useListTexts()
  const texts = words.pages
  const part = useParts()
  const { busy, asking, ask, said, resync, remove } = usePageAction(options)
  return (
    <>
      {said}
      <div className="cc-selection">
        <p {...part('count')}>
          <span {...part('value')}>{say(texts.selected, { count })}</span>
          {selectAll && (
            <Button slot="inline" onClick={selectAll.run}>
              {say(texts.selectAll, { count: selectAll.count })}
            </Button>
          )}
          <Button slot="inline" onClick={clear}>
            {say(texts.clear)}
          </Button>
        </p>
        <div {...part('actions')}>
          {asking ? (
            <Button kind="danger" busy={busy} onClick={remove}>
              {say(texts.removeSome, { count })}
            </Button>
          ) : (
            <Button busy={busy} onClick={resync}>
              {say(texts.resyncSome, { count })}
            </Button>
          )}
          {/* One button asks and takes back, so that the focus stays on it, and on the harmless answer. */}
          <Button kind="small" onClick={ask}>
            {asking ? say(texts.keep) : say(texts.removeSome, { count })}
          </Button>
        </div>
      </div>
    </>
  )
}
