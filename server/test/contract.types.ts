import type { z } from 'zod'
import type * as contract from '../../src/contract.ts'
import type * as schemas from '../src/http/v1-schemas.ts'

// Checked by the compiler alone: the server's schemas and the library's contract describe the same things.

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Flattens what inference and interfaces write differently. */
type Plain<T> = T extends (infer Item)[] ? Plain<Item>[] : T extends object ? { [Key in keyof T]: Plain<T[Key]> } : T
type Same<Contract, Schema extends z.ZodType> = Equal<Plain<Contract>, Plain<z.output<Schema>>>

/** Compiles only when every comparison holds. */
export type Comparisons = AllTrue<
  [
    Same<contract.ErrorCode, typeof schemas.errorCode>,
    Same<contract.WireError, typeof schemas.wireError>,
    Same<contract.Connection, typeof schemas.connection>,
    Same<contract.Flow, typeof schemas.flow>,
    Same<contract.CreatedFlow, typeof schemas.createdFlow>,
    Same<contract.CompleteFlowInput, typeof schemas.completeFlowInput>,
    Same<contract.ConfirmFlowInput, typeof schemas.confirmFlowInput>,
    Same<contract.SyncProgress, typeof schemas.syncProgress>,
    contract.CreateFlowInput extends z.input<typeof schemas.createFlowInput> ? true : false,
  ]
>
type AllTrue<T extends true[]> = T
