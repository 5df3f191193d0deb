import { type PGlite, types } from '@electric-sql/pglite'
import { type DatabaseConnection, type Driver, PGliteDialect, type PGliteDialectConfig, PGliteDriver } from 'kysely'

/** What Kysely's driver calls of a PGlite. */
type Callable = Exclude<PGliteDialectConfig['pglite'], (...words: never[]) => unknown>

/** Below this the difference is not worth a second representation. */
const LONG = 1_000

/**
 * Page bodies go to PGlite as bytes. It takes those as they are, while it counts the characters of a string one by one, twice.
 * Its types know strings only.
 */
const serializers = {
  [types.TEXT]: (value: unknown) =>
    typeof value === 'string' && value.length > LONG ? (Buffer.from(value) as never) : String(value),
}

const query =
  (runner: Pick<Callable, 'query'>): Callable['query'] =>
  (text, values, options) =>
    runner.query(text, values, { ...options, serializers })

/** The same PGlite with page bodies sent as bytes. */
const sendingBytes = (pglite: PGlite): Callable => ({
  close: () => pglite.close(),
  get closed() {
    return pglite.closed
  },
  get ready() {
    return pglite.ready
  },
  waitReady: pglite.waitReady,
  query: query(pglite),
  transaction: (run) => pglite.transaction((trx) => run({ query: query(trx), rollback: () => trx.rollback() })),
})

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
    const own = new PGliteDriver({ pglite: sendingBytes(this.#pglite) })
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
