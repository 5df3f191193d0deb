import type { z } from 'zod'
import type * as contract from '../../src/contract.ts'
import type * as held from '../src/http/v1-held.ts'
import type * as items from '../src/http/v1-items.ts'
import type * as pages from '../src/http/v1-page-schemas.ts'
import type * as schemas from '../src/http/v1-schemas.ts'
import type * as syncs from '../src/http/v1-sync-schemas.ts'

// Checked by the compiler alone: the server's schemas and the library's contract describe the same things.

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Flattens what inference and interfaces write differently. */
type Plain<T> = T extends (infer Item)[] ? Plain<Item>[] : T extends object ? { [Key in keyof T]: Plain<T[Key]> } : T
type Same<Contract, Schema extends z.ZodType> = Equal<Plain<Contract>, Plain<z.output<Schema>>>

/** What may be sent is understood. */
type Takes<Schema extends z.ZodType, Contract> = Contract extends z.input<Schema> ? true : false
/** A query travels as text, so what is compared is what the server makes of it; a cursor it takes apart. */
type SameQuery<Contract, Schema extends z.ZodObject> = Equal<
  Plain<Omit<Required<Contract>, 'cursor'>>,
  Plain<Omit<Required<z.output<Schema>>, 'cursor'>>
>

/** Compiles only when every comparison holds. */
export type Comparisons = AllTrue<
  [
    Same<contract.ErrorCode, typeof schemas.errorCode>,
    Same<contract.WireError, typeof schemas.wireError>,
    Same<contract.Connection, typeof schemas.connection>,
    Same<contract.ConnectionDetail, typeof held.connectionDetail>,
    Same<contract.Flow, typeof schemas.flow>,
    Same<contract.CreatedFlow, typeof schemas.createdFlow>,
    Same<contract.CompleteFlowInput, typeof schemas.completeFlowInput>,
    Same<contract.ConfirmFlowInput, typeof schemas.confirmFlowInput>,
    Same<contract.SyncProgress, typeof schemas.syncProgress>,
    Takes<typeof schemas.createFlowInput, contract.CreateFlowInput>,
    Same<contract.StartedSync, typeof syncs.startedSync>,
    Takes<typeof syncs.syncInput, contract.SyncInput>,
    Same<contract.ItemList, typeof items.itemList>,
    SameQuery<contract.ItemQuery, typeof items.itemQuery>,
    Same<contract.PageList, typeof pages.pageList>,
    SameQuery<contract.PageQuery, typeof pages.pageQuery>,
    Same<contract.PageFilter, typeof pages.pageFilter>,
    Same<contract.PageSelection, typeof pages.pageSelection>,
    Same<contract.DeletePagesInput, typeof pages.deletePagesInput>,
    Same<contract.PageAction, typeof pages.pageAction>,
  ]
>
type AllTrue<T extends true[]> = T
