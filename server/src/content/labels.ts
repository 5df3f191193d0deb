import type { NodeOf, PanelType } from './nodes.ts'

/** What Confluence says by an icon and a colour. */
const KINDS: Record<PanelType, string | undefined> = {
  info: 'Info',
  note: 'Note',
  tip: 'Tip',
  warning: 'Warning',
  panel: undefined,
}

/** What leads a panel where colours cannot be seen: its kind and its title, the kind alone, or nothing. */
export function panelLabel({ type, title }: NodeOf<'panel'>): string | undefined {
  const kind = KINDS[type]
  if (!title || !kind) return title || kind
  return title.toLowerCase().startsWith(kind.toLowerCase()) ? title : `${kind}: ${title}`
}
