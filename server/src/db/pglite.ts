import type { PGlite } from '@electric-sql/pglite'
import { type DatabaseConnection, type Driver, PGliteDialect, PGliteDriver } from 'kysely'

/**
 * Kysely's own driver keeps one connection object, with the open transaction on it, for everybody: a query from elsewhere
 * slips into the transaction, and two transactions at once wait for each other for ever. Here each user gets an object of
 * his own; PGlite itself queues what comes while a transaction is open.
 */
class SharedPGliteDriver extends PGliteDriver {
  readonly #pglite: PGlite

  constructor(pglite: PGlite) {
    super({ pglite })
    this.#pglite = pglite
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const own = new PGliteDriver({ pglite: this.#pglite })
    await own.init()
    return own.acquireConnection()
  }
}

/** The dialect of the embedded database, safe for concurrent use. */
export class SharedPGliteDialect extends PGliteDialect {
  readonly #pglite: PGlite

  constructor(pglite: PGlite) {
    super({ pglite })
    this.#pglite = pglite
  }

  override createDriver(): Driver {
    return new SharedPGliteDriver(this.#pglite)
  }
}
