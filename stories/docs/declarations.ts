/** Something in a type: a prop, a token, an action. */
export interface Field {
  name: string
  type: string
  optional: boolean
  description: string
  default: string | null
  /** What is in it, where its type is written in place. */
  fields: Field[]
}

/** One of the types of a union. */
export interface Variant {
  type: string
  description: string
  fields: Field[]
}

/** A type of the library. */
export interface Declaration {
  /** As it is written. */
  text: string
  description: string
  fields: Field[]
  variants: Variant[]
}

export type Declarations = Record<string, Declaration>
