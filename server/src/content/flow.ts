import { DISPLAY, type Kind, type Node, type Renderer } from './nodes.ts'

interface Entry {
  node: Node
  /** Renderers have seen it open and not yet close. */
  live: boolean
  /** Not in the source: opened because its content had to stand in something. */
  implied: boolean
}

/** Kinds that stand only in one other kind, or that hold only one other kind. */
type Structural = 'list' | 'item' | 'tasks' | 'task' | 'table' | 'row' | 'cell'

const CHILD_OF: Partial<Record<Kind, Structural>> = { list: 'item', tasks: 'task', table: 'row', row: 'cell' }
const PARENT_OF: Partial<Record<Kind, Structural>> = { item: 'list', task: 'tasks', row: 'table', cell: 'row' }

/** What stands in for a node that the source lacks. */
const IMPLIED: Record<Structural, Node> = {
  list: { kind: 'list', ordered: false },
  item: { kind: 'item' },
  tasks: { kind: 'tasks' },
  task: { kind: 'task', done: false },
  table: { kind: 'table' },
  row: { kind: 'row' },
  cell: { kind: 'cell', header: false, colspan: 1, rowspan: 1 },
}

const LISTS = new Set<Kind>(['list', 'tasks'])

/**
 * Makes a well-formed stream of whatever order the source has its nodes in, for all renderers at once: collapses white space, keeps blocks
 * out of paragraphs, gives stray cells their table, and opens paragraphs, links and marks only when there is content for them.
 */
export class Flow {
  /** Counts pieces of content, to tell whether anything was written between two moments. */
  written = 0
  readonly #renderers: readonly Renderer[]
  readonly #stack: Entry[] = []
  #verbatim = 0
  #headings = 0
  /** A collapsed space waits for the content that makes it visible. */
  #space = false
  /** Nothing was written on the current line yet, so that spaces are invisible. */
  #fresh = true

  constructor(renderers: readonly Renderer[]) {
    this.#renderers = renderers
  }

  /** How many nodes are open. */
  get depth(): number {
    return this.#stack.length
  }

