import type { Node, Renderer } from './nodes.ts'
import { IMPLIED, type Structural, TRAITS, type Traits, VERBATIM_LINE } from './traits.ts'

/** Marks are not opened again after as many interruptions by blocks, so that the output stays linear in the input. */
const REOPEN_LIMIT = 100_000

/** A link that goes on in another block names its target again, unless that is longer than this, for the same reason. */
export const REPEATED_TARGET_LIMIT = 200

interface Entry {
  readonly node: Node
  readonly traits: Traits
  /** Renderers have seen it open and not yet close. */
  live: boolean
  /** Not in the source: opened because its content had to stand in something. */
  readonly implied: boolean
}

/**
 * Makes a well-formed stream of whatever order the source has its nodes in, for all renderers at once: collapses white space, keeps blocks
 * out of paragraphs, gives stray cells their table, and opens paragraphs, links and marks only when there is content for them.
 */
export class Flow {
  /** Counts pieces of content, to tell whether anything was written between two moments. */
  written = 0
  readonly #renderers: readonly Renderer<unknown>[]
  readonly #stack: Entry[] = []
  #top: Entry | undefined
  #verbatim = 0
  /** The last line of verbatim text has content, and a block was between it and what comes next. */
  #midLine = false
  #lineDue = false
  #headings = 0
  /** A collapsed space waits for the content that makes it visible. */
  #space = false
  /** Nothing was written on the current line yet, so that spaces are invisible. */
  #fresh = true
  /** How often blocks have interrupted marks, and the links that are not opened again. */
  #interrupted = 0
  readonly #longLinks = new Set<Node>()

  constructor(renderers: readonly Renderer<unknown>[]) {
    this.#renderers = renderers
  }

  /** How many nodes are open. */
  get depth(): number {
    return this.#stack.length
  }

  /** Whether marks had to be dropped, for there were too many interruptions. */
  get isSimplified(): boolean {
    return this.#interrupted > REOPEN_LIMIT
  }

