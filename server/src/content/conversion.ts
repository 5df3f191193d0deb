import { cleaned, decodeEntities, isPlain } from './entities.ts'
import { ExcerptSink } from './excerpt.ts'
import type { Flow } from './flow.ts'
import { type Frame, NAMES, refer, type Tag, UNKNOWN } from './frames.ts'
import type { IncludedPage } from './index.ts'
import type { Body, Context, ElementRule, Step, TellRule } from './rules.ts'
import { OpenComposite, SourceElement } from './source.ts'
import { type TokenSink, tokenize } from './tokenizer.ts'

/** Elements nested deeper than this keep their text and lose their structure. */
const DEPTH_LIMIT = 500

/** Writes what a source means to the flow. */
export function convertInto(flow: Flow, source: string, context: Context): void {
  const conversion = new Conversion(source, flow, context)
  tokenize(source, NAMES, conversion)
  conversion.end()
}

/** Walks the elements of the source by the rules of the tables, and writes what they mean to the flow. */
class Conversion implements TokenSink<Tag> {
  readonly #source: string
  readonly #flow: Flow
  readonly #context: Context
  readonly #frames: Frame[] = []
  #top: Frame | undefined
  /** Elements open beyond the depth limit, and at which of them hidden text began. */
  #excess = 0
  #hiddenExcess = 0
  /** How many nodes and elements are around this page, where it stands in another. */
  readonly #outerNodes: number
  readonly #outerElements: number

  constructor(source: string, flow: Flow, context: Context, outerElements = 0) {
    this.#source = source
    this.#flow = flow
    this.#context = context
    this.#outerNodes = flow.depth
    this.#outerElements = outerElements
  }

  get innermost(): Tag | undefined {
    return this.#top?.tag
  }

  open(tag: Tag, start: number, end: number, selfClosing: boolean): void {
    const { rule } = tag
    if (this.#frames.length + this.#outerElements >= DEPTH_LIMIT) {
      this.#openExcess(rule, selfClosing)
      return
    }
    if (rule === UNKNOWN) this.#context.warn('unknown_element', tag.name)
    const parent = this.#top
    const frame: Frame = {
      tag,
      place: parent === undefined ? 'page' : parent.place,
      depth: this.#flow.depth,
      composite: undefined,
      composes: false,
      parameter: undefined,
      resource: undefined,
      offered: undefined,
    }
    if (frame.place === 'page') this.#enter(rule, frame, parent, start, end)
    else if (frame.place === 'value') this.#enterValue(rule, frame, parent, start, end)
    this.#frames.push(frame)
    this.#top = frame
    if (selfClosing || rule.does === 'leaf') this.#leave(frame)
  }

