import { cdp } from 'vitest/browser'

type Callable = (...given: unknown[]) => unknown

/** What begins something that goes on, and what ends it. */
interface Kind {
  owner: object
  begin: string
  end: string
  /** What is begun is the object itself, and not what the call returns. */
  itself?: boolean
  /** It ends by itself when it has called back. */
  once?: boolean
}

const kinds: Record<string, Kind> = {
  timeouts: { owner: globalThis, begin: 'setTimeout', end: 'clearTimeout', once: true },
  intervals: { owner: globalThis, begin: 'setInterval', end: 'clearInterval' },
  frames: { owner: globalThis, begin: 'requestAnimationFrame', end: 'cancelAnimationFrame', once: true },
  resizeObservers: { owner: ResizeObserver.prototype, begin: 'observe', end: 'disconnect', itself: true },
  mutationObservers: { owner: MutationObserver.prototype, begin: 'observe', end: 'disconnect', itself: true },
  intersectionObservers: { owner: IntersectionObserver.prototype, begin: 'observe', end: 'disconnect', itself: true },
}

/** Those that go on from when they are made until they are closed. */
const closables = ['BroadcastChannel', 'EventSource', 'WebSocket'] as const

/** Follows from now on what goes on in this page. */
export function watchGoing() {
  const going: Record<string, Set<unknown>> = {}
  const undo: (() => void)[] = []
  const replace = (owner: object, name: string, by: (before: Callable) => Callable) => {
    const before: Callable = Reflect.get(owner, name)
    Reflect.set(owner, name, by(before))
    undo.push(() => Reflect.set(owner, name, before))
  }
  for (const [kind, { owner, begin, end, itself, once }] of Object.entries(kinds)) {
    const those = new Set<unknown>()
    going[kind] = those
    replace(
      owner,
      begin,
      (before) =>
        function (this: unknown, callback: unknown, ...rest: unknown[]) {
          const called = (...given: unknown[]) => {
            those.delete(handle)
            return typeof callback === 'function' && callback(...given)
          }
          const result: unknown = Reflect.apply(before, this, [once ? called : callback, ...rest])
          const handle = itself ? this : result
          those.add(handle)
          return result
        },
    )
    replace(
      owner,
      end,
      (before) =>
        function (this: unknown, ...given: unknown[]) {
          those.delete(itself ? this : given[0])
          return Reflect.apply(before, this, given)
        },
    )
  }
  for (const name of closables) {
    const those = new Set<unknown>()
    going[name] = those
    const { prototype } = globalThis[name]
    replace(
      globalThis,
      name,
      (before) =>
        new Proxy(before, {
          construct(target, given, newTarget) {
            const made: object = Reflect.construct(target, given, newTarget)
            those.add(made)
            return made
          },
        }),
    )
    replace(
      prototype,
      'close',
      (before) =>
        function (this: unknown, ...given: unknown[]) {
          those.delete(this)
          return Reflect.apply(before, this, given)
        },
    )
  }
  return {
    /** The kind of each thing that goes on. */
    list: () => Object.entries(going).flatMap(([kind, those]) => [...those].map(() => kind)),
    stop: () => {
      for (const step of undo.reverse()) step()
    },
  }
}

/** What the browser holds for its pages, after it has let go of all that it can. */
export async function held(): Promise<{ nodes: number; listeners: number }> {
  const session = cdp()
  await session.send('HeapProfiler.collectGarbage')
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  return { nodes, listeners: jsEventListeners }
}
