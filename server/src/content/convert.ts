import { ELEMENTS } from './elements.ts'
import { decodeEntities, wellFormed, withoutControls } from './entities.ts'
import { Flow } from './flow.ts'
import { HtmlRenderer } from './html.ts'
import type { Converted, ConvertedToMarkdown, ConvertOptions, Warning, WarningCode } from './index.ts'
import { MarkdownRenderer } from './markdown.ts'
import type { Renderer } from './nodes.ts'
import type { Body, Composite, CompositeRule, Context, Element, ElementRule, Parameter, Resource } from './rules.ts'
import { TextRenderer } from './text.ts'
import { parseAttributes, type TokenSink, tokenize } from './tokenizer.ts'

/** Elements nested deeper than this keep their text and lose their structure. */
const DEPTH_LIMIT = 500
const WARNING_LIMIT = 100

/**
 * Converts a page of Confluence's storage format to HTML and to plain text, in one pass. Takes any string and never throws for what is
 * in it: what is not understood is unwrapped and told as a warning.
 */
export function convertStorage(storage: string, options: ConvertOptions): Converted {
  const html = new HtmlRenderer()
  const text = new TextRenderer()
  const warnings = render(storage, options, [html, text])
  return { html: html.finish(), text: text.finish(), warnings }
}

/**
 * Converts a page of Confluence's storage format to Markdown: CommonMark with GitHub's tables, tasks and strikethrough. Takes any string, as
 * {@link convertStorage} does.
 */
export function convertToMarkdown(source: string, options: ConvertOptions): ConvertedToMarkdown {
  const markdown = new MarkdownRenderer()
  const warnings = render(source, options, [markdown])
  return { markdown: markdown.finish(), warnings }
}

/** Feeds the meaning of a page to renderers, any number of them at once, and returns what was not understood. */
function render(storage: string, options: ConvertOptions, renderers: readonly Renderer[]): Warning[] {
  const warnings = new Warnings()
  const conversion = new Conversion(new Flow(renderers), {
    options,
    base: `${options.baseUrl.replace(/\/+$/, '')}/`,
    warn: (code, detail) => warnings.add(code, detail),
  })
  tokenize(wellFormed(withoutControls(storage)), conversion)
  conversion.end()
  return warnings.list
}

/** What text means at a place: part of the page, of a parameter's value, or nothing that readers see. */
type Place = 'page' | 'value' | 'nowhere'

/** An open element of the source. */
interface Frame {
  name: string
  place: Place
  /** The depth of the flow when the element is closed. */
  depth: number
  /** The composite that children tell about themselves. */
  composite?: OpenComposite | undefined
  /** This element is that composite, not a child of it. */
  composes?: boolean
  parameter?: Parameter | undefined
  resource?: Resource | undefined
  /** How much was written when an ADF extension began. */
  offered?: number
}

/** Walks the elements of the source by the rules of the tables, and writes what they mean to the flow. */
class Conversion implements TokenSink {
  readonly #flow: Flow
  readonly #context: Context
  readonly #frames: Frame[] = []
  /** How many elements of each name are open, so that a stray closing tag costs nothing. */
  readonly #openNames = new Map<string, number>()
  /** Elements open beyond the depth limit, and at which of them hidden text began. */
  #excess = 0
  #hiddenExcess = 0

  constructor(flow: Flow, context: Context) {
    this.#flow = flow
    this.#context = context
  }

  open(name: string, attributes: string, selfClosing: boolean): void {
    const rule = ELEMENTS.get(name) ?? UNKNOWN
    if (this.#frames.length >= DEPTH_LIMIT) {
      this.#openExcess(rule, selfClosing)
      return
    }
    if (rule === UNKNOWN) this.#context.warn('unknown_element', name)
    const frame = this.#enter(rule, new SourceElement(name, attributes))
    this.#frames.push(frame)
    this.#openNames.set(name, (this.#openNames.get(name) ?? 0) + 1)
    if (selfClosing || VOID_ELEMENTS.has(name)) this.#leave()
  }

