import { links, media } from './links.ts'
import { layouts, lists, tables } from './lists.ts'
import { adf, macros, math } from './macros.ts'
import { text } from './text.ts'
import { characters, malformed } from './unusual.ts'

/** What docs/content.md shows. */
export const constructs = [text, lists, tables, layouts, links, media, macros, math, adf]

export const sections = [...constructs, characters, malformed]