  /** Opens a node and returns the depth to {@link close} it to. */
  open(node: Node): number {
    const traits = TRAITS[node.kind]
    if (traits.display === 'inline' ? this.#isRedundant(node) : traits.kind === 'heading' && this.#headings > 0) {
      return this.depth
    }
    if (this.#verbatim > 0 && traits.display !== 'inline') return this.#openVerbatimLine(node)
    this.#makeRoomFor(traits)
    const depth = this.depth
    if (traits.parent && this.#top?.traits.kind !== traits.parent) this.#open(traits.parent)
    this.#push(node, traits, false)
    return depth
  }

  /** Closes the innermost nodes until `depth` are left. */
  close(depth: number): void {
    while (this.depth > depth) this.#pop()
  }

  leaf(node: Node): void {
    const traits = TRAITS[node.kind]
    if (this.#verbatim > 0 && traits.display !== 'invisible') {
      if (traits.kind === 'break') this.#writeVerbatim('\n', true)
      return
    }
    if (traits.display === 'block') {
      this.#makeRoomFor(traits)
      this.#breakLine()
    } else if (traits.display === 'inline') {
      this.#beginContent()
      this.#fresh = traits.kind === 'break'
    } else {
      this.#makeRoomFor(traits)
      this.#revive()
    }
    for (const renderer of this.#renderers) renderer.leaf(node)
  }

  /**
   * Adds text as the source has it.
   *
   * @param plain it is to be passed through as it is, see `isPlain`
   */
  text(value: string, plain: boolean): void {
    if (this.#verbatim > 0) {
      if (value !== '') this.#writeVerbatim(value, plain)
      return
    }
    const collapsed = plain ? value : value.replace(SPACES, ' ')
    const leading = collapsed.charCodeAt(0) === SPACE
    if (leading && !this.#fresh) this.#space = true
    if (collapsed === ' ' || collapsed === '') return
    const trailing = collapsed.charCodeAt(collapsed.length - 1) === SPACE
    this.#write(leading || trailing ? collapsed.slice(leading ? 1 : 0, trailing ? -1 : undefined) : collapsed, plain)
    this.#space = trailing
  }

  #write(value: string, plain: boolean): void {
    this.#beginContent()
    this.#fresh = false
    for (const renderer of this.#renderers) renderer.text(value, plain)
  }

  /** In verbatim text, blocks are lines. */
  #writeVerbatim(value: string, plain: boolean): void {
    if (value.startsWith('\n')) this.#lineDue = false
    const newline = value.lastIndexOf('\n')
    this.#midLine = (newline === -1 && this.#midLine) || value.slice(newline + 1).trim() !== ''
    this.#write(value, plain)
  }

  #openVerbatimLine(node: Node): number {
    this.#lineDue ||= this.#midLine
    this.#add({ node, traits: VERBATIM_LINE, live: false, implied: false })
    return this.depth - 1
  }

  #beginContent(): void {
    this.#makeRoomFor(undefined)
    // Before marks open, so that white space never begins or ends a mark.
    if (this.#space || this.#lineDue) {
      const between = this.#space ? ' ' : '\n'
      this.#space = false
      this.#lineDue = false
      for (const renderer of this.#renderers) renderer.text(between, true)
    }
    this.#revive()
    this.written++
  }

  /** Changes the stack so that a node with these traits, or text where undefined, may stand at its top. */
  #makeRoomFor(traits: Traits | undefined): void {
    if (traits?.parent) {
      while (this.#top?.implied && this.#top.traits.kind !== traits.parent) this.#pop()
    }
    for (let top = this.#top; top; top = this.#top) {
      const { child, isList } = top.traits
      if (!child || child === traits?.kind || (isList && traits?.isList)) return
      this.#push(IMPLIED[child], TRAITS[child], true)
    }
  }

  #open(kind: Structural): void {
    const traits = TRAITS[kind]
    if (traits.parent && this.#top?.traits.kind !== traits.parent) this.#open(traits.parent)
    this.#push(IMPLIED[kind], traits, false)
  }

  #push(node: Node, traits: Traits, implied: boolean): void {
    if (traits.display === 'inline') {
      this.#add({ node, traits, live: false, implied })
      return
    }
    const around = traits.child || this.#top?.traits.display !== 'inline' ? NONE : this.#stack.slice(this.#marksStart())
    this.#breakLine()
    const live = traits.display === 'block'
    this.#add({ node, traits, live, implied })
    if (live) {
      if (traits.kind === 'code') this.#verbatim++
      if (traits.kind === 'heading') this.#headings++
      for (const renderer of this.#renderers) renderer.open(node, traits)
    }
    // Marks and links around a block go on inside of it.
    for (const { node, traits } of around) {
      if (++this.#interrupted > REOPEN_LIMIT) return
      this.#add({ node, traits, live: false, implied: false })
    }
  }

  #add(entry: Entry): void {
    this.#stack.push(entry)
    this.#top = entry
  }

  #pop(): void {
    const entry = this.#stack.pop()
    this.#top = this.#stack[this.#stack.length - 1]
    if (!entry) return
    const { node, traits } = entry
    if (traits === VERBATIM_LINE) {
      this.#lineDue ||= this.#midLine
      return
    }
    if (traits.display !== 'inline') {
      this.#fresh = true
      this.#space = false
    }
    if (traits.kind === 'code') {
      this.#verbatim--
      this.#midLine = false
      this.#lineDue = false
    }
    if (traits.kind === 'heading') this.#headings--
    if (entry.live) for (const renderer of this.#renderers) renderer.close(node, traits)
  }

  /** Where the marks and links of the current line begin; below are the paragraph, if any, and its block. */
  #marksStart(): number {
    let index = this.depth
    while (index > 0 && this.#stack[index - 1]?.traits.display === 'inline') index--
    return index
  }

  /** Where the current line begins: at its paragraph or, without one, at its marks. */
  #lineStart(): number {
    const marks = this.#marksStart()
    return this.#stack[marks - 1]?.traits.display === 'paragraph' ? marks - 1 : marks
  }

  /** Ends the current line: closes the marks and the paragraph around it, to be opened again by the content that follows. */
  #breakLine(): void {
    this.#fresh = true
    this.#space = false
    if (this.#top?.traits.display === 'block') return
    const start = this.#lineStart()
    for (let index = this.depth - 1; index >= start; index--) {
      const entry = this.#stack[index]
      if (!entry?.live) continue
      entry.live = false
      if (entry.traits.display === 'inline') this.#interrupted++
      for (const renderer of this.#renderers) renderer.close(entry.node, entry.traits)
    }
  }

  /** Opens the paragraph and the marks that wait for content. */
  #revive(): void {
    // Where the innermost is open, all are.
    if (this.#top?.live) return
    for (let index = this.#lineStart(); index < this.depth; index++) {
      const entry = this.#stack[index]
      if (!entry || entry.live || !this.#mayRevive(entry)) continue
      entry.live = true
      for (const renderer of this.#renderers) renderer.open(entry.node, entry.traits)
    }
  }

  #mayRevive({ node, traits }: Entry): boolean {
    if (traits === VERBATIM_LINE) return false
    if (traits.display === 'inline' && this.isSimplified) return false
    if (node.kind !== 'link' || node.href.length <= REPEATED_TARGET_LIMIT) return true
    if (this.#longLinks.has(node)) return false
    this.#longLinks.add(node)
    return true
  }

  /**
   * A mark in the same mark and a link in a link add nothing, and HTML forbids the latter, as it does a heading in a heading. It also bounds how many nodes a line can have to
   * reopen after a block.
   */
  #isRedundant(node: Node): boolean {
    for (let index = this.#marksStart(); index < this.depth; index++) {
      const outer = this.#stack[index]?.node
      if (outer && isSameMark(outer, node)) return true
    }
    return false
  }
}

function isSameMark(one: Node, other: Node): boolean {
  return one.kind === other.kind && (one.kind !== 'mark' || other.kind !== 'mark' || one.tag === other.tag)
}

const NONE: readonly Entry[] = []
const SPACE = 0x20
const SPACES = /[ \t\n\r]+/g
