import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { contains } from '../db/contains.ts'
import type { Schema } from '../db/schema.ts'
import { type ParsedTagTree, parseTagMap, parseTagTree, type TagNode, tagCondition } from './tags.ts'

/**
 * Which files of a user a call is about: Carbon contract, section 5. All are joined by AND; a list matches any of its values, an
 * empty one none; what is left out or null does not filter.
 */
export interface FileFilters {
  source?: string[] | null | undefined
  /** Part of the title, in any case. */
  name?: string | null | undefined
  /** Deprecated: every key has its value, or one of them. Without effect beside `tags_v2`. */
  tags?: Record<string, unknown> | null | undefined
  /** A tree of AND and OR. */
  tags_v2?: Record<string, unknown> | null | undefined
  ids?: number[] | null | undefined
  /** An extension: all but these. */
  except_ids?: number[] | null | undefined
  external_file_ids?: string[] | null | undefined
  external_urls?: string[] | null | undefined
  sync_statuses?: string[] | null | undefined
  parent_file_ids?: number[] | null | undefined
  organization_user_data_source_id?: number[] | null | undefined
  /** Files without a parent among the files. */
  root_files_only?: boolean | null | undefined
  /** Of `parent_file_ids`, the files at any depth. */
  include_all_children?: boolean | null | undefined
  /** Without effect: no file here is a container. */
  include_containers?: boolean | null | undefined
  non_synced_only?: boolean | null | undefined
  request_ids?: string[] | null | undefined
  upload_ids?: string[] | null | undefined
  /** Part of the message; an empty one finds files without. */
  sync_error_message?: string | null | undefined
}

type Condition = Expression<SqlBool>

/** What is left out does not filter. */
const when = <T>(value: T | null | undefined, condition: (value: T) => Condition): Condition[] =>
  value === null || value === undefined ? [] : [condition(value)]

/** A single value is compared as such: then the planner sees that an order which begins with it is the order of what follows. */
const oneOf = (column: string, type: 'text' | 'int') => (values: readonly (string | number)[]) =>
  values.length === 1
    ? sql<boolean>`${sql.ref(column)} = ${values[0]}::${sql.raw(type)}`
    : sql<boolean>`${sql.ref(column)} = any(${values}::${sql.raw(type)}[])`

/** Not "<> all": older versions of PostgreSQL would look through the whole list for each row. */
const noneOf = (column: string) => (ids: readonly number[]) =>
  sql<boolean>`not exists (select from unnest(${ids}::int[]) as excepted (id) where excepted.id = ${sql.ref(column)})`

const parentExists = sql<boolean>`exists (
  select from pages as parent
  where parent.connection_id = pages.connection_id and parent.page_id = pages.parent_id and parent.user_id = pages.user_id)`

const childrenOf = (ids: readonly number[]) => sql<boolean>`exists (
  select from pages as parent
  where parent.connection_id = pages.connection_id and parent.page_id = pages.parent_id and parent.user_id = pages.user_id
    and parent.id = any(${ids}::int[]))`

/** Files below some files, at any depth. A cycle, which Confluence does not have, would end the walk. */
const descendantsOf = (userId: number, ids: readonly number[]) => sql<boolean>`pages.id in (
  with recursive below as (
    select child.id, child.connection_id, child.page_id from pages as child
    join pages as parent on parent.connection_id = child.connection_id and parent.page_id = child.parent_id
    where parent.user_id = ${userId} and parent.id = any(${ids}::int[])
    union
    select child.id, child.connection_id, child.page_id from pages as child
    join below on below.connection_id = child.connection_id and below.page_id = child.parent_id)
  select id from below)`

/** The tag filter, if there is one: an object without keys is none. */
function parsedTags({ tags, tags_v2 }: FileFilters): ParsedTagTree | undefined {
  if (tags_v2) return parseTagTree(tags_v2)
  return tags && Object.keys(tags).length > 0 ? parseTagMap(tags) : undefined
}

/** @throws TypeError for filters with a problem: to leave them out would let everything in */
function tagsOf(filters: FileFilters): TagNode | undefined {
  const parsed = parsedTags(filters)
  if (parsed?.ok === false) throw new TypeError('Filters with a problem were used.')
  return parsed?.node
}

/** What is wrong with some filters, and what to send instead; undefined when they can be used. */
export function problemOf(filters: FileFilters): string | undefined {
  if (filters.root_files_only && (filters.parent_file_ids || filters.include_all_children))
    return 'root_files_only cannot be combined with parent_file_ids or include_all_children: a root file has no parent.'
  const parsed = parsedTags(filters)
  return parsed?.ok === false ? `filters.${filters.tags_v2 ? 'tags_v2' : 'tags'}: ${parsed.problem}` : undefined
}

const isNothing = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0)

/** Whether some filters leave every file in. */
export const isEmpty = ({
  include_all_children: _,
  include_containers: __,
  sync_error_message: message,
  ...filters
}: FileFilters): boolean => (message === undefined || message === null) && Object.values(filters).every(isNothing)

/** The files of a user that some filters, free of problems, ask for. */
export function matching(eb: ExpressionBuilder<Schema, 'pages'>, userId: number, filters: FileFilters): Condition {
  return eb.and([
    eb('pages.user_id', '=', userId),
    ...when(filters.source, (sources) => sql<boolean>`${sources.includes('CONFLUENCE')}::boolean`),
    ...when(filters.name || null, (name) => contains('pages.title', name)),
    ...when(filters.ids, oneOf('pages.id', 'int')),
    ...when(filters.except_ids, noneOf('pages.id')),
    ...when(filters.external_file_ids, oneOf('pages.page_id', 'text')),
    ...when(filters.external_urls, oneOf('pages.url', 'text')),
    ...when(filters.sync_statuses, oneOf('pages.sync_status', 'text')),
    ...when(filters.organization_user_data_source_id, oneOf('pages.connection_id', 'int')),
    ...when(filters.request_ids, oneOf('pages.request_id', 'text')),
    ...when(filters.upload_ids, oneOf('pages.upload_id', 'text')),
    ...when(filters.parent_file_ids, (ids) =>
      filters.include_all_children ? descendantsOf(userId, ids) : childrenOf(ids),
    ),
    ...(filters.root_files_only ? [sql<boolean>`not ${parentExists}`] : []),
    ...(filters.non_synced_only ? [eb('pages.sync_status', '!=', 'READY')] : []),
    ...when(filters.sync_error_message, (text) =>
      text === '' ? eb('pages.sync_error_message', 'is', null) : contains('pages.sync_error_message', text),
    ),
    ...when(tagsOf(filters), (node) => tagCondition('pages.tags', node)),
  ])
}

/** The files that a deletion means: `include_all_children` is about its `ids` as well, for Carbon's component sends it so. */
export function matchingDeletion(
  eb: ExpressionBuilder<Schema, 'pages'>,
  userId: number,
  filters: FileFilters,
): Condition {
  if (!filters.include_all_children || !filters.ids) return matching(eb, userId, filters)
  const { ids, ...others } = filters
  return eb.and([matching(eb, userId, others), eb.or([oneOf('pages.id', 'int')(ids), descendantsOf(userId, ids)])])
}
