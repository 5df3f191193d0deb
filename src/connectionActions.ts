import type { Emit } from './connectEvents.ts'
import type { Connection, PageAction, PageSelection, StartedSync, SyncInput } from './contract.ts'
import { toConnectError } from './errors.ts'
import { queriesOf } from './queries.ts'
import type { ListSource } from './states.ts'

/** What a backend's call gives, or a `ConnectError`. */
export const attempted = <T>(call: Promise<T>): Promise<T> =>
  call.catch((error: unknown) => {
    throw toConnectError(error)
  })

/** Asks anew for what a change of a connection has made old. */
const changed = (source: ListSource, id: number) => {
  const queries = queriesOf(source)
  void queries.renew('connections')
  return queries.renew('sync', id)
}

export async function startSync(
  { id }: Connection,
  source: ListSource,
  emit: Emit,
  input: SyncInput,
): Promise<StartedSync> {
  const started = await attempted(source.backend.startSync(id, input))
  emit('sync_started', { connectionId: id })
  await changed(source, id)
  return started
}

export async function cancelSync({ id }: Connection, source: ListSource, emit: Emit): Promise<void> {
  await attempted(source.backend.cancelSync(id))
  emit('sync_cancelled', { connectionId: id })
  await changed(source, id)
}

/** What can be done with the pages of one connection. */
export function connectionActions(connection: Connection, source: ListSource, emit: Emit, sendWebhook: boolean) {
  const { backend } = source
  const { id } = connection

  const listed = async (name: 'pages_resynced' | 'pages_deleted', call: Promise<PageAction>): Promise<PageAction> => {
    const done = await attempted(call)
    emit(name, { count: done.count })
    await queriesOf(source).renew('pages', id)
    return done
  }

  return {
    connection,
    async pick(input: SyncInput) {
      await startSync(connection, source, emit, input)
      emit('pages_picked', { count: (input.spaces?.length ?? 0) + (input.pages?.length ?? 0) })
    },
    async refresh() {
      await attempted(backend.refreshItems(id))
      await changed(source, id)
    },
    resync: (selection: PageSelection) => listed('pages_resynced', backend.resyncPages(id, selection)),
    remove: (selection: PageSelection) => listed('pages_deleted', backend.deletePages(id, selection, { sendWebhook })),
  }
}
