import type { ConvertOptions, IncludedPage, PageReference, WarningCode } from './index.ts'
import type { Node } from './nodes.ts'

/** An element of the source; attributes are read only when asked for. */
export interface Element {
  readonly name: string
  /** The decoded value, or `undefined` where there is none or an empty one. */
  attribute(name: string): string | undefined
}

/** What a link, an image or a macro refers to: an `ri:` element. */
export interface Resource extends Element {
  /** What the resource belongs to: an attachment's page, a page's space. */
  within?: Resource | undefined
}

/** A named value of a macro or an ADF node. */
export interface Parameter {
  text: string
  resource?: Resource | undefined
}

/**
 * An element whose leading children say what it is before its body begins: a macro with its parameters, a link or an image with its resource, a
 * task with its status.
 */
export interface Composite {
  readonly element: Element
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly resource: Resource | undefined
  /** The text of a parameter without the spaces around it, or `undefined` where there is none. */
  value(name: string): string | undefined
}

/** How the body of a composite is given; `undefined` in a rule means that there is no body. */
export type Body = 'rich' | 'plain' | 'caption'

/**
 * What a composite becomes, in order: nodes that stay open around its body; leaves, text and other pages before the body. `excerpt` names the
 * part that is shown of the other page, the empty name its first excerpt. Where that shows nothing, `otherwise` does.
 */
export type Step =
  | { open: Node }
  | { leaf: Node }
  | { text: string }
  | { include: IncludedPage; excerpt?: string | undefined; otherwise: readonly Step[] }

/** Everything that rules may know and do beyond the source. */
export interface Context {
  readonly options: ConvertOptions
  /** `options.baseUrl` with exactly one slash at its end. */
  readonly base: string
  /** The host of `base`. */
  readonly host: string
  /** @param detail the name of an element, a macro or a scheme; dropped where it does not look like one */
  warn(code: WarningCode, detail?: string): void
  /**
   * The page that a macro shows, or `undefined` where there is none or it may not be shown, which is told as a warning.
   *
   * @param macro the name of the macro
   */
  include(reference: PageReference, macro: string): IncludedPage | undefined
  /** What rules know within an included page. */
  within(page: IncludedPage): Context
}

/** Turns a composite into nodes, once its body begins or, without one, when it ends. `undefined` hides the body. */
export type CompositeRule = (
  composite: Composite,
  body: Body | undefined,
  context: Context,
) => readonly Step[] | undefined

/** Is a parameter of the composite around it, by this name. */
export interface TellRule {
  does: 'tell'
  name: (element: Element) => string
  /** Elements within may be parameters, too. */
  holdsOthers?: boolean
}

/** What the converter does with an element. */
export type ElementRule =
  /**
   * Opens a node around the content, always the same or one by the element, or hides the content; without a node, the content stands
   * alone.
   */
  | { does: 'wrap'; node: Node | ((element: Element, context: Context) => Node | 'hidden' | undefined) }
  /** Stands for itself. Storage format closes it as XML does, but HTML pasted into it may not. */
  | { does: 'leaf'; node: (element: Element, context: Context) => Node | undefined }
  | { does: 'unwrap' }
  | { does: 'hide' }
  /** Is a resource of the composite or the parameter around it. */
  | { does: 'refer' }
  | TellRule
  /** Is the body of the composite around it. */
  | { does: 'embody'; body: Body }
  | { does: 'compose'; rule: CompositeRule }
  /** Holds an ADF node and, in another element, a fallback with the same content. */
  | { does: 'offer' }
  | { does: 'fallBack' }