  /** Opens a node and returns the depth to {@link close} it to. */
  open(node: Node): number {
    if (this.#isRedundant(node) || this.#isFlattened(node)) return this.depth
    this.#makeRoomFor(node.kind)
    const depth = this.depth
    const parent = PARENT_OF[node.kind]
    if (parent && this.#top?.node.kind !== parent) this.#open(parent)
    this.#push(node, false)
    return depth
  }

  /** Closes the innermost nodes until `depth` are left. */
  close(depth: number): void {
    while (this.depth > depth) this.#pop()
  }

  leaf(node: Node): void {
    const display = DISPLAY[node.kind]
    if (this.#verbatim > 0 && display !== 'invisible') {
      if (node.kind === 'break') this.#write('\n')
      return
    }
    if (display === 'block') {
      this.#makeRoomFor(node.kind)
      this.#breakLine()
    } else if (display === 'inline') {
      this.#beginContent()
      this.#fresh = node.kind === 'break'
    } else {
      this.#makeRoomFor(node.kind)
      this.#revive()
    }
    for (const renderer of this.#renderers) renderer.leaf(node)
  }

  /** Adds text as the source has it. */
  text(value: string): void {
    if (this.#verbatim > 0) {
      if (value !== '') this.#write(value)
      return
    }
    const collapsed = SPACES.test(value) ? value.replace(ALL_SPACES, ' ') : value
    const leading = collapsed.startsWith(' ')
    if (leading && !this.#fresh) this.#space = true
    if (collapsed === ' ' || collapsed === '') return
    const trailing = collapsed.endsWith(' ')
    this.#write(leading || trailing ? collapsed.slice(leading ? 1 : 0, trailing ? -1 : undefined) : collapsed)
    this.#space = trailing
  }

  get #top(): Entry | undefined {
    return this.#stack[this.#stack.length - 1]
  }

  #write(value: string): void {
    this.#beginContent()
    this.#fresh = false
    for (const renderer of this.#renderers) renderer.text(value)
  }

  #beginContent(): void {
    this.#makeRoomFor(undefined)
    // Before marks open, so that a space never begins or ends a mark.
    if (this.#space) {
      this.#space = false
      for (const renderer of this.#renderers) renderer.text(' ')
    }
    this.#revive()
    this.written++
  }

  /** Changes the stack so that a node of this kind, or text where undefined, may stand at its top. */
  #makeRoomFor(kind: Kind | undefined): void {
    if (kind && PARENT_OF[kind]) {
      while (this.#top?.implied && this.#top.node.kind !== PARENT_OF[kind]) this.#pop()
    }
    for (let top = this.#top; top; top = this.#top) {
      const child = CHILD_OF[top.node.kind]
      if (!child || child === kind || (kind && LISTS.has(kind) && LISTS.has(top.node.kind))) return
      this.#push(IMPLIED[child], true)
    }
  }

  #open(kind: Structural): void {
    const parent = PARENT_OF[kind]
    if (parent && this.#top?.node.kind !== parent) this.#open(parent)
    this.#push(IMPLIED[kind], false)
  }

  #push(node: Node, implied: boolean): void {
    const display = DISPLAY[node.kind]
    if (display === 'inline') {
      this.#stack.push({ node, live: false, implied })
      return
    }
    const around = CHILD_OF[node.kind] ? [] : this.#stack.slice(this.#marksStart())
    this.#breakLine()
    const live = display === 'block'
    this.#stack.push({ node, live, implied })
    if (live) {
      if (node.kind === 'code') this.#verbatim++
      if (node.kind === 'heading') this.#headings++
      for (const renderer of this.#renderers) renderer.open(node)
    }
    // Marks and links around a block go on inside of it.
    for (const mark of around) this.#stack.push({ node: mark.node, live: false, implied: false })
  }

  #pop(): void {
    const entry = this.#stack.pop()
    if (!entry) return
    if (DISPLAY[entry.node.kind] !== 'inline') {
      this.#fresh = true
      this.#space = false
    }
    if (entry.node.kind === 'code') this.#verbatim--
    if (entry.node.kind === 'heading') this.#headings--
    if (entry.live) for (const renderer of this.#renderers) renderer.close(entry.node)
  }

  /** Where the marks and links of the current line begin; below are the paragraph, if any, and its block. */
  #marksStart(): number {
    let index = this.depth
    while (index > 0 && isInline(this.#stack[index - 1])) index--
    return index
  }

  /** Where the current line begins: at its paragraph or, without one, at its marks. */
  #lineStart(): number {
    const marks = this.#marksStart()
    return this.#stack[marks - 1]?.node.kind === 'paragraph' ? marks - 1 : marks
  }

  /** Ends the current line: closes the marks and the paragraph around it, to be opened again by the content that follows. */
  #breakLine(): void {
    const start = this.#lineStart()
    for (let index = this.depth - 1; index >= start; index--) {
      const entry = this.#stack[index]
      if (!entry?.live) continue
      entry.live = false
      for (const renderer of this.#renderers) renderer.close(entry.node)
    }
    this.#fresh = true
    this.#space = false
  }

  /** Opens the paragraph and the marks that wait for content. */
  #revive(): void {
    for (let index = this.#lineStart(); index < this.depth; index++) {
      const entry = this.#stack[index]
      if (!entry || entry.live) continue
      entry.live = true
      for (const renderer of this.#renderers) renderer.open(entry.node)
    }
  }

  /** Verbatim text has lines, but no blocks and no pictures. */
  #isFlattened(node: Node): boolean {
    return this.#verbatim > 0 && DISPLAY[node.kind] !== 'inline'
  }

  /**
   * A mark in the same mark, a link in a link and a heading in a heading add nothing, and HTML forbids the latter two. It also bounds how many
   * nodes a line can have to reopen after a block.
   */
  #isRedundant(node: Node): boolean {
    if (node.kind === 'heading') return this.#headings > 0
    if (DISPLAY[node.kind] !== 'inline') return false
    return this.#stack.slice(this.#marksStart()).some(({ node: outer }) => isSameMark(outer, node))
  }
}

function isInline(entry: Entry | undefined): boolean {
  return entry !== undefined && DISPLAY[entry.node.kind] === 'inline'
}

function isSameMark(one: Node, other: Node): boolean {
  return one.kind === other.kind && (one.kind !== 'mark' || other.kind !== 'mark' || one.tag === other.tag)
}

const SPACES = /[\t\n\r]| {2}/
const ALL_SPACES = /[ \t\n\r]+/g
