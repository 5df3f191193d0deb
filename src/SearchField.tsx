import { useParts } from './parts.ts'

/** Where a list is searched. */
export function SearchField({
  label,
  text,
  setText,
}: {
  label: string
  text: string
  setText: (text: string) => void
}) {
  const part = useParts()
  return (
    <div {...part('field', { kind: 'search' })}>
      <input
        {...part('input')}
        type="search"
        form=""
        dir={text ? 'auto' : undefined}
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </div>
  )
}
