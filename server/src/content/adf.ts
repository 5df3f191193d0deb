import type { PanelType } from './nodes.ts'
import type { CompositeRule } from './rules.ts'

/** The macro that means the same as a panel of the new editor; their names differ. */
const PANEL_TYPES = new Map<string, PanelType>(
  Object.entries({ info: 'info', note: 'note', success: 'tip', warning: 'note', error: 'warning', custom: 'panel' }),
)

/**
 * What a node of Atlassian's document format becomes, by its type: content without an equivalent in storage format. One without content
 * leaves the word to its fallback; that of an app says where it is.
 */
export const adfNode: CompositeRule = (composite, body, context) => {
  if (body === undefined) {
    const name = composite.value('extension-key')
    return name === undefined ? [] : [{ leaf: { kind: 'placeholder', name } }]
  }
  return NODES.get(composite.element.attribute('type') ?? '')?.(composite, body, context) ?? []
}

/** One row per node type; the content of the others stands alone. */
const NODES = new Map<string, CompositeRule>(
  Object.entries({
    panel: (composite) => [
      { open: { kind: 'panel', type: PANEL_TYPES.get(composite.value('panel-type') ?? '') ?? 'panel' } },
    ],
    'decision-list': () => [{ open: { kind: 'list', ordered: false } }],
    'decision-item': () => [{ open: { kind: 'item' } }],
    expand: (composite) => [{ open: { kind: 'expand', title: composite.value('title') } }],
    'nested-expand': (composite) => [{ open: { kind: 'expand', title: composite.value('title') } }],
    'bodied-extension': (composite) => [
      { open: { kind: 'macro', name: composite.value('extension-key') ?? 'bodied-extension' } },
    ],
  } satisfies Record<string, CompositeRule>),
)
