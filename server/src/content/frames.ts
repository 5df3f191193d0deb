import { ELEMENTS } from './elements.ts'
import { Names } from './names.ts'
import type { ElementRule, Parameter, Resource } from './rules.ts'
import type { OpenComposite } from './source.ts'

/** A name of the source and what is done with its elements. */
export interface Tag {
  readonly name: string
  readonly rule: ElementRule
}

/** What text means at a place: part of the page, of a parameter's value, or nothing that readers see. */
export type Place = 'page' | 'value' | 'nowhere'

/** An open element of the source. Every field is set from the start: objects of one shape are fast. */
export interface Frame {
  readonly tag: Tag
  place: Place
  /** The depth of the flow when the element is closed. */
  depth: number
  /** The composite that children tell about themselves. */
  composite: OpenComposite | undefined
  /** This element is that composite, not a child of it. */
  composes: boolean
  parameter: Parameter | undefined
  resource: Resource | undefined
  /** How much was written when an ADF extension began. */
  offered: number | undefined
}

/** A resource within another says what that belongs to; otherwise it is what the parameter or the composite around it refers to. */
export function refer(frame: Frame, resource: Resource): void {
  if (frame.resource) frame.resource.within = resource
  else if (frame.parameter) frame.parameter.resource = resource
  else if (frame.composite) frame.composite.resource = resource
  frame.resource = resource
}

export const UNKNOWN: ElementRule = { does: 'unwrap' }
export const NAMES = new Names<Tag>(
  Array.from(ELEMENTS, ([name, rule]) => ({ name, rule })),
  (name) => ({ name, rule: UNKNOWN }),
)
