import { DISPLAY, type Display, type Kind, type Node } from './nodes.ts'

/** Kinds that stand only in one other kind, or that hold only one other kind. */
export type Structural = 'list' | 'item' | 'tasks' | 'task' | 'table' | 'row' | 'cell'

/** How nodes of a kind sit among others. */
export interface Traits {
  readonly kind: Kind
  /** The place of the kind in tables that {@link byKind} has made. */
  readonly order: number
  readonly display: Display
  /** The only kind that they hold. */
  readonly child: Structural | undefined
  /** The only kind that they stand in. */
  readonly parent: Structural | undefined
  /** Lists of either kind may stand in each other without an item between. */
  readonly isList: boolean
}

const CHILD_OF: Partial<Record<Kind, Structural>> = { list: 'item', tasks: 'task', table: 'row', row: 'cell' }
const PARENT_OF: Partial<Record<Kind, Structural>> = { item: 'list', task: 'tasks', row: 'table', cell: 'row' }

const KINDS = Object.keys(DISPLAY) as Kind[]

const traitsOf = (kind: Kind): Traits => ({
  kind,
  order: KINDS.indexOf(kind),
  display: DISPLAY[kind],
  child: CHILD_OF[kind],
  parent: PARENT_OF[kind],
  isList: kind === 'list' || kind === 'tasks',
})

/** What is known of every kind, so that one look tells all. */
export const TRAITS = Object.fromEntries(KINDS.map((kind) => [kind, traitsOf(kind)])) as Record<Kind, Traits>

/** A block within verbatim text, which has lines and marks but no blocks. */
export const VERBATIM_LINE: Traits = traitsOf('mark')

/** What stands in for a node that the source lacks. */
export const IMPLIED: Record<Structural, Node> = {
  list: { kind: 'list', ordered: false },
  item: { kind: 'item' },
  tasks: { kind: 'tasks' },
  task: { kind: 'task', done: false },
  table: { kind: 'table' },
  row: { kind: 'row' },
  cell: { kind: 'cell', header: false, colspan: 1, rowspan: 1 },
}

/** A table by kind as a list by {@link Traits.order}: it is looked into for every node, and that is several times as fast. */
export function byKind<T extends { [K in Kind]?: unknown }>(table: T): readonly (T[Kind & keyof T] | undefined)[] {
  return KINDS.map((kind) => table[kind])
}
