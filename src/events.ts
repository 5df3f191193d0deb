// A progress event has a few hundred characters; a server that sends a line without end is cut off.
const maxBuffered = 65_536

/**
 * Reads server-sent events from a response body until it ends. `EventSource` would do it, but cannot send headers.
 *
 * @param onData called with the data of each event
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function readEvents(body: ReadableStream<Uint8Array>, onData: (data: string) => void): Promise<void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let buffered = ''
  let data: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const lines = (buffered + decoder.decode(value, { stream: true })).split(/\r?\n/)
      buffered = lines.pop() ?? ''
      for (const line of lines) {
        if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
        if (line === '' && data.length > 0) {
          onData(data.join('\n'))
          data = []
        }
      }
      if (buffered.length + data.join('').length > maxBuffered)
        throw new RangeError('An event of the stream is too long.')
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