  close(tag: Tag): void {
    if (this.#excess > 0) {
      if (this.#hiddenExcess === this.#excess) this.#hiddenExcess = 0
      this.#excess--
      return
    }
    if (this.#top?.tag !== tag && !this.#frames.some((frame) => frame.tag.name === tag.name)) return
    while (this.#top && this.#top.tag.name !== tag.name) this.#leave(this.#top)
    if (this.#top) this.#leave(this.#top)
  }

  text(value: string, literal: boolean): void {
    const top = this.#top
    if (top?.place === 'nowhere' || this.#hiddenExcess > 0) return
    const plain = isPlain(value)
    const text = plain ? value : cleaned(literal ? value : decodeEntities(value))
    if (top?.place === 'value') {
      if (top.parameter) top.parameter.text += text
      return
    }
    if (top?.composes) {
      if (text.trim() === '') return
      this.#begin(top, 'rich')
    }
    this.#flow.text(text, plain)
  }

  /** Closes what the source left open. */
  end(): void {
    while (this.#top) this.#leave(this.#top)
    this.#flow.close(this.#outerNodes)
  }

  /** Does what the rule of an element says, where its content is part of the page. */
  #enter(rule: ElementRule, frame: Frame, parent: Frame | undefined, start: number, end: number): void {
    switch (rule.does) {
      case 'wrap': {
        this.#beginParent(parent)
        const node =
          typeof rule.node === 'function' ? rule.node(this.#element(frame, start, end), this.#context) : rule.node
        if (node === 'hidden') frame.place = 'nowhere'
        else if (node) frame.depth = this.#flow.open(node)
        break
      }
      case 'leaf': {
        const node = rule.node(this.#element(frame, start, end), this.#context)
        if (!node) break
        this.#beginParent(parent)
        this.#flow.leaf(node)
        break
      }
      case 'unwrap':
        frame.composite = parent?.composite
        break
      case 'hide':
        if (ACTIVE_ELEMENTS.has(frame.tag.name)) this.#context.warn('unsafe_element', frame.tag.name)
        frame.place = 'nowhere'
        break
      case 'refer':
        frame.composite = parent?.composite
        frame.resource = parent?.resource
        refer(frame, this.#element(frame, start, end))
        break
      case 'tell':
        this.#tell(rule, frame, parent?.composite, start, end)
        break
      case 'embody':
        if (parent?.composes) this.#begin(parent, rule.body)
        frame.depth = this.#flow.depth
        if (parent?.composite?.hidden) frame.place = 'nowhere'
        break
      case 'compose':
        this.#beginParent(parent)
        frame.depth = this.#flow.depth
        frame.composite = new OpenComposite(this.#element(frame, start, end), rule.rule)
        frame.composes = true
        break
      case 'offer':
        this.#beginParent(parent)
        frame.offered = this.#flow.written
        break
      case 'fallBack':
        if (parent?.offered !== undefined && this.#flow.written > parent.offered) frame.place = 'nowhere'
        break
    }
  }

  /**
   * In the value of a parameter, only resources mean anything beyond their text, and parameters within one that holds others. What is hidden
   * elsewhere is hidden there.
   */
  #enterValue(rule: ElementRule, frame: Frame, parent: Frame | undefined, start: number, end: number): void {
    frame.parameter = parent?.parameter
    frame.resource = parent?.resource
    frame.composite = parent?.composite
    if (rule.does === 'refer') refer(frame, this.#element(frame, start, end))
    else if (rule.does === 'hide') frame.place = 'nowhere'
    else if (rule.does === 'tell' && frame.composite) this.#tell(rule, frame, frame.composite, start, end)
  }

  #tell(rule: TellRule, frame: Frame, composite: OpenComposite | undefined, start: number, end: number): void {
    frame.place = 'value'
    frame.parameter = { text: '', resource: undefined }
    frame.composite = rule.holdsOthers ? composite : undefined
    composite?.parameters.set(rule.name(this.#element(frame, start, end)), frame.parameter)
  }

  #element({ tag }: Frame, start: number, end: number): SourceElement {
    return new SourceElement(tag.name, this.#source, start, end)
  }

  /** Closes the innermost element. */
  #leave(frame: Frame): void {
    this.#frames.pop()
    this.#top = this.#frames[this.#frames.length - 1]
    if (frame.composes) this.#begin(frame, undefined)
    this.#flow.close(frame.depth)
  }

  /** Content that stands directly in a composite, without the element that bodies are marked by, is its body. */
  #beginParent(parent: Frame | undefined): void {
    if (parent?.composes) this.#begin(parent, 'rich')
  }

  /** Writes what a composite is, as its body begins or, without a body, as it ends. */
  #begin(frame: Frame, body: Body | undefined): void {
    const { composite } = frame
    if (!composite || composite.begun) return
    composite.begun = true
    const steps = composite.rule(composite, body, this.#context)
    composite.hidden = steps === undefined
    this.#write(frame, steps ?? [])
  }

  #write(frame: Frame, steps: readonly Step[]): void {
    for (const step of steps) {
      if ('open' in step) frame.depth = Math.min(frame.depth, this.#flow.open(step.open))
      else if ('leaf' in step) this.#flow.leaf(step.leaf)
      else if ('text' in step) this.#flow.text(step.text, isPlain(step.text))
      else if (!this.#include(step.include, step.excerpt)) {
        this.#context.warn('include_missing', frame.composite?.element.attribute('ac:name'))
        this.#write(frame, step.otherwise)
      }
    }
  }

  /** Writes another page, or an excerpt of it, and returns whether there was anything to write. */
  #include(page: IncludedPage, excerpt: string | undefined): boolean {
    const before = this.#flow.written
    const source = page.storage
    const context = this.#context.within(page)
    const conversion = new Conversion(source, this.#flow, context, this.#outerElements + this.#frames.length)
    tokenize(source, NAMES, excerpt === undefined ? conversion : new ExcerptSink(source, excerpt, conversion))
    conversion.end()
    return this.#flow.written > before
  }

  #openExcess(rule: ElementRule, selfClosing: boolean): void {
    this.#context.warn('depth_exceeded')
    if (selfClosing) return
    this.#excess++
    if (this.#hiddenExcess === 0 && (rule.does === 'hide' || rule.does === 'tell')) this.#hiddenExcess = this.#excess
  }
}

const ACTIVE_ELEMENTS = new Set(['script', 'style', 'iframe', 'object', 'embed'])
