import type { ReactNode } from 'react'
import { useParts } from './parts.ts'

/** Props of {@link Button}. */
export interface ButtonProps {
  /** How it looks: a button, a quiet one below others, or one within a line of text. @default 'button' */
  slot?: 'button' | 'quiet' | 'inline' | 'back' | 'close'
  kind?: 'secondary' | 'danger' | 'small' | 'text'
  /** What it began is under way: it stays where the focus is, and does nothing. */
  busy?: boolean | undefined
  label?: string
  onClick: () => void
  children: ReactNode
}

/** A button of ours. It never submits a form that the host has put around the component. */
export function Button({ slot = 'button', kind, busy = false, label, onClick, children }: ButtonProps) {
  const part = useParts()
  return (
    <button
      type="button"
      {...part(slot, { kind })}
      aria-label={label}
      aria-disabled={busy || undefined}
      onClick={() => !busy && onClick()}
    >
      {children}
    </button>
  )
}