  close(name: string): void {
    if (this.#excess > 0) {
      if (this.#hiddenExcess === this.#excess) this.#hiddenExcess = 0
      this.#excess--
      return
    }
    if (!this.#openNames.get(name)) return
    while (this.#top && this.#top.name !== name) this.#leave()
    this.#leave()
  }

  text(value: string, literal: boolean): void {
    const top = this.#top
    if (top?.place === 'nowhere' || this.#hiddenExcess > 0) return
    const text = literal ? value : decodeEntities(value)
    if (top?.place === 'value') {
      if (top.parameter) top.parameter.text += text
      return
    }
    if (top?.composes) {
      if (text.trim() === '') return
      this.#begin(top, 'rich')
    }
    this.#flow.text(text)
  }

  /** Closes what the source left open. */
  end(): void {
    while (this.#top) this.#leave()
    this.#flow.close(0)
  }

  get #top(): Frame | undefined {
    return this.#frames[this.#frames.length - 1]
  }

  #enter(rule: ElementRule, element: SourceElement): Frame {
    const parent = this.#top
    const frame: Frame = { name: element.name, place: parent?.place ?? 'page', depth: this.#flow.depth }
    if (frame.place === 'nowhere') return frame
    if (frame.place === 'value') {
      frame.parameter = parent?.parameter
      frame.resource = parent?.resource
      if (rule.does === 'refer') refer(frame, element)
      return frame
    }
    switch (rule.does) {
      case 'wrap': {
        this.#beginParent(parent)
        const node = rule.node(element, this.#context)
        if (node) frame.depth = this.#flow.open(node)
        return frame
      }
      case 'leaf': {
        this.#beginParent(parent)
        const node = rule.node(element, this.#context)
        if (node) this.#flow.leaf(node)
        return frame
      }
      case 'unwrap':
        frame.composite = parent?.composite
        return frame
      case 'hide':
        if (ACTIVE_ELEMENTS.has(element.name)) this.#context.warn('unsafe_element', element.name)
        frame.place = 'nowhere'
        return frame
      case 'refer':
        frame.composite = parent?.composite
        frame.resource = parent?.resource
        refer(frame, element)
        return frame
      case 'tell':
        frame.place = 'value'
        frame.parameter = { text: '' }
        parent?.composite?.parameters.set(rule.name(element), frame.parameter)
        return frame
      case 'embody':
        if (parent?.composes) this.#begin(parent, rule.body)
        frame.depth = this.#flow.depth
        if (parent?.composite?.hidden) frame.place = 'nowhere'
        return frame
      case 'compose':
        this.#beginParent(parent)
        frame.depth = this.#flow.depth
        frame.composite = new OpenComposite(element, rule.rule)
        frame.composes = true
        return frame
      case 'offer':
        this.#beginParent(parent)
        frame.offered = this.#flow.written
        return frame
      case 'fallBack':
        if (parent?.offered !== undefined && this.#flow.written > parent.offered) frame.place = 'nowhere'
        return frame
    }
  }

  #leave(): void {
    const frame = this.#frames.pop()
    if (!frame) return
    this.#openNames.set(frame.name, (this.#openNames.get(frame.name) ?? 1) - 1)
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
    for (const step of steps ?? []) {
      if ('open' in step) frame.depth = Math.min(frame.depth, this.#flow.open(step.open))
      else if ('leaf' in step) this.#flow.leaf(step.leaf)
      else this.#flow.text(step.text)
    }
  }

  #openExcess(rule: ElementRule, selfClosing: boolean): void {
    this.#context.warn('depth_exceeded')
    if (selfClosing) return
    this.#excess++
    if (this.#hiddenExcess === 0 && (rule.does === 'hide' || rule.does === 'tell')) this.#hiddenExcess = this.#excess
  }
}

/** A resource within another says what that belongs to; otherwise it is what the parameter or the composite around it refers to. */
function refer(frame: Frame, resource: Resource): void {
  if (frame.resource) frame.resource.within = resource
  else if (frame.parameter) frame.parameter.resource = resource
  else if (frame.composite) frame.composite.resource = resource
  frame.resource = resource
}

class SourceElement implements Resource {
  readonly name: string
  within: Resource | undefined
  readonly #source: string
  #attributes: Map<string, string> | undefined

  constructor(name: string, attributes: string) {
    this.name = name
    this.#source = attributes
  }

  attribute(name: string): string | undefined {
    this.#attributes ??= parseAttributes(this.#source, decodeEntities)
    return this.#attributes.get(name) || undefined
  }
}

class OpenComposite implements Composite {
  readonly element: Element
  readonly rule: CompositeRule
  readonly parameters = new Map<string, Parameter>()
  resource: Resource | undefined
  begun = false
  hidden = false

  constructor(element: Element, rule: CompositeRule) {
    this.element = element
    this.rule = rule
  }

  value(name: string): string | undefined {
    return this.parameters.get(name)?.text.trim() || undefined
  }
}

/** Says each thing once, and not endlessly many. */
class Warnings {
  readonly list: Warning[] = []
  readonly #seen = new Set<string>()

  add(code: WarningCode, detail: string | undefined): void {
    const name = detail !== undefined && NAME.test(detail) ? detail : undefined
    const key = `${code} ${name ?? ''}`
    if (this.list.length >= WARNING_LIMIT || this.#seen.has(key)) return
    this.#seen.add(key)
    this.list.push(name === undefined ? { code } : { code, detail: name })
  }
}

const NAME = /^[\w:.-]{1,64}$/
const UNKNOWN: ElementRule = { does: 'unwrap' }
const ACTIVE_ELEMENTS = new Set(['script', 'style', 'iframe', 'object', 'embed'])

/** Storage format closes these as XML does, but HTML pasted into it may not. */
const VOID_ELEMENTS = new Set(['br', 'hr', 'img', 'col', 'wbr'])
