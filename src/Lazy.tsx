import { type ComponentType, useEffect, useState } from 'react'
import { Button } from './Button.tsx'
import { useParts } from './parts.ts'
import { useTexts } from './texts.ts'

/** Gets a component from a chunk of its own. The same function each time: it is what the component is remembered by. */
export type Load<Props> = () => Promise<ComponentType<Props>>

// What was loaded once is there at once.
const loaded = new Map<unknown, unknown>()

/** Where content comes: its shape. */
export function Skeleton({ rows = 1 }: { rows?: number }) {
  const part = useParts()
  return Array.from({ length: rows }, (_, row) => row).map((row) => <div key={row} {...part('skeleton')} />)
}

/** A component of a chunk of its own: its shape while it is loaded and, should that fail, a way to try again. */
export function Lazy<Props extends object>({ load, props }: { load: Load<Props>; props: Props }) {
  const [state, setState] = useState<'loading' | 'failed' | 'ready'>('loading')
  const { messages, say } = useTexts()
  const part = useParts()
  const Component = loaded.get(load) as ComponentType<Props> | undefined
  useEffect(() => {
    if (state !== 'loading' || loaded.has(load)) return
    let wanted = true
    const end = (how: 'ready' | 'failed') => wanted && setState(how)
    load().then(
      (component) => {
        loaded.set(load, component)
        end('ready')
      },
      () => end('failed'),
    )
    return () => {
      wanted = false
    }
  }, [state, load])
  if (Component) return <Component {...props} />
  if (state !== 'failed') return <Skeleton rows={3} />
  return (
    <>
      <p {...part('aside')} role="alert">
        {say(messages.notLoaded)}
      </p>
      <Button onClick={() => setState('loading')}>{say(messages.retry)}</Button>
    </>
  )
}
